import { describe, expect, test } from "vitest";
import type { Question } from "../../engine";
import { limitWords, readNumber, standing } from "./limits";

const hot: Question = {
  key: "hot",
  label: "Hot tap",
  type: "number",
  required: true,
  unit: "degC",
  pass: { at_least: 50 },
};
const ph: Question = { ...hot, key: "ph", unit: "pH", pass: { between: [7, 7.6] } };
const present: Question = { ...hot, key: "present", unit: "count", pass: { equals_question: "expected" } };
const expected: Question = { ...hot, key: "expected", label: "Units that should be here", pass: undefined };

describe("a reading beside its limit", () => {
  test("on the limit is in limits, a hair outside is not", () => {
    expect(standing(hot, 50, {})).toBe("in");
    expect(standing(hot, 49.9, {})).toBe("low");
    expect(standing(ph, 7.6, {})).toBe("in");
    expect(standing(ph, 7.61, {})).toBe("high");
  });

  test("is compared with another answer as soon as there is one", () => {
    expect(standing(present, 10, {})).toBeNull();
    expect(standing(present, 10, { expected: 11 })).toBe("differs");
    expect(standing(present, 11, { expected: 11 })).toBe("in");
  });

  test("a question without a limit says nothing", () => {
    expect(standing(expected, 4, {})).toBeNull();
    expect(limitWords(expected, [])).toBe("");
  });

  test("the limit is said with its unit, or by the other question's name", () => {
    expect(limitWords(hot, [])).toBe("At least 50 °C");
    expect(limitWords(present, [expected])).toBe("Should be the same as “Units that should be here”");
  });
});

describe("what is typed as a number", () => {
  test("a comma is a point, and a number still being typed is a number", () => {
    expect(readNumber("52,5")).toBe(52.5);
    expect(readNumber("52.")).toBe(52);
    expect(readNumber("-3")).toBe(-3);
  });

  test("words, two points and nothing are no number", () => {
    for (const text of ["", " ", "warm", "5.2.1", "1e3", "-", "."]) expect(readNumber(text)).toBeNull();
  });
});
