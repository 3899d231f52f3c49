/** How a screen reads the engine's state. */

import { useEffect, useState } from "preact/hooks";
import type { Engine } from "./engine";
import type { AppState } from "./types";

/** The whole state; the screen is drawn again after every change. */
export function useAppState(engine: Engine): AppState {
  return useSelected(engine, (state) => state);
}

/** One part of the state; the screen is drawn again only when that part has become another object or value. */
export function useSelected<T>(engine: Engine, select: (state: AppState) => T): T {
  const [, redraw] = useState(0);
  const value = select(engine.getSnapshot());
  useEffect(() => {
    let last = value;
    const look = () => {
      const next = select(engine.getSnapshot());
      if (!Object.is(next, last)) {
        last = next;
        redraw((n) => n + 1);
      }
    };
    look();
    return engine.subscribe(look);
  }, [engine]);
  return value;
}
