import { describe, expect, test } from "vitest";
import type { OutboxItem, PlanView, Round, SiteData } from "./types";
import { dealtWith, floorOrder, NOWHERE, roundsOf, type Walk, walkOf } from "./walk";

let made = 0;
interface Where {
  building?: string;
  floor?: string;
  space?: string;
  minutes?: number | null;
  own?: number;
}

function view(name: string, { building = "", floor = "", space = "", minutes = 5, own }: Where = {}): PlanView {
  return {
    plan: { id: name, ...(own ? { minutes: own } : {}) },
    form: { title: "Temperatures", minutes },
    asset: { id: `thing ${++made}`, name },
    place: {
      building: building ? { id: building, name: building } : null,
      space: space ? { id: space, name: space, floor } : null,
    },
  } as unknown as PlanView;
}

const names = (walk: Walk) => walk.left.map((one) => one.plan.id);
const walk = (views: PlanView[], more: Partial<Parameters<typeof walkOf>[1]> = {}) =>
  walkOf(views, { round: null, stopped: NOWHERE, at: null, done: 0, ...more });

const main = { building: "Main" };
const hall = view("Hall tap", { ...main, floor: "Ground", space: "Hall" });
const upstairs = view("Lab tap", { ...main, floor: "First", space: "Lab" });
const tap2 = view("Tap 2", { ...main, floor: "Ground", space: "Kitchen" });
const tap10 = view("Tap 10", { ...main, floor: "Ground", space: "Kitchen" });
const boiler = view("Boiler", { ...main, floor: "Basement", space: "Plant" });
const annexe = view("Annexe door", { building: "Annexe" });
const gate = view("Gate");
const all = [upstairs, tap10, annexe, hall, gate, boiler, tap2];

describe("the order of a walk", () => {
  test("outside, then building by building, from the lowest floor up, room by room, tap 2 before tap 10", () => {
    expect(names(walk(all))).toEqual(["Gate", "Annexe door", "Boiler", "Hall tap", "Tap 2", "Tap 10", "Lab tap"]);
  });

  test("checks in the same spot are one stop", () => {
    const spots = walk(all).spots.map((spot) => [spot.place.space?.name ?? "", spot.views.length]);
    expect(spots).toEqual([
      ["", 1],
      ["", 1],
      ["Plant", 1],
      ["Hall", 1],
      ["Kitchen", 2],
      ["Lab", 1],
    ]);
  });

  test("a floor without a number is the ground floor, and the roof is above all", () => {
    expect(["", "Lower ground", "2nd", "Roof", "-1"].map(floorOrder)).toEqual([0, -1, 2, 99, -1]);
  });

  test("the office's own round is walked in its own order", () => {
    const round = {
      id: "r",
      name: "Taps",
      often: "month",
      days: [],
      person: null,
      plans: ["Tap 10", "Hall tap", "Tap 2"],
    };
    expect(names(walk([tap2, hall, tap10], { round }))).toEqual(["Tap 10", "Hall tap", "Tap 2"]);
  });
});

describe("carrying on", () => {
  test("the walk goes on after the one that was done, and comes round to what was left out", () => {
    const left = all.filter((one) => one !== hall);
    expect(names(walk(left, { at: hall })).slice(0, 3)).toEqual(["Tap 2", "Tap 10", "Lab tap"]);
    expect(names(walk(left, { at: hall })).at(-1)).toBe("Boiler");
  });

  test("one that was opened and not done is still the next", () => {
    expect(names(walk(all, { at: hall }))[0]).toBe("Hall tap");
  });

  test("begun in the middle of a room, the rest of the room comes before the next", () => {
    const taps = [1, 2, 3, 4].map((n) => view(`Tap ${n}`, { ...main, floor: "Ground", space: "Kitchen" }));
    const there = [gate, hall, ...taps, upstairs];
    expect(names(walk(there, { at: taps[2] })).slice(0, 5)).toEqual(["Tap 3", "Tap 4", "Tap 1", "Tap 2", "Lab tap"]);
    const done = [gate, hall, taps[0] as PlanView, upstairs];
    expect(names(walk(done, { at: taps[3] }))).toEqual(["Tap 1", "Lab tap", "Gate", "Hall tap"]);
  });

  test("the office's own order is kept, though it comes back to a room", () => {
    const taps = [1, 2, 3, 4].map((n) => view(`Tap ${n}`, { ...main, floor: "Ground", space: n % 2 ? "Hall" : "Lab" }));
    const round = { id: "r", name: "", often: "", days: [], person: null, plans: taps.map((one) => one.plan.id) };
    expect(names(walk(taps.slice(1), { round, at: taps[0] }))).toEqual(["Tap 2", "Tap 3", "Tap 4"]);
    expect(names(walk(taps, { round, at: taps[2] }))).toEqual(["Tap 3", "Tap 4", "Tap 1", "Tap 2"]);
  });

  test("what was tried in vain is counted and named, not left out", () => {
    const tried = walk([hall, gate], { tried: [tap10, tap2], done: 1 });
    expect([tried.of, tried.done, tried.left.length, tried.tried.map((one) => one.plan.id)]).toEqual([
      5,
      1,
      2,
      ["Tap 2", "Tap 10"],
    ]);
  });

  test("after the last of all it begins again at the first", () => {
    expect(names(walk([gate, hall], { at: upstairs }))).toEqual(["Gate", "Hall tap"]);
  });

  test("what was put off waits until the end, in the order in which it was put off", () => {
    const stopped = { ...NOWHERE, skipped: ["Tap 2", "Gate"] };
    expect(names(walk(all, { stopped })).slice(-2)).toEqual(["Tap 2", "Gate"]);
  });

  test("what stood out in an answer for several comes first, even when it was put off before", () => {
    const stopped = { at: null, skipped: ["Lab tap"], first: ["Lab tap", "Tap 10"] };
    expect(names(walk(all, { stopped })).slice(0, 2)).toEqual(["Lab tap", "Tap 10"]);
    expect(names(walk(all, { stopped }))).toHaveLength(all.length);
  });
});

describe("how much is left", () => {
  test("minutes add up, the office's own before the form's; what says none is counted apart", () => {
    const views = [view("a", { minutes: 10 }), view("b", { minutes: 60, own: 3 }), view("c", { minutes: null })];
    const { minutes, unknown, done, of } = walk(views, { done: 4 });
    expect({ minutes, unknown, done, of }).toEqual({ minutes: 13, unknown: 1, done: 4, of: 7 });
  });

  test("done today by anybody is done; tried in vain here today is out of the way; yesterday's is neither", () => {
    const plan = (id: string, on: string | null) => [id, { id, last: on ? { on } : null }];
    const site = {
      plans: new Map([plan("a", "2026-11-24"), plan("b", null), plan("c", null), plan("d", null)] as never),
    };
    const item = (id: string, kind: string, made_at: string) => ({ plan: id, kind, made_at }) as OutboxItem;
    const items = [
      item("b", "check_done", "2026-11-24T08:00:00Z"),
      item("c", "check_not_done", "2026-11-24T08:00:00Z"),
      item("d", "check_not_done", "2026-11-23T08:00:00Z"),
    ];
    const { done, tried } = dealtWith(site as SiteData, items, "2026-11-24", (at) => at.toISOString().slice(0, 10));
    expect([[...done], [...tried]]).toEqual([["a", "b"], ["c"]]);
  });
});

describe("today's rounds", () => {
  const round = (name: string, days: number[], person: string | null) => ({ name, days, person }) as Round;
  const rounds = [
    round("Anyday", [], null),
    round("Mine", [2], "me"),
    round("Theirs", [2], "you"),
    round("Friday", [5], "me"),
  ];

  test("mine first, then anybody's; not another weekday's, not somebody else's", () => {
    const names = roundsOf({ rounds } as SiteData, "me", "2026-11-24").map((one) => one.name);
    expect(names).toEqual(["Mine", "Anyday"]);
  });
});
