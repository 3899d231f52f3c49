/** What a half-filled check holds. It is kept on every keystroke and survives anything. */

import { asksForItself } from "../../alike";
import type { Answers, CheckForm, IsoTime, PhotoRef, PlanView, Presence, Uuid } from "../../engine";
import { formFor } from "../../today";
import { visitTo } from "../../ui/visit";

export interface CheckDraft {
  /** The revision that was on the screen: the answers belong to it, whatever is published meanwhile. */
  revision: number;
  answers: Answers;
  photos: PhotoRef[];
  /** File names by hash, for showing only. */
  names: Record<string, string>;
  started_at: IsoTime;
  tag: string | null;
  presence: Presence;
  /** "I did this earlier": local date and time. */
  late: { on: string; at: string } | null;
  /** When each wait was started, by question. */
  timers: Record<string, IsoTime>;
  /** For a correction: what was wrong with the first record. */
  reason: string;
  /** What is checked, as it stood when the form was begun: the office may take it off the list meanwhile. Not in old drafts. */
  was?: Pick<PlanView, "plan" | "asset" | "place">;
}

/** What is checked, from what a draft says of it, when it is in the lists no longer. */
export function asItWas(was: CheckDraft["was"], form: CheckForm | null): PlanView | null {
  if (!was || !form) return null;
  const nothing = { due_on: null, days_late: 0, counts_today: false, local: null, done_here: false, attempt: null };
  return { ...was, form: formFor(form, was.asset), status: "in-date", ...nothing };
}

/** An empty form; a question that asks for this very thing is answered with it. */
export function freshDraft(
  form: CheckForm,
  view: Pick<PlanView, "asset"> & Partial<PlanView>,
  fill?: { question: string; thing: Uuid },
  registered?: number,
): CheckDraft {
  const { asset, plan, place } = view;
  const own = form.questions.filter((question) => asksForItself(form, question, asset));
  return {
    revision: form.revision,
    answers: {
      ...Object.fromEntries(own.map((q) => [q.key, asset?.id])),
      ...(registered !== undefined && registeredIn(form, registered)),
      ...(fill && { [fill.question]: fill.thing }),
    },
    photos: [],
    names: {},
    started_at: new Date().toISOString(),
    ...visitTo(asset?.id ?? null),
    late: null,
    timers: {},
    reason: "",
    ...(plan && place && { was: { plan, asset, place } }),
  };
}

/** "How many should there be", where the register knows it. */
function registeredIn(form: CheckForm, registered: number): Answers {
  return Object.fromEntries(form.questions.filter((one) => one.from_register).map(({ key }) => [key, registered]));
}

/** What is worth sending: nothing empty, and no half-typed spaces. */
export function cleanAnswers(answers: Answers): Answers {
  const kept: Answers = {};
  for (const [key, value] of Object.entries(answers)) {
    const clean = typeof value === "string" ? value.trim() : value;
    const empty = clean === undefined || clean === null || clean === "" || (Array.isArray(clean) && clean.length === 0);
    if (!empty) kept[key] = clean;
  }
  return kept;
}

export type LateFault = "missing" | "future" | null;

/** Is the time that was given for earlier work a time that has passed? */
export function lateFault(late: CheckDraft["late"], now = new Date()): LateFault {
  if (!late) return null;
  const when = lateTime(late);
  if (!when) return "missing";
  return when.getTime() > now.getTime() ? "future" : null;
}

/** The moment it was really done, null while it is not filled in. */
export function lateTime(late: { on: string; at: string }): Date | null {
  if (!late.on || !late.at) return null;
  const when = new Date(`${late.on}T${late.at}`);
  return Number.isNaN(when.getTime()) ? null : when;
}
