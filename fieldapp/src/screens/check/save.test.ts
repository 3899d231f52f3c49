import { describe, expect, test } from "vitest";
import type { CheckForm, PlanView } from "../../engine";
import { type CheckDraft, lateFault } from "./draft";
import { checkDone } from "./save";
import type { CheckTask } from "./task";

const form = { code: "alarm", revision: 3, questions: [] } as unknown as CheckForm;
const view = { plan: { id: "plan" }, counts_today: true } as PlanView;
const task = { key: "check:plan", form, view, asset: null, building: null, site: null } as unknown as CheckTask;
const draft: CheckDraft = {
  revision: 3,
  answers: { ok: "pass", notes: "  ", list: [], name: " Sam " },
  photos: [],
  names: {},
  started_at: "2026-11-22T08:00:00.000Z",
  tag: "FK6SY959",
  presence: "tag",
  late: null,
  timers: {},
  reason: "",
};
const photo = { sha256: "a".repeat(64), type: "image/jpeg", size: 10, field: "" };

describe("what is recorded from a form", () => {
  test("nothing empty is sent, and words lose their stray spaces", () => {
    expect(checkDone(task, form, draft).answers).toEqual({ ok: "pass", name: "Sam" });
  });

  test("a scanned label and a photo together prove more than the label alone", () => {
    expect(checkDone(task, form, draft).presence).toBe("tag");
    expect(checkDone(task, form, { ...draft, photos: [photo] }).presence).toBe("tag_photo");
    expect(checkDone(task, form, { ...draft, presence: "typed", photos: [photo] }).presence).toBe("typed");
  });

  test("what was done earlier says when, and is no extra", () => {
    const body = checkDone({ ...task, view: { ...view, counts_today: false } }, form, {
      ...draft,
      late: { on: "2026-11-20", at: "07:30" },
    });
    expect(body.late_entry).toBe(true);
    expect(body.done_at).toBe(new Date("2026-11-20T07:30").toISOString());
    expect(body.ad_hoc).toBeUndefined();
  });

  test("done when nothing was owed, it is an extra", () => {
    expect(checkDone({ ...task, view: { ...view, counts_today: false } }, form, draft).ad_hoc).toBe(true);
    expect(checkDone(task, form, draft).ad_hoc).toBeUndefined();
  });

  test("a correction keeps the time of the first record and names it", () => {
    const supersedes = { op: "first", done_at: "2026-11-21T10:00:00.000Z" };
    const body = checkDone({ ...task, supersedes }, form, { ...draft, reason: " wrong tap " });
    expect(body).toMatchObject({ supersedes: "first", reason: "wrong tap", done_at: supersedes.done_at });
  });
});

describe("the time given for earlier work", () => {
  const now = new Date("2026-11-22T09:00:00");

  test("must be whole and must have passed", () => {
    expect(lateFault(null, now)).toBeNull();
    expect(lateFault({ on: "2026-11-22", at: "" }, now)).toBe("missing");
    expect(lateFault({ on: "2026-11-22", at: "09:01" }, now)).toBe("future");
    expect(lateFault({ on: "2026-11-22", at: "08:59" }, now)).toBeNull();
  });
});
