/** The walk that somebody is on: which one, where it stopped, what was put off. Kept on this phone, for each person and site. */

import type { Engine, PlanView, Round, Uuid } from "../engine";
import { isNext } from "../screens/shelves";
import { dealtWith, NOWHERE, type Stopped, type Walk, walkOf } from "../walk";
import { remember, remembered } from "./remember";
import { isoDate } from "./say";

/** The whole school rather than a round. */
export const WHOLE = "all";

interface Kept {
  on: string;
  /** The round's id, or WHOLE. */
  walk: string;
}

const name = (engine: Engine, part: string) => {
  const { session, site_id } = engine.getSnapshot();
  return `siteward-walk ${session.person?.id} ${site_id} ${part}`;
};

function read<T>(key: string): T | null {
  try {
    return JSON.parse(remembered(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

/** The walk that was begun today and not left; null when there is none. */
export function walking(engine: Engine): string | null {
  const kept = read<Kept>(name(engine, "now"));
  return kept?.on === isoDate() ? kept.walk : null;
}

/** The one that was walked last, for carrying on another day. */
export function walkedLast(engine: Engine): string | null {
  return read<Kept>(name(engine, "now"))?.walk ?? null;
}

export function begin(engine: Engine, walk: string): void {
  remember(name(engine, "now"), JSON.stringify({ on: isoDate(), walk } satisfies Kept));
}

export function leave(engine: Engine): void {
  const walk = walkedLast(engine);
  if (walk) remember(name(engine, "now"), JSON.stringify({ on: "", walk } satisfies Kept));
}

function stoppedAt(engine: Engine, walk: string): Stopped {
  const kept = read<Stopped & { on: string }>(name(engine, walk));
  if (!kept) return NOWHERE;
  // what was put off yesterday is due like anything else today
  return kept.on === isoDate() ? kept : { ...NOWHERE, at: kept.at };
}

function stop(engine: Engine, walk: string, part: Partial<Stopped>): void {
  remember(name(engine, walk), JSON.stringify({ ...stoppedAt(engine, walk), ...part, on: isoDate() }));
}

/** This one was opened: the walk goes on from here, unless it was to come first or last anyway. */
export function reached(engine: Engine, walk: string, plan: Uuid): void {
  const { first, skipped } = stoppedAt(engine, walk);
  if (!first.includes(plan) && !skipped.includes(plan)) stop(engine, walk, { at: plan });
}

/** These are dealt with; the walk goes on after them. */
export function passed(engine: Engine, walk: string, ...plans: Uuid[]): void {
  for (const plan of plans) reached(engine, walk, plan);
  const { first, skipped } = stoppedAt(engine, walk);
  const others = (ids: Uuid[]) => ids.filter((id) => !plans.includes(id));
  stop(engine, walk, { first: others(first), skipped: others(skipped) });
}

/** For the end of the walk; skipped again, it goes behind the others that were skipped. */
export function skip(engine: Engine, walk: string, plan: Uuid): void {
  const { first, skipped } = stoppedAt(engine, walk);
  const others = (ids: Uuid[]) => ids.filter((id) => id !== plan);
  stop(engine, walk, { first: others(first), skipped: [...others(skipped), plan] });
}

export function comeFirst(engine: Engine, walk: string, plans: Uuid[]): void {
  stop(engine, walk, { first: plans });
}

export function isSkipped(engine: Engine, walk: string, plan: Uuid): boolean {
  return stoppedAt(engine, walk).skipped.includes(plan);
}

/** Whether a plan is one of those that the walk leads past: of its round, or what the person has to do now. */
export function isOnWalk(engine: Engine, walk: string, plan: Uuid): boolean {
  const round = roundOf(engine, walk);
  if (round) return round.plans.includes(plan);
  const view = engine.plan(plan);
  return view !== null && (view.done_here || isNext(view));
}

export function roundOf(engine: Engine, walk: string): Round | null {
  return engine.getSnapshot().site?.rounds.find((round) => round.id === walk) ?? null;
}

/** What is left of a walk, from where it stopped. */
export function walkNow(engine: Engine, walk: string): Walk {
  const { site, outbox } = engine.getSnapshot();
  const today = engine.today();
  const round = roundOf(engine, walk);
  const on = round && new Set(round.plans);
  const items = [...outbox.unsent, ...outbox.held, ...outbox.recent];
  const { done, tried } = site
    ? dealtWith(site, items, today.date, isoDate)
    : { done: new Set<Uuid>(), tried: new Set<Uuid>() };
  const open = (view: PlanView) => !view.done_here && view.status !== "paused";
  const due = today.groups.flatMap((group) => group.items).filter(open);
  const mine = due.filter((view) => (on ? on.has(view.plan.id) : isNext(view)));
  const views = mine.filter((view) => !tried.has(view.plan.id));
  const counted = [...done].filter(
    (id) => (on ? on.has(id) : !isOutsidePlan(engine, id)) && !mine.some((v) => v.plan.id === id),
  );
  const stopped = stoppedAt(engine, walk);
  const at = stopped.at ? engine.plan(stopped.at) : null;
  return walkOf(views, {
    round,
    stopped,
    at,
    done: counted.length,
    tried: mine.filter((view) => tried.has(view.plan.id)),
  });
}

function isOutsidePlan(engine: Engine, plan: Uuid): boolean {
  const code = engine.getSnapshot().site?.plans.get(plan)?.check;
  return code !== undefined && engine.form(code)?.competence.level === "competent-contractor";
}
