/** The number on the app's icon: the caretaker's own checks that are overdue, or due today or before. Where the phone shows such a number. */

import type { AppState, Today } from "./types";

interface Badged {
  setAppBadge?(count: number): Promise<void>;
  clearAppBadge?(): Promise<void>;
}

/** Checks of an outside specialist are somebody else's to do; what was done here is done. */
export function owed(today: Today): number {
  return today.groups
    .flatMap((group) => group.items)
    .filter(
      ({ status, due_on }) =>
        status !== "paused" && (status === "overdue" || (due_on !== null && due_on <= today.date)),
    )
    .filter((view) => !view.done_here && view.form.competence.level !== "competent-contractor").length;
}

/** Keeps the number right after every saving and every fetch; none when nobody is signed in. */
export function keepBadge(
  engine: { getSnapshot(): AppState; subscribe(listener: () => void): () => void; today(): Today },
  icon: Badged = navigator as Badged,
): () => void {
  if (!icon.setAppBadge || !icon.clearAppBadge) return () => undefined;
  let drawn: AppState["site"] | undefined;
  let shown = -1;
  const show = () => {
    const { site, phase } = engine.getSnapshot();
    if (phase !== "ready" || site === drawn) return;
    drawn = site;
    const count = site ? owed(engine.today()) : 0;
    if (count === shown) return;
    shown = count;
    const done = count > 0 ? icon.setAppBadge?.(count) : icon.clearAppBadge?.();
    done?.catch(() => undefined);
  };
  show();
  return engine.subscribe(show);
}
