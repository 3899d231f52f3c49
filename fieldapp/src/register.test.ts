import { describe, expect, it } from "vitest";
import { aboutOf } from "./about";
import { newId } from "./canonical";
import { assetView, foundBy, placeView, registeredAt } from "./register";
import { placeOf, searchAssets } from "./site";
import { checkDone, readyPhone, type TestPhone } from "./testing/phone";
import { ASSET, BUILDING, PERSON, SITE } from "./testing/server";
import { planView } from "./today";
import type { Asset, OpBodies, OpKind, Plan, PlanView, SiteData } from "./types";

const HOSTS = ["Q.SITE.DEMO"];
const siteOf = (phone: TestPhone) => phone.desk.snapshot().site as SiteData;

async function saveWork<K extends OpKind>(phone: TestPhone, kind: K, body: OpBodies[K]) {
  const author = { id: PERSON, name: "Sam Field" };
  const row = await phone.journal.record({ kind, body, author, ...aboutOf(kind, body, siteOf(phone)) });
  await phone.desk.refresh();
  return row;
}

describe("a label is looked up without a signal", () => {
  it.each([
    ["HTTPS://Q.SITE.DEMO/M9S346Q0", "asset"],
    ["m9s3 46qo", "asset"],
    ["3D25VT4W", "unassigned"],
    ["F5V37E37", "unknown"],
    ["F5V37E38", "bad-code"],
    ["https://example.com/M9S346Q0", "not-ours"],
  ])("%s: %s", async (text, kind) => {
    const phone = await readyPhone();
    expect(foundBy(text, HOSTS, siteOf(phone)).kind).toBe(kind);
  });

  it("without any site every good code is unknown", () => {
    expect(foundBy("M9S346Q0", HOSTS, null)).toEqual({ kind: "unknown", code: "M9S346Q0" });
  });
});

describe("labels of places, and labels out of use", () => {
  async function labelled() {
    const phone = await readyPhone();
    const site = siteOf(phone);
    const room = { id: newId(), building: BUILDING, name: "Boiler room", floor: "", warning: "Hot pipes" };
    site.spaces = new Map([[room.id, room]]);
    const asset = site.assets.get(ASSET) as Asset;
    site.assets = new Map([[ASSET, { ...asset, building: BUILDING, space: room.id }]]);
    site.tags = new Map(site.tags)
      .set("F5V37E37", { code: "F5V37E37", asset: null, building: BUILDING, space: room.id })
      .set("3D25VT4W", { code: "3D25VT4W", asset: null, building: BUILDING });
    return { site, room, phone };
  }

  it("a room's label opens the room, a building's the building", async () => {
    const { site, room } = await labelled();
    expect(foundBy("F5V37E37", HOSTS, site)).toMatchObject({ kind: "place", id: room.id, name: "Boiler room" });
    expect(foundBy("3D25VT4W", HOSTS, site)).toMatchObject({ kind: "place", id: BUILDING });
  });

  it("a room shows what stands there and what is due on it; retired things are gone", async () => {
    const { site, room } = await labelled();
    const now = new Date("2026-11-24T09:00:00Z").toISOString().slice(0, 10);
    const view = (id: string) => planView(site, site.plans.get(id) as Plan, [], now);
    const seen = placeView(site, room.id, view);
    expect(seen?.place).toMatchObject({ words: "Main building, Boiler room", warnings: ["Hot pipes"] });
    expect(seen?.assets.map((one) => one.id)).toEqual([ASSET]);
    expect(seen?.plans.map((one) => one.plan.asset)).toEqual([ASSET]);
    site.assets = new Map([[ASSET, { ...(site.assets.get(ASSET) as Asset), status: "retired" }]]);
    expect(placeView(site, room.id, view)).toMatchObject({ assets: [], plans: [] });
    expect(placeView(site, newId(), view)).toBeNull();
  });

  it("a label out of use says which one came in its place, and what that is on", async () => {
    const { site } = await labelled();
    site.tags.delete("3D25VT4W");
    site.old_tags = new Map([["3D25VT4W", "M9S346Q0"]]);
    expect(foundBy("3D25VT4W", HOSTS, site)).toMatchObject({
      kind: "replaced",
      by: "M9S346Q0",
      found: { kind: "asset", asset: { id: ASSET } },
    });
    site.old_tags = new Map([["3D25VT4W", null]]);
    expect(foundBy("3D25VT4W", HOSTS, site)).toEqual({ kind: "replaced", code: "3D25VT4W", by: null, found: null });
  });
});

describe("work done here is in the register before the server knows of it", () => {
  it("a new asset, the label put on it, and the problem found with it", async () => {
    const phone = await readyPhone();
    const place = { site: SITE, building: BUILDING, space: null };
    const added = await saveWork(phone, "asset_added", { ...place, type: "fire-alarm-panel", name: "Annex panel" });
    await saveWork(phone, "tag_claimed", { tag: "3D25VT4W", asset: added.id });
    const problem = { summary: "Door broken", severity: "high", unsafe: true, photos: [] } as const;
    await saveWork(phone, "defect_reported", { asset: added.id, place: null, ...problem, photos: [] });
    const found = foundBy("3D25VT4W", HOSTS, siteOf(phone));
    expect(found).toMatchObject({ kind: "asset", asset: { name: "Annex panel" } });
    const view = assetView(siteOf(phone), added.id, () => null, phone.desk.items);
    expect(view).toMatchObject({ place: { words: "Main building" }, tags: ["3D25VT4W"], defects: [{ unsafe: true }] });
    expect(view?.recent.map((item) => item.title)).toEqual([
      "Problem: Door broken",
      "Label 3D25VT4W is on Annex panel",
    ]);
  });

  it("a changed name and a new reading", async () => {
    const phone = await readyPhone();
    await saveWork(phone, "asset_changed", {
      asset: ASSET,
      changes: { name: "Panel A", facts: { zones: 8 }, note: "x" },
    });
    await saveWork(phone, "reading_taken", { asset: ASSET, value: 12.5, unit: "V", photos: [] });
    expect(siteOf(phone).assets.get(ASSET)).toMatchObject({
      name: "Panel A",
      facts: { zones: 8 },
      type: "fire-alarm-panel",
    });
    expect(siteOf(phone).readings).toMatchObject([{ asset: ASSET, value: "12.5", unit: "V" }]);
  });

  it("gives way to the server's word once that has come", async () => {
    const phone = await readyPhone();
    await saveWork(phone, "asset_changed", { asset: ASSET, changes: { name: "Panel A" } });
    const [asset] = phone.server.docs.register.assets;
    if (asset) asset.name = "Panel A (office)";
    phone.server.version++;
    await phone.traffic.kick({ pull: true });
    expect(siteOf(phone).assets.get(ASSET)?.name).toBe("Panel A (office)");
  });
});

describe("searching", () => {
  it("finds by all words anywhere: name, place, code", async () => {
    const site = siteOf(await readyPhone());
    for (const words of ["alarm", "panel main", "M9S346Q0", "FIRE building"]) {
      expect(searchAssets(site, words).map((asset) => asset.id)).toEqual([ASSET]);
    }
    expect(searchAssets(site, "alarm annex")).toEqual([]);
    expect(searchAssets(site, "  ")).toEqual([]);
  });

  it("puts names that begin so first, and numbers in their order", async () => {
    const site = siteOf(await readyPhone());
    const [panel] = site.assets.values();
    const add = (name: string) => panel && site.assets.set(newId(), { ...panel, id: newId(), name });
    ["Call point 10", "Call point 2", "Spare for call point"].forEach(add);
    expect(searchAssets(site, "call").map((asset) => asset.name)).toEqual([
      "Call point 2",
      "Call point 10",
      "Spare for call point",
    ]);
  });
});

it("the outbox names a piece of work as a caretaker would", async () => {
  const site = siteOf(await readyPhone());
  expect(aboutOf("check_done", checkDone(), site)).toMatchObject({
    title: "Fire alarm test",
    about: "Fire alarm panel, Main building",
    site: SITE,
  });
  expect(aboutOf("check_done", checkDone(), null)).toMatchObject({ title: "fire-alarm-weekly", about: "" });
});

describe("a thing that another check covers", () => {
  it("is offered that check, with the question that it answers; the thing that it is planned on is not", async () => {
    const phone = await readyPhone();
    const site = siteOf(phone);
    const [plan] = [...site.plans.values()];
    const form = site.checks.find((check) => check.code === plan?.check);
    if (!plan || !form) throw new Error("The fake server has no plan");
    form.also_covers = ["call-point"];
    form.questions = [
      { key: "point", label: "Call point", type: "asset-ref", required: true, asset_type: "call-point" },
    ];
    const point = { ...(site.assets.get(ASSET) as Asset), id: "point", name: "Call point 1", type: "call-point" };
    site.assets.set(point.id, point);
    const view = (id: string) => planView(site, site.plans.get(id) as Plan, [], "2026-11-24");
    const covered = (id: string) => assetView(site, id, view, [])?.covered.map((one) => [one.plan.plan.id, one.fill]);
    expect(covered("point")).toEqual([[plan.id, "point"]]);
    expect(covered(ASSET)).toEqual([]);
  });

  it("is offered the round of its building that has it on its list, by its role; others are not", async () => {
    const phone = await readyPhone();
    const site = siteOf(phone);
    const [plan] = [...site.plans.values()];
    const form = site.checks.find((check) => check.code === plan?.check);
    if (!plan || !form) throw new Error("The fake server has no plan");
    plan.asset = null;
    form.asset_types = ["water-outlet"];
    form.questions = [
      {
        key: "taps",
        label: "Taps",
        type: "asset-list",
        required: true,
        asset_type: "water-outlet",
        must_include: "little-used",
      },
    ];
    const tap = (id: string, role: string) => {
      const made = {
        ...(site.assets.get(ASSET) as Asset),
        id,
        name: id,
        type: "water-outlet",
        facts: { role: [role] },
      };
      site.assets.set(id, made);
      return made;
    };
    tap("far", "little-used");
    tap("kitchen", "sentinel");
    const view = (id: string) => planView(site, site.plans.get(id) as Plan, [], "2026-11-24");
    const covered = (id: string) => assetView(site, id, view, [])?.covered.map((one) => [one.plan.plan.id, one.fill]);
    expect(covered("far")).toEqual([[plan.id, null]]);
    expect(covered("kitchen")).toEqual([]);
  });

  it("counts what the register has in the building of a plan, without what is retired or elsewhere", async () => {
    const phone = await readyPhone();
    const site = siteOf(phone);
    const first = [...site.plans.values()][0] as Plan;
    const thing = site.assets.get(ASSET) as Asset;
    const building = placeOf(site, thing).building?.id ?? null;
    const form = site.checks.find((check) => check.code === first.check);
    if (!form || !building) throw new Error("The fake server has no plan in a building");
    form.asset_types = ["fire-blanket"];
    const blanket = (id: string, more: Partial<Asset>) =>
      site.assets.set(id, { ...thing, id, type: "fire-blanket", ...more });
    blanket("a", {});
    blanket("b", {});
    blanket("gone", { status: "retired" });
    blanket("far", { building: null, space: null });
    const counted = (plan: Plan) => {
      site.plans.set(plan.id, plan);
      return registeredAt(site, planView(site, plan, [], "2026-11-24") as PlanView);
    };
    expect(counted({ ...first, asset: null, building })).toBe(2);
    expect(counted({ ...first, asset: null, building: null })).toBe(3);
  });
});
