import { expect, test } from "vitest";
import type { OpenDefect } from "../engine";
import { barsUse } from "./DoNotUse";

const DEFECT: OpenDefect = {
  id: "d",
  asset: "a",
  building: null,
  space: null,
  summary: "Rope worn",
  severity: "high",
  unsafe: false,
  found_on: "2026-11-20",
};

test("an unsafe thing must not be used, on any day", () => {
  expect(barsUse({ ...DEFECT, unsafe: true }, "2026-11-20")).toBe(true);
  expect(barsUse(DEFECT, "2026-11-20")).toBe(false);
});

test("a thing is used until the report's date, and not from the day after, also on a phone that was offline", () => {
  const dated = { ...DEFECT, do_not_use_from: "2026-12-01" };
  expect(barsUse(dated, "2026-11-30")).toBe(false);
  expect(barsUse(dated, "2026-12-01")).toBe(true);
  expect(barsUse({ ...DEFECT, do_not_use_from: null }, "2099-01-01")).toBe(false);
});
