/**
 * What can be done now, and how urgent it is. The phone works out no dates: it compares today with the dates that the
 * server stored (as rules.due.status_on does) and with the windows that came with each plan.
 */

import { dayOf, daysBetween } from "./days";
import type { OpRow } from "./rows";
import { placeOf } from "./site";
import type {
  Asset,
  Attempt,
  CheckDone,
  CheckForm,
  CheckNotDone,
  DueStatus,
  DueWindow,
  IsoDate,
  LocalWork,
  Plan,
  PlanView,
  SiteData,
  Today,
  TodayGroup,
  Uuid,
} from "./types";

const URGENCY: Record<DueStatus, number> = { overdue: 0, due: 1, "due-soon": 2, "in-date": 3, paused: 4 };

export interface StoredDates {
  due_on: IsoDate | null;
  overdue_from: IsoDate | null;
  soon_from: IsoDate | null;
  pauses: readonly (readonly [IsoDate, IsoDate | null])[];
}

/** The status on a day, from the three stored dates and the pauses alone: the same comparisons as in Python and SQL. */
export function statusOn(dates: StoredDates, day: IsoDate): DueStatus {
  if (dates.pauses.some(([from, to]) => from <= day && (to === null || day <= to))) return "paused";
  if (dates.overdue_from !== null && day >= dates.overdue_from) return "overdue";
  if (dates.due_on !== null && day > dates.due_on) return "due";
  if (dates.soon_from !== null && day >= dates.soon_from) return "due-soon";
  return "in-date";
}

/** Work done here on plans that the site's dates do not know of yet, by plan, oldest first. */
export type LocalByPlan = Map<Uuid, OpRow[]>;

export function localByPlan(rows: readonly OpRow[], knownTick: number): LocalByPlan {
  const found: LocalByPlan = new Map();
  for (const row of rows) {
    const plan = row.plan;
    if (!plan || (row.settled_tick !== null && row.settled_tick <= knownTick)) continue;
    found.set(plan, [...(found.get(plan) ?? []), row]);
  }
  return found;
}

/** The days on which this plan was completed here, each once, oldest first. An extra moves no date, so it is none. */
function daysDone(rows: readonly OpRow[]): IsoDate[] {
  const days = rows
    .filter((row) => row.op.kind === "check_done" && !(row.op.body as CheckDone).ad_hoc)
    .map((row) => {
      const body = row.op.body as CheckDone;
      return dayOf(body.done_at ?? row.op.made_at);
    });
  return [...new Set(days)].sort();
}

/** The windows that local work leaves unserved: each day's completion serves the oldest window open on that day. */
export function unservedWindows(windows: readonly DueWindow[], days: readonly IsoDate[]): DueWindow[] {
  const left = [...windows];
  for (const day of days) {
    const at = left.findIndex((window) => isOpen(window, day));
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

function isOpen(window: DueWindow, day: IsoDate): boolean {
  return window.counts_from <= day && (window.closes_on === null || day <= window.closes_on);
}

export function planView(site: SiteData, plan: Plan, local: readonly OpRow[], day: IsoDate): PlanView | null {
  const asset = site.assets.get(plan.asset ?? "") ?? null;
  const form = formOfPlan(site, plan, asset);
  if (!form) return null;
  const done = daysDone(local);
  const left = unservedWindows(plan.windows, done);
  const served = left.length < plan.windows.length;
  const next = left.find((window) => window.closes_on === null || window.closes_on >= day) ?? null;
  const dates = served ? datesOf(next, plan) : plan;
  const status = statusOn(dates, day);
  const latest = local.at(-1);
  // All completions of one day are one, so a second today would change nothing.
  const doneToday = done.includes(day) || plan.last?.on === day;
  return {
    plan,
    form,
    asset,
    place: placeOf(site, { building: asset?.building ?? plan.building, space: asset?.space ?? null }),
    status,
    due_on: next?.due_on ?? (served ? null : plan.due_on),
    days_late: daysLate(status, dates.due_on, day),
    counts_today: status !== "paused" && !doneToday && wouldCount(left, day, status === "overdue" && !served),
    local: latest ? localWork(latest) : null,
    done_here: served,
    attempt: done.length ? null : (triedHere(local) ?? plan.attempt ?? null),
  };
}

/** The latest attempt on this phone that came to nothing. */
function triedHere(rows: readonly OpRow[]): Attempt | null {
  const row = rows.filter((one) => one.op.kind === "check_not_done").at(-1);
  if (!row) return null;
  const { reason, try_again_on } = row.op.body as CheckNotDone;
  return { on: dayOf(row.op.made_at), reason, by: row.author_name, again_on: try_again_on ?? null };
}

function daysLate(status: DueStatus, since: IsoDate | null, day: IsoDate): number {
  return since !== null && (status === "overdue" || status === "due") ? Math.max(0, daysBetween(since, day)) : 0;
}

/** A window is open, or a slot was missed since the last completion: any completion clears that, whatever is open. */
function wouldCount(left: readonly DueWindow[], day: IsoDate, missed: boolean): boolean {
  return missed || left.some((window) => isOpen(window, day));
}

/** After work done here the stored dates are spent; what is left is the next window's own. */
function datesOf(next: DueWindow | null, plan: Plan): StoredDates {
  const { due_on, overdue_from } = next ?? { due_on: null, overdue_from: null };
  return { due_on, overdue_from, soon_from: null, pauses: plan.pauses };
}

function localWork(row: OpRow): LocalWork {
  return { op: row.id, kind: row.op.kind, made_at: row.op.made_at, state: row.state };
}

/** The form a plan is recorded on: the revision it is pinned to, else the current one, else any. */
export function formOf(site: SiteData, code: string, revision?: number): CheckForm | null {
  const all = site.checks.filter((check) => check.code === code);
  return all.find((check) => check.revision === revision) ?? all.find((check) => check.current) ?? all[0] ?? null;
}

function formOfPlan(site: SiteData, plan: Plan, asset: Asset | null): CheckForm | null {
  const form = formOf(site, plan.check, plan.revision);
  return form && formFor(form, asset);
}

/** The form with those questions alone that are asked of this kind of thing: a freezer has no fridge temperature. */
export function formFor(form: CheckForm, asset: Asset | null): CheckForm {
  const questions = form.questions.filter(({ only_for }) => !only_for?.length || only_for.includes(asset?.type ?? ""));
  return questions.length === form.questions.length ? form : { ...form, questions };
}

/** Most urgent first: by status, then by how much hangs on it, then by date. */
export function byUrgency(a: PlanView, b: PlanView): number {
  return (
    URGENCY[a.status] - URGENCY[b.status] ||
    b.plan.weight - a.plan.weight ||
    (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999") ||
    a.form.title.localeCompare(b.form.title) ||
    a.plan.id.localeCompare(b.plan.id)
  );
}

/** Everything for which a completion would count today, grouped by building, most urgent first. */
export function todayOf(site: SiteData, local: LocalByPlan, now: Date): Today {
  const date = dayOf(now);
  const views: PlanView[] = [];
  let done = 0;
  for (const plan of site.plans.values()) {
    const rows = local.get(plan.id) ?? [];
    if (plan.last?.on === date || daysDone(rows).includes(date)) done++;
    const view = planView(site, plan, rows, date);
    if (view?.counts_today) views.push(view);
  }
  const counts = { overdue: 0, due: 0, "due-soon": 0, "in-date": 0 };
  const groups = new Map<string, TodayGroup>();
  for (const view of views.sort(byUrgency)) {
    if (view.status !== "paused") counts[view.status]++;
    const key = view.place.building?.id ?? "site";
    const group = groups.get(key);
    if (group) group.items.push(view);
    else groups.set(key, { key, place: placeOf(site, { building: view.place.building?.id ?? null }), items: [view] });
  }
  return { date, groups: [...groups.values()], counts, done };
}
