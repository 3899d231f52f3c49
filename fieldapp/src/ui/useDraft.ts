/** A form whose every keystroke is kept on the phone, per person, until it is saved or emptied. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useEngine } from "./engine";

export interface Drafted<T> {
  data: T;
  /** When the work that was carried on had last been touched; null for a form begun just now. */
  resumed: string | null;
  change: (part: Partial<T> | ((now: T) => Partial<T>)) => void;
  /** What the form holds this moment, also after waiting for something. */
  latest: () => T;
  /** Back to an empty form. */
  empty: () => void;
}

/** Null until the phone has said whether there was something half done. */
export function useDraft<T extends object>(key: string, fresh: () => T | Promise<T>): Drafted<T> | null {
  const engine = useEngine();
  const [state, setState] = useState<{ key: string; data: T; resumed: string | null } | null>(null);
  const latest = useRef<T | null>(null);
  useEffect(() => {
    let live = true;
    const open = async () => {
      const kept = await engine.draft<T>(key);
      const data = kept?.data ?? (await fresh());
      if (!live) return;
      latest.current = data;
      setState({ key, data, resumed: kept?.saved_at ?? null });
      if (kept) engine.formOpen(true);
    };
    open();
    return () => {
      live = false;
      engine.formOpen(false);
    };
  }, [key]);
  if (state?.key !== key) return null;
  return {
    ...state,
    latest: () => latest.current ?? state.data,
    change: (part) => {
      const now = latest.current ?? state.data;
      const data = { ...now, ...(typeof part === "function" ? part(now) : part) };
      latest.current = data;
      engine.formOpen(true);
      engine.saveDraft(key, data);
      setState((before) => before && { ...before, data });
    },
    empty: async () => {
      await engine.dropDraft(key);
      const data = await fresh();
      latest.current = data;
      engine.formOpen(false);
      setState({ key, data, resumed: null });
    },
  };
}
