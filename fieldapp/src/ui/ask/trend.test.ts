import { describe, expect, test } from "vitest";
import { line, trendWords, wayOf } from "./trend";

describe("where readings are going", () => {
  test.each([
    [[51, 52, 49], "falling"],
    [[48, 51, 53], "rising"],
    [[50, 50.4, 50.1], "steady"],
    [[50, 40, 48], "changing"],
    [[0, 0], "steady"],
    [[-18, -21, -15], "rising"],
  ] as const)("%j is %s", (values, way) => {
    expect(wayOf(values)).toBe(way);
  });

  test("the unit is said once", () => {
    expect(trendWords([51, 52, 49], "degC")).toBe("Was 51, 52, 49 °C: falling");
    expect(trendWords([100, 120], "GBP")).toBe("Was £100, £120: rising");
  });
});

describe("the line", () => {
  test("goes from left to right, the highest on top, and makes room for a limit", () => {
    expect(line([50, 40, 45], 80, 20).points).toEqual([
      [0, 0],
      [40, 20],
      [80, 10],
    ]);
    const wide = line([50, 40], 80, 20, [60]);
    expect(wide.y(60)).toBe(0);
    expect(wide.points).toEqual([
      [0, 10],
      [80, 20],
    ]);
  });

  test("readings that are all the same run along the middle", () => {
    expect(line([50, 50], 80, 20).points).toEqual([
      [0, 10],
      [80, 10],
    ]);
  });
});
