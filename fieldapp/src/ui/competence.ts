/** Who may do this check, and what the person signed in holds for it. The record keeps both; nothing is refused. */

import type { CheckForm, Colleague } from "../engine";
import { W } from "../words";
import type { Tone } from "./Status";
import { day, daysBetween } from "./say";

export interface Standing {
  tone: Tone;
  words: string;
}

const SOON = 30;

/** An outside specialist does it; the caretaker only records it. */
export function isOutside(form: CheckForm): boolean {
  return form.competence.level === "competent-contractor";
}

/** Null when anybody may do it. */
export function myStanding(form: CheckForm, me: Colleague | undefined, now = new Date()): Standing | null {
  const { level } = form.competence;
  if (level === "in-house") return null;
  // training for a whole discipline makes nobody an outside specialist
  const wide = level !== "competent-contractor";
  const fitting = (me?.competences ?? []).filter(
    (one) => one.covers.includes(form.code) || (wide && one.covers.includes(form.discipline)),
  );
  const best = fitting.sort((a, b) => lasts(b) - lasts(a))[0];
  if (!best)
    return level === "competent-contractor" ? say("off", W.competence.contractor) : say("soon", W.competence.none);
  if (!best.expires_on) return say("good", W.competence.held(best.name, null));
  const left = daysBetween(now, new Date(`${best.expires_on}T12:00:00`));
  if (left < 0) return say("due", W.competence.expired(best.name, day(best.expires_on, now)));
  const held = W.competence.held(best.name, day(best.expires_on, now));
  return left <= SOON ? say("soon", `${held} ${W.competence.ends(left)}`) : say("good", held);
}

function lasts(one: { expires_on: string | null }): number {
  return one.expires_on ? Date.parse(one.expires_on) : Number.POSITIVE_INFINITY;
}

function say(tone: Tone, words: string): Standing {
  return { tone, words };
}
