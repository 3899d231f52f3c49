/** The engine within reach of every screen, without passing it from hand to hand. */

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { AppState, Engine } from "../engine";
import { useAppState, useSelected } from "../hooks";

export const EngineContext = createContext<Engine | null>(null);

export function useEngine(): Engine {
  const engine = useContext(EngineContext);
  if (!engine) throw new Error("A screen was drawn outside the app");
  return engine;
}

/** The whole state: for screens that list work or places. */
export function useApp(): AppState {
  return useAppState(useEngine());
}

/** One part of the state: for pieces that stand on every screen. */
export function usePart<T>(select: (state: AppState) => T): T {
  return useSelected(useEngine(), select);
}

/** A promise's result, null until it is there; asked again when `keys` change. */
export function useLoaded<T>(load: () => Promise<T>, keys: unknown[]): { value: T } | null {
  const [loaded, setLoaded] = useState<{ value: T } | null>(null);
  useEffect(() => {
    let live = true;
    load().then(
      (value) => live && setLoaded({ value }),
      () => undefined,
    );
    return () => {
      live = false;
    };
  }, keys);
  return loaded;
}

/** The words to show for whatever was thrown. */
export function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The engine's code of a refusal, "" for anything else. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
