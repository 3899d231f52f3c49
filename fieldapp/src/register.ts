/** What the phone's register says about a label or an asset. */

import { placeOf } from "./site";
import { fromText } from "./tagcode";
import { byUrgency } from "./today";
import type {
  Asset,
  AssetView,
  CheckForm,
  Covered,
  Found,
  OutboxItem,
  PlaceView,
  PlanView,
  SiteData,
  Uuid,
} from "./types";

/** A scanned or typed text, looked up in the chosen site. */
export function foundBy(text: string, hosts: readonly string[], site: SiteData | null): Found {
  const read = fromText(text, hosts);
  if (read.kind !== "code") return { kind: read.kind };
  const { code } = read;
  return site ? foundIn(site, code) : { kind: "unknown", code };
}

/** A label's code, looked up in one site. */
export function foundIn(site: SiteData, code: string): Found {
  const tag = site.tags.get(code);
  if (!tag) {
    const by = site.old_tags.get(code);
    // one step only: the one that came in its place says by itself when it was replaced too
    return by === undefined
      ? { kind: "unknown", code }
      : { kind: "replaced", code, by, found: by && site.tags.has(by) ? foundIn(site, by) : null };
  }
  const place = tag.space ?? tag.building;
  if (place) {
    const named = site.spaces.get(place) ?? site.buildings.get(place);
    return named ? { kind: "place", code, id: place, name: named.name } : { kind: "unknown", code };
  }
  if (tag.asset === null) return { kind: "unassigned", code };
  const asset = site.assets.get(tag.asset);
  return asset ? { kind: "asset", code, asset } : { kind: "unknown", code };
}

/** A room, or a building with all its rooms, by its id. */
export function placeView(site: SiteData, id: Uuid, view: (plan: Uuid) => PlanView | null): PlaceView | null {
  const space = site.spaces.get(id);
  const place = placeOf(site, space ? { space: id } : { building: id });
  if (!place.building) return null;
  const here = (at: { building: Uuid | null; space: Uuid | null }) => (space ? at.space === id : at.building === id);
  const assets = [...site.assets.values()].filter((asset) => here(asset) && asset.status !== "retired");
  const on = new Set(assets.map((asset) => asset.id));
  const plans = [...site.plans.values()]
    .filter((plan) => (plan.asset ? on.has(plan.asset) : !space && plan.building === id))
    .map((plan) => view(plan.id))
    .filter((plan) => plan !== null)
    .sort(byUrgency);
  const defects = [...site.defects.values()].filter((defect) => here(defect) || (defect.asset && on.has(defect.asset)));
  return { place, plans, assets: assets.sort((a, b) => a.name.localeCompare(b.name)), defects };
}

export function assetView(
  site: SiteData,
  id: Uuid,
  view: (plan: Uuid) => PlanView | null,
  items: readonly OutboxItem[],
): AssetView | null {
  const asset = site.assets.get(id);
  if (!asset) return null;
  const plans = [...site.plans.values()].filter((plan) => plan.asset === id);
  const defects = [...site.defects.values()].filter((defect) => defect.asset === id);
  const theirs = new Set(defects.map((defect) => defect.id));
  return {
    asset,
    type: site.asset_types.get(asset.type) ?? null,
    place: placeOf(site, asset),
    parent: (asset.parent && site.assets.get(asset.parent)) || null,
    parts: [...site.assets.values()].filter((part) => part.parent === id),
    tags: [...site.tags.values()].filter((tag) => tag.asset === id).map((tag) => tag.code),
    plans: plans
      .map((plan) => view(plan.id))
      .filter((plan) => plan !== null)
      .sort(byUrgency),
    covered: asset.status === "retired" ? [] : coveredBy(site, asset, view),
    defects: defects.sort((a, b) => Number(b.unsafe) - Number(a.unsafe) || b.found_on.localeCompare(a.found_on)),
    work_orders: [...site.work_orders.values()].filter((order) => order.defect !== null && theirs.has(order.defect)),
    readings: site.readings.filter((reading) => reading.asset === id),
    event_checks: site.checks.filter((check) => fitsEvent(check, asset.type)),
    recent: items.filter((item) => item.asset === id).reverse(),
  };
}

/**
 * Plans on something else that cover this thing: their check names its kind, or asks which one of its kind was done.
 * Those of its parent if there are any, else those of its building or the whole site, else (one panel often serves
 * several buildings) all that name its kind.
 */
function coveredBy(site: SiteData, asset: Asset, view: (plan: Uuid) => PlanView | null): Covered[] {
  const found = [...site.plans.values()]
    .filter((plan) => plan.asset !== asset.id)
    .map((plan) => view(plan.id))
    .filter((plan) => plan !== null && (plan.plan.asset === null || !plan.form.asset_types.includes(asset.type)))
    .flatMap((plan) => coveredIn(plan as PlanView, asset));
  const building = placeOf(site, asset).building?.id;
  const its = found.filter(({ plan }) => asset.parent !== null && plan.plan.asset === asset.parent);
  const here = found.filter(({ plan }) => !plan.place.building || plan.place.building.id === building);
  const named = found.filter(({ plan }) => plan.form.also_covers.includes(asset.type));
  const best = [its, here, named].find((some) => some.length > 0) ?? [];
  return best.sort((a, b) => byUrgency(a.plan, b.plan));
}

/** Whether it has a part in what is checked, such as "sentinel" of an outlet: a fact that holds one or several. */
export function hasRole(asset: Asset, role: string): boolean {
  const { role: own } = asset.facts;
  return Array.isArray(own) ? own.includes(role) : own === role;
}

/** Whether a check looks at such a thing too: it names one, it counts them, or it is a round with this one on its list. */
function coveredIn(plan: PlanView, asset: Asset): Covered[] {
  const { type } = asset;
  const { questions, also_covers, asset_types } = plan.form;
  const asked = questions.filter(({ asset_type }) => asset_type === type);
  const fill = asked.find((one) => one.type === "asset-ref")?.key ?? null;
  const roles = asked.flatMap(({ must_include }) => must_include ?? []);
  const round = roles.length > 0 || (plan.plan.asset === null && asset_types.includes(type));
  const onItsList = round && (roles.length === 0 || roles.some((role) => hasRole(asset, role)));
  return fill !== null || onItsList || also_covers.includes(type) ? [{ plan, fill }] : [];
}

/** How many things of the check's kinds stand where the plan is: its building, or the whole site. */
export function registeredAt(site: SiteData, { plan, form }: PlanView): number {
  const there = [...site.assets.values()].filter(
    (asset) => asset.status !== "retired" && form.asset_types.includes(asset.type),
  );
  return there.filter((asset) => !plan.building || placeOf(site, asset).building?.id === plan.building).length;
}

function fitsEvent(check: CheckForm, type: string): boolean {
  return check.event !== null && check.current && check.on === "asset" && check.asset_types.includes(type);
}
