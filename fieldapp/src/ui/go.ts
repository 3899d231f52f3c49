/** Moving between screens: back means back, and never out of the app by surprise. */

import { useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";

let steps = 0;
let today = 0;

/** Counts the steps taken inside the app, so that Back knows whether there is anywhere to go back to. */
export function useSteps(): void {
  const [path] = useLocation();
  useEffect(() => {
    steps += 1;
    if (path !== "/") window.scrollTo(0, 0);
  }, [path]);
}

export function useBack(fallback: string): () => void {
  const [, go] = useLocation();
  return () => {
    if (steps > 1) {
      steps -= 2;
      history.back();
    } else go(fallback, { replace: true });
  };
}

/** Today opens where it was left: a caretaker works down the list. */
export function useScrollKept(ready: boolean): void {
  useEffect(() => {
    if (ready) window.scrollTo(0, today);
  }, [ready]);
  useEffect(() => {
    const keep = () => {
      today = window.scrollY;
    };
    addEventListener("scroll", keep, { passive: true });
    return () => removeEventListener("scroll", keep);
  }, []);
}
