/**
 * Walking the school once: what is due in the order in which somebody comes past it, what was put off at the end, and
 * how much is left. The same order as the office's rounds (backend/rules/rounds.py). Pure; the memory is ui/walking.ts.
 */

import type { IsoDate, OutboxItem, Place, PlanView, Round, SiteData, Uuid } from "./types";

/** One place on the walk, with what is to be done there. */
export interface Spot {
  key: string;
  place: Place;
  floor: string;
  views: PlanView[];
}

export interface Walk {
  /** Still to do, from where one stopped; what was put off comes last. */
  left: PlanView[];
  spots: Spot[];
  done: number;
  /** Those that somebody tried today, and that could not be done. */
  tried: PlanView[];
  of: number;
  /** Of those that say how long they take. */
  minutes: number;
  /** How many do not say. */
  unknown: number;
}

/** Where one stopped: kept for each person, site and round. */
export interface Stopped {
  /** The last one that was done or begun; the walk goes on after it. */
  at: Uuid | null;
  /** Put off until the end. */
  skipped: Uuid[];
  /** To be done before anything else: what stood out in an answer for several. */
  first: Uuid[];
}

export const NOWHERE: Stopped = { at: null, skipped: [], first: [] };

const FLOORS: [string, number][] = [
  ["basement", -1],
  ["lower ground", -1],
  ["ground", 0],
  ["first", 1],
  ["second", 2],
  ["third", 3],
  ["fourth", 4],
  ["roof", 99],
];

/** From the lowest floor up; one that says nothing is as the ground floor. */
export function floorOrder(floor: string): number {
  const said = floor.trim().toLowerCase();
  const named = FLOORS.find(([name]) => said.startsWith(name));
  return named ? named[1] : Number(/-?\d+/.exec(said)?.[0] ?? 0);
}

const natural = (a = "", b = "") => a.localeCompare(b, "en-GB", { numeric: true });

/** Site-wide and outside first, then building by building, floor by floor, room by room, thing by thing. */
export function byWay(a: PlanView, b: PlanView): number {
  const [p, q] = [a.place, b.place];
  return (
    natural(p.building?.name, q.building?.name) ||
    floorOrder(p.space?.floor ?? "") - floorOrder(q.space?.floor ?? "") ||
    natural(p.space?.floor, q.space?.floor) ||
    natural(p.space?.name, q.space?.name) ||
    natural(a.asset?.name, b.asset?.name) ||
    natural(a.form.title, b.form.title) ||
    a.plan.id.localeCompare(b.plan.id)
  );
}

/** In the order of a round, or by the way; the round's own order wins. */
export function inOrder(round: Round | null): (a: PlanView, b: PlanView) => number {
  if (!round) return byWay;
  const turn = new Map(round.plans.map((plan, at) => [plan, at]));
  const of = (view: PlanView) => turn.get(view.plan.id) ?? turn.size;
  return (a, b) => of(a) - of(b) || byWay(a, b);
}

/** The rounds of today: mine first, then nobody's; not those of another weekday or person. */
export function roundsOf(site: SiteData, me: Uuid, day: IsoDate): Round[] {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay() || 7;
  return site.rounds
    .filter(({ days, person }) => (days.length === 0 || days.includes(weekday)) && (person ?? me) === me)
    .sort((a, b) => Number(b.person === me) - Number(a.person === me) || natural(a.name, b.name));
}

/** Plans that somebody dealt with today: done as far as this phone knows, or tried here in vain. */
export function dealtWith(site: SiteData, items: readonly OutboxItem[], day: IsoDate, dayOf: (at: Date) => IsoDate) {
  const done = new Set<Uuid>();
  const tried = new Set<Uuid>();
  for (const plan of site.plans.values()) if (plan.last?.on === day) done.add(plan.id);
  for (const { plan, kind, made_at } of items) {
    if (!plan || dayOf(new Date(made_at)) !== day) continue;
    if (kind === "check_done") done.add(plan);
    if (kind === "check_not_done") tried.add(plan);
  }
  return { done, tried };
}

interface Ways {
  round: Round | null;
  stopped: Stopped;
  /** The check that `stopped.at` names, whether it is still to be done or not. */
  at: PlanView | null;
  done: number;
  tried?: readonly PlanView[];
}

/** From where one is: the rest of a room that was begun in its middle comes before the way to the next; the rest in its order. */
function turnedTo(sorted: readonly PlanView[], from: number, at: PlanView): PlanView[] {
  const inRoom = (view: PlanView | undefined) => view !== undefined && roomOf(view) === roomOf(at);
  let first = from;
  while (inRoom(sorted[first - 1])) first--;
  let last = from;
  while (inRoom(sorted[last])) last++;
  const room = [...sorted.slice(from, last), ...sorted.slice(first, from)];
  return [...room, ...sorted.slice(last), ...sorted.slice(0, first)];
}

function roomOf({ place }: PlanView): string {
  return place.space?.id ?? place.building?.id ?? "site";
}

/** `views`: everything that is to be done on this walk, in any order. */
export function walkOf(views: readonly PlanView[], { round, stopped, at, done, tried = [] }: Ways): Walk {
  const order = inOrder(round);
  const sorted = [...views].sort(order);
  const from = at ? sorted.findIndex((view) => order(view, at) >= 0) : 0;
  const turned = at && from > 0 ? turnedTo(sorted, from, at) : sorted;
  const named = (ids: Uuid[]) => ids.flatMap((id) => turned.filter((view) => view.plan.id === id));
  const first = named(stopped.first);
  const last = named(stopped.skipped).filter((view) => !first.includes(view));
  const left = [...first, ...turned.filter((view) => !first.includes(view) && !last.includes(view)), ...last];
  const known = left.map(minutesOf);
  return {
    left,
    spots: spotsOf(left),
    done,
    tried: [...tried].sort(order),
    of: done + tried.length + left.length,
    minutes: known.reduce<number>((sum, minutes) => sum + (minutes ?? 0), 0),
    unknown: known.filter((minutes) => minutes === null).length,
  };
}

export function minutesOf(view: PlanView): number | null {
  return view.plan.minutes ?? view.form.minutes;
}

/** As they follow one another: a place that is come back to is named again. */
function spotsOf(left: readonly PlanView[]): Spot[] {
  const spots: Spot[] = [];
  for (const view of left) {
    const { space } = view.place;
    const where = roomOf(view);
    const spot = spots.at(-1);
    if (spot?.key.startsWith(`${where} `)) spot.views.push(view);
    else spots.push({ key: `${where} ${spots.length}`, place: view.place, floor: space?.floor ?? "", views: [view] });
  }
  return spots;
}
