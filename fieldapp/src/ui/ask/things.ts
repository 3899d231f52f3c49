/** Which things a question offers: those of its kind, of the plan's building, and where it says so of one role. */

import type { Asset, Building, Question, SiteData, Uuid } from "../../engine";
import { hasRole } from "../../register";
import { natural } from "../say";

export interface Offered {
  /** Building by building, "2" before "10". */
  things: Asset[];
  /** Those that must be ticked: everything with the role that the question names, except what is out of service. */
  must: ReadonlySet<Uuid>;
}

/**
 * `building`: only what is there; null for a check on the whole site or on one thing. `near`: the thing that is checked;
 * its own parts come first, then what is in its building.
 */
export function offered(site: SiteData, question: Question, building: Uuid | null, near: Asset | null = null): Offered {
  const kind = [...site.assets.values()].filter(
    (asset) =>
      asset.status !== "retired" &&
      (!question.asset_type || asset.type === question.asset_type) &&
      (!building || buildingOf(site, asset) === building),
  );
  const role = question.must_include;
  const named = role ? kind.filter((asset) => hasRole(asset, role)) : [];
  // a register in which nobody has marked the role yet must not make the check impossible
  const things = named.length > 0 ? named : kind;
  const must = new Set(named.filter((asset) => asset.status !== "out-of-service").map((asset) => asset.id));
  return {
    things: things.sort(
      (a, b) =>
        away(site, a, near) - away(site, b, near) ||
        natural(whereOf(site, a), whereOf(site, b)) ||
        natural(a.name, b.name),
    ),
    must,
  };
}

/** How far a thing is from another: 0 its part, 1 in its building, 2 elsewhere. */
function away(site: SiteData, asset: Asset, near: Asset | null): number {
  if (near === null || asset.parent === near.id) return 0;
  const house = buildingOf(site, near);
  return house !== null && buildingOf(site, asset) === house ? 1 : 2;
}

export function buildingOf(site: SiteData, asset: Asset): Uuid | null {
  return asset.building ?? site.spaces.get(asset.space ?? "")?.building ?? null;
}

function whereOf(site: SiteData, asset: Asset): string {
  return site.buildings.get(buildingOf(site, asset) ?? "")?.name ?? "\uffff";
}

export interface Grouped {
  key: string;
  building: Building | null;
  things: Asset[];
}

/** Under the name of each building, in the order in which they came. */
export function grouped(site: SiteData, things: readonly Asset[]): Grouped[] {
  const groups = new Map<string, Grouped>();
  for (const asset of things) {
    const key = buildingOf(site, asset) ?? "";
    const group = groups.get(key) ?? { key, building: site.buildings.get(key) ?? null, things: [] };
    group.things.push(asset);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** How many that must be ticked are not. */
export function unticked(site: SiteData, question: Question, building: Uuid | null, answer: unknown): number {
  if (question.type !== "asset-list" || !question.must_include) return 0;
  const ticked = new Set(Array.isArray(answer) ? answer : []);
  return [...offered(site, question, building).must].filter((id) => !ticked.has(id)).length;
}
