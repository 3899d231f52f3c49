import { describe, expect, test } from "vitest";
import type { Asset, Question, SiteData } from "../../engine";
import { grouped, offered, unticked } from "./things";

const tap = (id: string, name: string, more: Partial<Asset> = {}) =>
  ({ id, name, type: "tap", status: "in-use", building: "main", space: null, facts: {}, ...more }) as Asset;

function siteOf(...assets: Asset[]): SiteData {
  const buildings = [
    { id: "main", name: "Main building", warning: "" },
    { id: "annex", name: "Annex", warning: "" },
  ];
  return {
    assets: new Map(assets.map((one) => [one.id, one])),
    buildings: new Map(buildings.map((one) => [one.id, one])),
    spaces: new Map([["hall", { id: "hall", building: "annex", name: "Hall", floor: "", warning: "" }]]),
  } as unknown as SiteData;
}

const ask: Question = { key: "taps", label: "Taps", type: "asset-list", required: true, asset_type: "tap" };
const round: Question = { ...ask, must_include: "little-used" };
const names = (site: SiteData, building: string | null, question = ask) =>
  offered(site, question, building).things.map((one) => one.name);

describe("what a question offers", () => {
  const site = siteOf(
    tap("a", "Tap 10"),
    tap("b", "Tap 2"),
    tap("c", "Tap 1", { building: null, space: "hall" }),
    tap("d", "Tap 3", { status: "retired" }),
    tap("e", "Boiler", { type: "boiler" }),
  );

  test("a check on a building offers what is in it, also by its room", () => {
    expect(names(site, "main")).toEqual(["Tap 2", "Tap 10"]);
    expect(names(site, "annex")).toEqual(["Tap 1"]);
  });

  test("a check on the site offers everything, building by building, 2 before 10", () => {
    expect(names(site, null)).toEqual(["Tap 1", "Tap 2", "Tap 10"]);
    const groups = grouped(site, offered(site, ask, null).things);
    expect(groups.map(({ building, things }) => [building?.name, things.length])).toEqual([
      ["Annex", 1],
      ["Main building", 2],
    ]);
  });
});

test("a check on one thing offers its own parts first, then what is in its building", () => {
  const panel = tap("p", "Panel", { type: "panel", building: "main" });
  const points = [
    tap("a", "Tap 1", { building: null, space: "hall" }),
    tap("b", "Tap 2"),
    tap("c", "Tap 3", { building: null, space: "hall", parent: "p" }),
  ];
  const things = (near: Asset | null) => offered(siteOf(panel, ...points), ask, null, near).things;
  expect(things(panel).map(({ name }) => name)).toEqual(["Tap 3", "Tap 2", "Tap 1"]);
  expect(things(null).map(({ name }) => name)).toEqual(["Tap 1", "Tap 3", "Tap 2"]);
});

describe("a round that must include every one with a role", () => {
  const site = siteOf(
    tap("a", "Tap 1", { facts: { role: ["little-used", "sentinel"] } }),
    tap("b", "Tap 2", { facts: { role: "little-used" } }),
    tap("c", "Tap 3", { facts: { role: ["sentinel"] } }),
    tap("d", "Tap 4", { facts: { role: ["little-used"] }, status: "out-of-service" }),
  );

  test("offers only those, and asks for each that is in service", () => {
    expect(names(site, null, round)).toEqual(["Tap 1", "Tap 2", "Tap 4"]);
    expect([...offered(site, round, null).must]).toEqual(["a", "b"]);
    expect(unticked(site, round, null, ["a"])).toBe(1);
    expect(unticked(site, round, null, ["a", "b"])).toBe(0);
  });

  test("where nobody has marked any yet, all are offered and none is demanded", () => {
    const unmarked = siteOf(tap("a", "Tap 1"), tap("b", "Tap 2"));
    expect(names(unmarked, null, round)).toEqual(["Tap 1", "Tap 2"]);
    expect(unticked(unmarked, round, null, [])).toBe(0);
  });
});
