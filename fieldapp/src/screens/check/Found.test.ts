import { expect, test } from "vitest";
import type { Question } from "../../engine";
import { unreadOf } from "./Found";

const reading = (key: string, more: Partial<Question> = {}): Question => ({
  key,
  label: key,
  type: "number",
  required: false,
  pass: { at_most: 20 },
  ...more,
});
const cold = reading("cold");
const either = reading("either", { required_unless: "cold" });
const asked = [reading("hot", { required: true }), cold, either, reading("plain", { pass: undefined })];

test("a reading that nothing asked for and that was left out is named; one that another stands for is not", () => {
  expect(unreadOf(asked, { hot: 55 })).toEqual([cold]);
  expect(unreadOf(asked, { hot: 55, cold: 0 })).toEqual([]);
});

test("nothing is named before anything is answered", () => {
  expect(unreadOf(asked, {})).toEqual([]);
});
