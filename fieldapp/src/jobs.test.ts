import { describe, expect, it } from "vitest";
import { jobsOf, jobView, mayFinish } from "./jobs";
import type { SiteData, WorkOrder } from "./types";

const order = (id: string, more: Partial<WorkOrder> = {}): WorkOrder => ({
  id,
  defect: null,
  title: id,
  assigned_to: null,
  target_on: null,
  asset: null,
  building: null,
  space: null,
  ...more,
});

const site = (...orders: WorkOrder[]) =>
  ({
    site: { id: "s", name: "Oakfield", school: "Oakfield" },
    buildings: new Map([["b", { id: "b", name: "Main block", warning: "Asbestos in the ceiling" }]]),
    spaces: new Map(),
    assets: new Map([["a", { id: "a", name: "Boiler", building: "b", space: null }]]),
    defects: new Map([["d", { id: "d", asset: "a", building: null, space: null }]]),
    work_orders: new Map(orders.map((one) => [one.id, one])),
  }) as unknown as SiteData;

const names = (views: { order: WorkOrder }[]) => views.map((view) => view.order.id);

describe("jobs", () => {
  it("are mine, nobody's, or somebody else's (a firm's too)", () => {
    const here = site(
      order("mine", { assigned_to: "me", whose: "Me" }),
      order("free"),
      order("theirs", { assigned_to: "you", whose: "You" }),
      order("firm", { whose: "Voltan" }),
    );
    const jobs = jobsOf(here, "me", "2026-11-23");
    expect([names(jobs.mine), names(jobs.free), names(jobs.others)]).toEqual([["mine"], ["free"], ["firm", "theirs"]]);
    expect(
      Object.values(jobs)
        .flat()
        .filter((job) => mayFinish(job, "me"))
        .map((job) => job.order.id),
    ).toEqual(["mine", "free"]);
  });

  it("late ones come first, then the urgent, then the nearest day", () => {
    const mine = { assigned_to: "me" };
    const here = site(
      order("later", { ...mine, target_on: "2026-12-20" }),
      order("soon", { ...mine, target_on: "2026-12-01" }),
      order("urgent", { ...mine, target_on: "2026-12-24", priority: "urgent" }),
      order("late", { ...mine, target_on: "2026-11-22", priority: "planned" }),
    );
    expect(names(jobsOf(here, "me", "2026-11-23").mine)).toEqual(["late", "urgent", "soon", "later"]);
  });

  it("say where they are and what is dangerous there, from an old list too", () => {
    const old = { id: "old", defect: "d", title: "Old", assigned_to: "me", target_on: null };
    for (const one of [order("new", { asset: "a" }), old]) {
      const view = jobView(site(one), one, "2026-11-23");
      expect(view.asset?.name).toBe("Boiler");
      expect(view.place.warnings).toEqual(["Asbestos in the ceiling"]);
    }
  });
});
