import { describe, expect, test } from "vitest";
import { alike, allFine, asksForItself, nearest } from "./alike";
import type { Asset, CheckForm, PlanView, Question } from "./types";

const question = (key: string, more: Partial<Question>): Question => ({
  key,
  label: key,
  type: "pass-fail",
  required: true,
  ...more,
});
const form = (...questions: Question[]) =>
  ({ code: "kit", revision: 1, asset_types: [], questions }) as unknown as CheckForm;
const kit = { id: "0192a7c0-0000-7000-8000-00000000000b", type: "first-aid-kit" } as Asset;
const sealed = question("sealed", { pass: { equals: "pass" } });

describe("which forms may be answered for several things at once", () => {
  test("passes, a yes that should be yes, a choice of which one passes, and the thing itself", () => {
    const good = form(
      question("kit", { type: "asset-ref", asset_type: "first-aid-kit" }),
      sealed,
      question("stocked", { type: "boolean", pass: { equals: true } }),
      question("state", { type: "choice", options: ["good", "poor"], pass: { in: ["good"] } }),
      question("words", { type: "text", required: false }),
    );
    expect(allFine(good, kit)).toEqual({ kit: kit.id, sealed: "pass", stocked: true, state: "good" });
  });

  test.each([
    ["a reading, even one that may be left out", question("t", { type: "number", required: false })],
    ["a wait", question("w", { wait_seconds: 60, required: false })],
    ["a photo that is needed", question("p", { type: "photo" })],
    ["a date that is needed", question("d", { type: "date" })],
    ["words that are needed", question("x", { type: "text" })],
    ["a yes or no of which neither passes", question("b", { type: "boolean" })],
    ["a choice of which two pass", question("c", { type: "choice", options: ["a", "b"], pass: { in: ["a", "b"] } })],
    ["another thing that must be named", question("o", { type: "asset-ref", asset_type: "call-point" })],
  ])("not where it asks for %s", (_, odd) => {
    expect(allFine(form(sealed, odd), kit)).toBeNull();
  });

  test("not where it asks nothing: there is nothing to be fine", () => {
    expect(allFine(form(), kit)).toBeNull();
  });
});

describe("which checks make a group", () => {
  const view = (id: string, building: string, of = form(sealed)) =>
    ({ plan: { id }, form: of, asset: kit, place: { building: { id: building } } }) as unknown as PlanView;
  const [one, two, far] = [view("one", "main"), view("two", "main"), view("far", "annexe")];

  test("those on the same form in the same building", () => {
    const other = view("other", "main", { ...form(sealed), code: "ladder" } as CheckForm);
    const older = view("older", "main", { ...form(sealed), revision: 7 } as CheckForm);
    expect(alike(one, [one, two, far, other, older]).map((v) => v.plan.id)).toEqual(["one", "two"]);
  });

  test("one alone is no group", () => {
    expect(alike(far, [one, two, far])).toEqual([]);
  });

  test("first those in the same room; alone in its room, all of the building", () => {
    const at = (id: string, space: string) =>
      ({ ...view(id, "main"), place: { space: { id: space } } }) as unknown as PlanView;
    const group = [at("a", "hall"), at("b", "hall"), at("c", "lab")];
    const ids = (of: PlanView) => nearest(of, group).map((one) => one.plan.id);
    expect(ids(group[0] as PlanView)).toEqual(["a", "b"]);
    expect(ids(group[2] as PlanView)).toEqual(["a", "b", "c"]);
  });
});

describe("whether a question asks for the very thing that the check is on", () => {
  const cold = { ...form(), asset_types: ["food-fridge", "food-freezer"] } as CheckForm;
  const unit = question("unit", { type: "asset-ref", asset_type: "food-fridge" });
  const freezer = { id: kit.id, type: "food-freezer" } as Asset;

  test("of its own kind, or of another kind that the check is for", () => {
    expect(asksForItself(cold, unit, freezer)).toBe(true);
    expect(asksForItself(cold, unit, { ...freezer, type: "food-fridge" })).toBe(true);
  });

  test("not of a part, nor where there is no thing, nor for a list", () => {
    const point = question("point", { type: "asset-ref", asset_type: "manual-call-point" });
    expect(asksForItself(cold, point, freezer)).toBe(false);
    expect(asksForItself(cold, unit, null)).toBe(false);
    expect(asksForItself(cold, { ...unit, type: "asset-list" }, freezer)).toBe(false);
  });
});
