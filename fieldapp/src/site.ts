/** One site as the phone knows it: the three documents made into look-ups, with this phone's own work laid over them. */

import { dayOf } from "./days";
import type { LoadedDoc, OpRow } from "./rows";
import type {
  Asset,
  AssetAdded,
  AssetChanged,
  DefectReported,
  IsoTime,
  NotDoneReason,
  Place,
  ReadingTaken,
  SiteData,
  TagClaimed,
  Uuid,
  WorkDone,
} from "./types";

export interface SiteDocs {
  forms: LoadedDoc<"forms">;
  register: LoadedDoc<"register">;
  due: LoadedDoc<"due">;
}

const byId = <T extends { id: Uuid }>(rows: readonly T[]) => new Map(rows.map((row) => [row.id, row]));

/** When all three were last confirmed: the oldest of the three times. */
export function checkedAt({ forms, register, due }: SiteDocs): IsoTime {
  return [forms, register, due].map((doc) => doc.checked_at).sort()[0] ?? due.checked_at;
}

/** The server's three documents as look-ups. */
export function siteData(docs: SiteDocs): SiteData {
  const { forms, register, due } = docs;
  return {
    site: register.body.site,
    checked_at: checkedAt(docs),
    as_of: due.body.as_of,
    buildings: byId(register.body.buildings),
    spaces: byId(register.body.spaces),
    assets: byId(register.body.assets),
    tags: new Map(register.body.tags.map((tag) => [tag.code, tag])),
    old_tags: new Map((register.body.old_tags ?? []).map(({ code, by }) => [code, by])),
    plans: byId(due.body.plans),
    rounds: due.body.rounds ?? [],
    people: byId(register.body.people),
    defects: byId(due.body.defects),
    work_orders: byId(due.body.work_orders),
    readings: due.body.readings,
    checks: forms.body.checks,
    asset_types: new Map(forms.body.asset_types.map((type) => [type.key, type])),
    disciplines: new Map(forms.body.disciplines.map(({ key, title }) => [key, title])),
    not_done_reasons: forms.body.not_done_reasons.map(({ key, words }) => ({ key: key as NotDoneReason, words })),
  };
}

/** The same site with what was done on this phone and the documents do not show yet. The given one is not changed. */
export function withLocalWork(
  site: SiteData,
  rows: readonly OpRow[],
  ticks: { register: number; due: number },
): SiteData {
  const fresh = (row: OpRow, tick: number) => row.settled_tick === null || row.settled_tick > tick;
  const seen = { ...site };
  for (const row of rows) {
    if (row.site !== site.site.id) continue;
    const lay = LAYERS[row.op.kind];
    if (lay && fresh(row, lay.doc === "register" ? ticks.register : ticks.due)) lay.over(seen, row);
  }
  return seen;
}

interface Layer {
  doc: "register" | "due";
  over(site: SiteData, row: OpRow): void;
}

const LAYERS: Partial<Record<OpRow["op"]["kind"], Layer>> = {
  asset_added: {
    doc: "register",
    over(site, row) {
      site.assets = new Map(site.assets).set(row.id, newAsset(row.id, row.op.body as AssetAdded));
    },
  },
  asset_changed: {
    doc: "register",
    over(site, row) {
      const { asset: id, changes } = row.op.body as AssetChanged;
      const before = site.assets.get(id);
      if (!before) return;
      const { note: _note, facts, ...plain } = changes;
      site.assets = new Map(site.assets).set(id, { ...before, ...plain, facts: { ...before.facts, ...facts } });
    },
  },
  tag_claimed: {
    doc: "register",
    over(site, row) {
      const { tag, asset, replaces } = row.op.body as TagClaimed;
      site.tags = new Map(site.tags).set(tag, { code: tag, asset });
      if (replaces && site.tags.get(replaces)?.asset === asset) {
        site.tags.delete(replaces);
        site.old_tags = new Map(site.old_tags).set(replaces, tag);
      }
    },
  },
  defect_reported: {
    doc: "due",
    over(site, row) {
      const { asset, place, summary, severity, unsafe } = row.op.body as DefectReported;
      const { building, space } = place ?? site.assets.get(asset ?? "") ?? { building: null, space: null };
      const found_on = dayOf(row.op.made_at);
      const defect = { id: row.id, asset, building, space, summary, severity, unsafe, found_on };
      site.defects = new Map(site.defects).set(row.id, defect);
    },
  },
  work_done: {
    doc: "due",
    over(site, row) {
      const left = new Map(site.work_orders);
      left.delete((row.op.body as WorkDone).work_order);
      site.work_orders = left;
    },
  },
  reading_taken: {
    doc: "due",
    over(site, row) {
      const { asset, value, unit } = row.op.body as ReadingTaken;
      const others = site.readings.filter((reading) => reading.asset !== asset || reading.unit !== unit);
      site.readings = [...others, { asset, value: String(value), unit, taken_at: row.op.made_at }];
    },
  },
};

function newAsset(id: Uuid, body: AssetAdded): Asset {
  const { name, type, building, space, make = "", model = "", serial = "", facts = {} } = body;
  const blank = { status: "in-use", status_reason: "", parent: null };
  return { id, name, type, building, space, make, model, serial, facts, ...blank };
}

/** Where something is, in words, with the warnings of the place. */
export function placeOf(site: SiteData, of: { building?: Uuid | null; space?: Uuid | null }): Place {
  const space = of.space ? (site.spaces.get(of.space) ?? null) : null;
  const buildingId = of.building ?? space?.building;
  const building = buildingId ? (site.buildings.get(buildingId) ?? null) : null;
  const words = [building?.name, space?.name].filter(Boolean).join(", ") || site.site.name;
  const warnings = [building?.warning, space?.warning].filter((warning): warning is string => Boolean(warning));
  return { building, space, words, warnings };
}

/** Assets that have all the words somewhere in name, kind, serial, place or code; matches in the name come first. */
export function searchAssets(site: SiteData, words: string): Asset[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const codes = codesByAsset(site);
  const found: { asset: Asset; rank: number }[] = [];
  for (const asset of site.assets.values()) {
    const name = asset.name.toLowerCase();
    const kind = site.asset_types.get(asset.type)?.name;
    const rest = [kind, asset.serial, asset.make, asset.model, placeOf(site, asset).words, codes.get(asset.id)];
    const text = `${name} ${rest.join(" ").toLowerCase()}`;
    if (wanted.every((word) => text.includes(word))) found.push({ asset, rank: rankOf(name, wanted) });
  }
  found.sort((a, b) => a.rank - b.rank || a.asset.name.localeCompare(b.asset.name, "en-GB", { numeric: true }));
  return found.slice(0, 50).map(({ asset }) => asset);
}

function codesByAsset(site: SiteData): Map<Uuid, string> {
  const codes = new Map<Uuid, string>();
  for (const { asset, code } of site.tags.values()) {
    if (asset) codes.set(asset, `${codes.get(asset) ?? ""} ${code}`);
  }
  return codes;
}

/** 0: the name begins so. 1: the name has all the words. 2: something else has. */
function rankOf(name: string, wanted: readonly string[]): number {
  if (name.startsWith(wanted[0] ?? "")) return 0;
  return wanted.every((word) => name.includes(word)) ? 1 : 2;
}
