/** Moving between screens: back means back, and never out of the app by surprise. */

import { useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";

let steps = 0;
let today = { of: "", top: 0 };

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

/** Today opens where it was left, because a caretaker works down the list; `of` says whose list and where. */
export function useScrollKept(of: string): void {
  useEffect(() => {
    if (today.of !== of) today = { of, top: 0 };
    window.scrollTo(0, today.top);
    const keep = () => {
      today.top = window.scrollY;
    };
    addEventListener("scroll", keep, { passive: true });
    return () => removeEventListener("scroll", keep);
  }, [of]);
}
