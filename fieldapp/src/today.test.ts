import { describe, expect, it } from "vitest";
import { dayOf, daysBetween } from "./days";
import type { OpRow } from "./rows";
import { siteData } from "./site";
import { checkDone, readyPhone, save } from "./testing/phone";
import { FakeServer, PERSON, SITE } from "./testing/server";
import { formFor, localByPlan, type StoredDates, statusOn, todayOf, unservedWindows } from "./today";
import type { Asset, CheckForm, DueDoc, DueWindow, Plan, SiteData } from "./types";

const dates = (more: Partial<StoredDates> = {}): StoredDates => ({
  due_on: "2026-11-27",
  overdue_from: "2026-11-30",
  soon_from: "2026-11-25",
  pauses: [],
  ...more,
});

describe("the status on a day is read from three dates and the pauses", () => {
  it.each([
    ["2026-11-24", "in-date"],
    ["2026-11-25", "due-soon"],
    ["2026-11-27", "due-soon"],
    ["2026-11-28", "due"],
    ["2026-11-29", "due"],
    ["2026-11-30", "overdue"],
  ])("%s: %s", (day, status) => expect(statusOn(dates(), day)).toBe(status));

  it("both ends of a pause are paused, and a pause without an end goes on", () => {
    const paused = dates({ pauses: [["2026-11-28", "2026-12-01"]] });
    expect(["2026-11-27", "2026-11-28", "2026-12-01", "2026-12-02"].map((day) => statusOn(paused, day))).toEqual([
      "due-soon",
      "paused",
      "paused",
      "overdue",
    ]);
    expect(statusOn(dates({ pauses: [["2026-01-01", null]] }), "2030-01-01")).toBe("paused");
  });

  it("nothing owed is in date", () => {
    expect(statusOn({ due_on: null, overdue_from: null, soon_from: null, pauses: [] }, "2026-11-30")).toBe("in-date");
  });
});

describe("days", () => {
  it("are London's, also in summer and just before midnight", () => {
    expect(dayOf("2026-07-01T23:30:00Z")).toBe("2026-07-02");
    expect(dayOf("2026-11-22T23:30:00Z")).toBe("2026-11-22");
  });

  it("are counted across the change of clocks", () => {
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  });
});

const WINDOWS: DueWindow[] = [
  { counts_from: "2026-11-23", due_on: "2026-11-27", overdue_from: "2026-11-28", closes_on: "2026-11-29" },
  { counts_from: "2026-11-28", due_on: "2026-12-04", overdue_from: "2026-12-05", closes_on: "2026-12-06" },
];

describe("windows that work here leaves unserved", () => {
  it("each day's completion serves the oldest that is open", () => {
    expect(unservedWindows(WINDOWS, ["2026-11-28"])).toEqual([WINDOWS[1]]);
    expect(unservedWindows(WINDOWS, ["2026-11-28", "2026-11-29"])).toEqual([]);
    expect(unservedWindows(WINDOWS, ["2026-12-01"])).toEqual([WINDOWS[0]]);
    expect(unservedWindows(WINDOWS, ["2026-10-01"])).toEqual(WINDOWS);
  });

  it("one without an end stays open", () => {
    const open = WINDOWS.slice(0, 1).map((window) => ({ ...window, closes_on: null }));
    expect(unservedWindows(open, ["2027-05-01"])).toEqual([]);
  });
});

function siteWith(plans: Partial<Plan>[]): SiteData {
  const { docs } = new FakeServer();
  const [first] = docs.due.plans;
  const due: DueDoc = {
    ...docs.due,
    plans: plans.map((plan, at) => ({ ...(first as Plan), id: `plan-${at}`, ...plan })),
  };
  const row = { person: PERSON, site: SITE, etag: "", checked_at: "2026-11-24T09:00:00Z", tick: 0 };
  const { forms, register } = docs;
  return siteData({
    forms: { ...row, kind: "forms", body: forms },
    register: { ...row, kind: "register", body: register },
    due: { ...row, kind: "due", body: due },
  });
}

const ids = (site: SiteData, now: string, rows: OpRow[] = []) =>
  todayOf(site, localByPlan(rows, 0), new Date(now)).groups.flatMap((group) => group.items.map((item) => item.plan.id));

describe("today", () => {
  it("is most urgent first: overdue, due, due soon, in date; then what hangs on it; then the date", () => {
    const open = [{ counts_from: "2026-01-01", due_on: "2026-12-20", overdue_from: "2026-12-21", closes_on: null }];
    const plan = (due_on: string, overdue_from: string, soon_from: string, weight = 3) => ({
      due_on,
      overdue_from,
      soon_from,
      weight,
      windows: [{ ...open[0], due_on }] as Plan["windows"],
    });
    const site = siteWith([
      plan("2026-12-20", "2026-12-21", "2026-12-10", 5),
      plan("2026-11-25", "2026-11-26", "2026-11-20", 2),
      plan("2026-11-25", "2026-11-26", "2026-11-20", 4),
      plan("2026-11-20", "2026-11-22", "2026-11-10", 1),
      plan("2026-11-23", "2026-11-30", "2026-11-10", 1),
      plan("2026-11-24", "2026-11-26", "2026-11-20", 4),
    ]);
    expect(ids(site, "2026-11-24T09:00:00Z")).toEqual(["plan-3", "plan-4", "plan-5", "plan-2", "plan-1", "plan-0"]);
  });

  it("holds only what would count now: not what is not open yet, not what is paused", () => {
    const site = siteWith([
      { windows: WINDOWS },
      { windows: WINDOWS.slice(1) },
      { windows: WINDOWS, pauses: [["2026-11-20", null]] },
      { windows: WINDOWS, last: { on: "2026-11-24", outcome: "satisfactory", by: "Sam" } },
    ]);
    expect(ids(site, "2026-11-24T09:00:00Z")).toEqual(["plan-0"]);
  });

  it("stays right through weeks offline: a missed week leaves one thing to do, overdue, with the new week's date", () => {
    const site = siteWith([{ windows: WINDOWS }]);
    const [item] = todayOf(site, new Map(), new Date("2026-12-01T09:00:00Z")).groups[0]?.items ?? [];
    expect(item).toMatchObject({ status: "overdue", due_on: "2026-12-04", days_late: 4 });
  });

  it("holds an overdue check although no window is open: doing it clears the overdue", () => {
    const site = siteWith([{ windows: [{ ...WINDOWS[1], counts_from: "2026-12-02" } as Plan["windows"][0]] }]);
    expect(ids(site, "2026-12-01T09:00:00Z")).toEqual(["plan-0"]);
  });

  it("is grouped by building, the most urgent building first", () => {
    const site = siteWith([
      { asset: null, building: "b2", windows: WINDOWS, overdue_from: "2026-11-01", due_on: "2026-10-31" },
      { asset: null, building: "b1", windows: WINDOWS },
      { asset: null, building: "b2", windows: WINDOWS },
      { asset: null, building: null, windows: WINDOWS },
    ]);
    for (const id of ["b1", "b2"]) site.buildings.set(id, { id, name: `Block ${id}`, warning: "" });
    const { groups, counts } = todayOf(site, new Map(), new Date("2026-11-24T09:00:00Z"));
    expect(groups.map((group) => [group.place.words, group.items.length])).toEqual([
      ["Block b2", 2],
      ["Block b1", 1],
      ["Oakfield", 1],
    ]);
    expect(counts).toEqual({ overdue: 1, due: 0, "due-soon": 0, "in-date": 3 });
  });

  it("does not hold what was done here, sent or not, until the server's dates know of it", async () => {
    const phone = await readyPhone();
    const items = () => {
      const site = phone.desk.snapshot().site as SiteData;
      return todayOf(site, phone.desk.local, phone.world.now());
    };
    expect(items().groups).toHaveLength(1);
    await save(phone);
    await phone.desk.refresh();
    expect(items()).toMatchObject({ groups: [], done: 1 });
    await phone.pusher.push();
    await phone.desk.refresh();
    expect(items().groups).toEqual([]);
    // The server looked at it and left the plan as it was (the record was held): it is due again, and says why.
    phone.server.version++;
    await phone.traffic.kick({ pull: true });
    expect(items().groups).toHaveLength(1);
  });

  it("still holds a check that could not be done, and says that it was tried", async () => {
    const phone = await readyPhone();
    const plan = [...(phone.desk.snapshot().site as SiteData).plans.keys()][0] as string;
    const about = { title: "Not done", about: "", site: SITE, asset: null, plan };
    const body = { plan, reason: "no-access", note: "", photos: [], try_again_on: "2026-11-26" } as const;
    const author = { id: PERSON, name: "Sam" };
    await phone.journal.record({ kind: "check_not_done", body: { ...body, photos: [] }, author, ...about });
    await phone.desk.refresh();
    const [item] =
      todayOf(phone.desk.snapshot().site as SiteData, phone.desk.local, phone.world.now()).groups[0]?.items ?? [];
    expect(item).toMatchObject({ done_here: false, local: { kind: "check_not_done", state: "waiting" } });
    expect(item?.attempt).toMatchObject({ reason: body.reason, again_on: body.try_again_on });
  });

  it("takes an extra for no completion: it moves no date", async () => {
    const phone = await readyPhone();
    await save(phone, checkDone({ ad_hoc: true }));
    await phone.desk.refresh();
    const { groups, done } = todayOf(phone.desk.snapshot().site as SiteData, phone.desk.local, phone.world.now());
    expect(groups[0]?.items[0]).toMatchObject({ done_here: false });
    expect(done).toBe(0);
  });

  it("counts a late entry on the day on which it was done", async () => {
    const phone = await readyPhone();
    phone.setNow("2026-12-01T09:00:00Z");
    await save(phone, checkDone({ late_entry: true, done_at: "2026-11-24T10:00:00Z" }));
    await phone.desk.refresh();
    const { groups } = todayOf(phone.desk.snapshot().site as SiteData, phone.desk.local, phone.world.now());
    expect(groups[0]?.items[0]).toMatchObject({ done_here: true, due_on: "2026-12-04", status: "in-date" });
  });
});

describe("what is asked of a kind of thing", () => {
  it("leaves out what is asked of other kinds alone", () => {
    const form = {
      questions: [
        { key: "fridge_c", label: "Fridge", type: "number", required: true, only_for: ["food-fridge"] },
        { key: "clean", label: "Clean", type: "pass-fail", required: true },
      ],
    } as unknown as CheckForm;
    const keys = (type: string | null) =>
      formFor(form, type ? ({ type } as Asset) : null).questions.map(({ key }) => key);
    expect(keys("food-fridge")).toEqual(["fridge_c", "clean"]);
    expect(keys("food-freezer")).toEqual(["clean"]);
    expect(keys(null)).toEqual(["clean"]);
  });
});
