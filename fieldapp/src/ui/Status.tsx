/** A due date's state as a word, a shape and a colour, in that order of reliance. */

import type { ComponentChildren } from "preact";
import type { Attempt, DueStatus, Plan, PlanView } from "../types";
import { W } from "../words";
import { day, isoDate } from "./say";

export type Tone = "good" | "soon" | "due" | "late" | "off";

export const shapes: Record<Tone, string> = { good: "●", soon: "◐", due: "◆", late: "▲", off: "‖" };
const tones: Record<DueStatus, Tone> = {
  overdue: "late",
  due: "due",
  "due-soon": "soon",
  "in-date": "good",
  paused: "off",
};

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{shapes[tone]}</span>
      <span>{children}</span>
    </span>
  );
}

/** "12 days overdue", "Due by Fri 27 Nov", "In date: by Mon 4 Jan 2027" */
export function dueWords(view: PlanView): string {
  if (view.status === "paused") return W.status.paused;
  if (view.status === "overdue" && view.days_late > 0) return W.daysLate(view.days_late);
  if (view.status === "overdue") return W.status.overdue;
  if (view.due_on === isoDate()) return W.dueToday;
  return view.due_on ? W.dueOn(day(view.due_on)) : W.nothingOwed;
}

/** `brief`: the state alone, where the engine's own sentence follows with the date. */
export function DueBadge({ view, brief = false }: { view: PlanView; brief?: boolean }) {
  const words = dueWords(view);
  const name = W.status[view.status];
  const dated = view.status === "in-date" || view.status === "due-soon";
  const full = dated && words !== W.dueToday ? `${name}: ${lower(words)}` : words;
  const said = brief && dated ? name : full;
  return <Badge tone={tones[view.status]}>{said}</Badge>;
}

/** "Booked Thu 26 Nov, 09:30, Tom Ashworth" */
export function bookedWords({ on, at, who }: NonNullable<Plan["booked"]>): string {
  return [W.todayScreen.booked(day(on)), at, who].filter(Boolean).join(", ");
}

/** "Tried Mon 23 Nov: I could not get in. Try again Thu 26 Nov" */
export function triedWords(attempt: Attempt): string {
  const why = W.couldNot.reasons[attempt.reason] ?? attempt.reason;
  return W.couldNot.tried(day(attempt.on), why, attempt.again_on ? day(attempt.again_on) : "");
}

/** As it stands inside a sentence. */
export function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
