import { describe, expect, it } from "vitest";
import { grown, isDrawn, type Mark, moved, placed } from "./marks";

const arrow: Mark = { shape: "arrow", from: [0.2, 0.2], to: [0.4, 0.2] };

describe("marks on a photo", () => {
  it("move as a whole and stay inside the picture", () => {
    const there = moved(arrow, 0.1, -0.5);
    expect(there.from).toEqual([expect.closeTo(0.3), 0]);
    expect(there.to).toEqual([expect.closeTo(0.5), 0]);
  });

  it("grow from where they begin", () => {
    expect(grown(arrow, 1.5).to[0]).toBeCloseTo(0.5);
    expect(grown(arrow, 1.5).from).toEqual(arrow.from);
    expect(grown(arrow, 100).to[0]).toBe(1);
  });

  it("a tap draws nothing, and a placed one can be seen", () => {
    expect(isDrawn({ ...arrow, to: [0.205, 0.2] })).toBe(false);
    expect(isDrawn(placed("arrow"))).toBe(true);
    expect(isDrawn(placed("circle"))).toBe(true);
  });
});
