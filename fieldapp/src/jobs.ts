/** Work orders as the phone shows them: whose they are, where, and which first. */

import { placeOf } from "./site";
import type { Asset, IsoDate, Place, SiteData, Uuid, WorkOrder } from "./types";

export interface JobView {
  order: WorkOrder;
  asset: Asset | null;
  place: Place;
  late: boolean;
}

export interface Jobs {
  mine: JobView[];
  /** Given to nobody yet. */
  free: JobView[];
  /** Of a colleague or a firm. */
  others: JobView[];
}

const PRIORITY = { emergency: 0, urgent: 1, routine: 2, planned: 3 } as const;

/** A list from before jobs said where they are names only the problem, which knows. */
export function jobView(site: SiteData, order: WorkOrder, today: IsoDate): JobView {
  const of = order.asset === undefined ? site.defects.get(order.defect ?? "") : order;
  const asset = site.assets.get(of?.asset ?? "") ?? null;
  const place = placeOf(site, asset ?? { building: of?.building ?? null, space: of?.space ?? null });
  return { order, asset, place, late: order.target_on !== null && order.target_on < today };
}

export function jobsOf(site: SiteData, me: Uuid, today: IsoDate): Jobs {
  const all = [...site.work_orders.values()].map((order) => jobView(site, order, today)).sort(byPress);
  const firm = ({ order }: JobView) => order.assigned_to === null && Boolean(order.whose);
  return {
    mine: all.filter(({ order }) => order.assigned_to === me),
    free: all.filter((job) => job.order.assigned_to === null && !firm(job)),
    others: all.filter((job) => firm(job) || (job.order.assigned_to !== null && job.order.assigned_to !== me)),
  };
}

function byPress(a: JobView, b: JobView): number {
  return (
    Number(b.late) - Number(a.late) ||
    PRIORITY[a.order.priority ?? "routine"] - PRIORITY[b.order.priority ?? "routine"] ||
    (a.order.target_on ?? "9999").localeCompare(b.order.target_on ?? "9999") ||
    a.order.title.localeCompare(b.order.title)
  );
}

/** May this person say that it is done? Their own, and what nobody has yet. */
export function mayFinish({ order }: JobView, me: Uuid): boolean {
  return order.assigned_to === me || (order.assigned_to === null && !order.whose);
}
