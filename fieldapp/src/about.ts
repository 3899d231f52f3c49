/** How a piece of work is called in the outbox: what it is, and about what. */

import type { NewWork } from "./journal";
import { placeOf } from "./site";
import { formOf } from "./today";
import type {
  AssetAdded,
  AssetChanged,
  CheckDone,
  CheckNotDone,
  DefectReported,
  DefectUpdated,
  OpBodies,
  OpKind,
  ReadingTaken,
  SiteData,
  TagClaimed,
  Uuid,
  WorkDone,
} from "./types";
import { W } from "./words";

export type About = Pick<NewWork, "title" | "about" | "site" | "asset" | "plan">;

interface Subject {
  title: string;
  asset?: Uuid | null;
  plan?: Uuid | null;
  building?: Uuid | null;
  space?: Uuid | null;
  /** The name, when the thing is not (yet) in the register. */
  name?: string;
  /** The title names the thing already. */
  named?: boolean;
  /** It stands where this says, whatever the register says. */
  stands?: boolean;
}

type Subjects = { [K in OpKind]: (body: OpBodies[K], site: SiteData | null) => Subject };

const SUBJECTS: Subjects = {
  check_done(body: CheckDone, site) {
    const { code, revision } = body.check_type;
    const title = (site && formOf(site, code, revision)?.title) ?? code;
    return { title, asset: body.asset, plan: body.plan, building: body.building };
  },
  check_not_done(body: CheckNotDone, site) {
    const plan = site?.plans.get(body.plan);
    const form = site && plan ? formOf(site, plan.check, plan.revision) : null;
    return {
      title: W.about.notDone(form?.title ?? W.about.check),
      plan: body.plan,
      asset: plan?.asset ?? null,
      building: plan?.building ?? null,
    };
  },
  defect_reported(body: DefectReported) {
    const { building, space } = body.place ?? { building: null, space: null };
    return { title: W.about.problem(body.summary), asset: body.asset, building, space };
  },
  defect_updated(body: DefectUpdated, site) {
    const defect = site?.defects.get(body.defect);
    return { title: W.about.note(defect?.summary ?? W.about.aProblem), asset: defect?.asset ?? null };
  },
  work_done(body: WorkDone, site) {
    const order = site?.work_orders.get(body.work_order);
    const defect = order?.defect ? site?.defects.get(order.defect) : undefined;
    return { title: W.about.done(order?.title ?? W.about.aJob), asset: order?.asset ?? defect?.asset ?? null };
  },
  tag_claimed: (body: TagClaimed, site) => {
    const name = site?.assets.get(body.asset)?.name;
    const title = name ? W.about.labelOn(body.tag, name) : W.about.labelPut(body.tag);
    return {
      title: body.replaces ? `${title}. ${W.about.outOfUse(body.replaces)}` : title,
      asset: body.asset,
      named: true,
    };
  },
  asset_added: (body: AssetAdded) => ({
    title: W.about.newThing,
    name: body.name,
    building: body.building,
    space: body.space,
  }),
  asset_changed: ({ asset, changes }: AssetChanged) =>
    "building" in changes
      ? { title: W.about.moved, asset, building: changes.building, space: changes.space ?? null, stands: true }
      : { title: W.about.changed, asset },
  reading_taken: (body: ReadingTaken) => ({
    title: W.about.reading(`${body.value} ${body.unit}`.trim()),
    asset: body.asset,
  }),
};

export function aboutOf<K extends OpKind>(kind: K, body: OpBodies[K], site: SiteData | null): About {
  const subject = SUBJECTS[kind](body, site);
  const asset = subject.asset ? (site?.assets.get(subject.asset) ?? null) : null;
  const there = subject.stands ? null : asset;
  const where = { building: there?.building ?? subject.building, space: there?.space ?? subject.space };
  const place = site ? placeOf(site, where).words : "";
  const about = [subject.named ? "" : (asset?.name ?? subject.name), place].filter(Boolean).join(", ");
  return {
    title: subject.title,
    about,
    site: site?.site.id ?? null,
    asset: subject.asset ?? null,
    plan: subject.plan ?? null,
  };
}
