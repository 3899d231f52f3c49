import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Loop } from "./loop";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A loop whose attempts end as told, without jitter. */
function loopOf(ends: boolean[], visible = true) {
  const tried: number[] = [];
  const attempt = async () => {
    tried.push(Date.now());
    return ends.shift() ?? true;
  };
  return { tried, loop: new Loop({ visible: () => visible }, attempt, () => 0.5) };
}

const gaps = (times: number[]) => times.slice(1).map((time, at) => time - (times[at] ?? 0));

describe("trying again", () => {
  it("waits 2 seconds, then 1.7 times as long each time, to 15 seconds while it is seen", async () => {
    const { tried, loop } = loopOf(Array(7).fill(false));
    await loop.kick();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(gaps(tried).map((gap) => Math.round(gap / 100) / 10)).toEqual([2, 3.4, 5.8, 9.8, 15, 15, 15]);
  });

  it("waits up to five minutes when hidden", async () => {
    const { tried, loop } = loopOf(Array(12).fill(false), false);
    await loop.kick();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(Math.max(...gaps(tried))).toBe(300_000);
  });

  it("forgets the pauses when there is a reason", async () => {
    const { tried, loop } = loopOf(Array(20).fill(false));
    await loop.kick();
    await vi.advanceTimersByTimeAsync(40_000);
    const before = tried.length;
    await loop.kick();
    await vi.advanceTimersByTimeAsync(2_100);
    expect(tried.length).toBe(before + 2);
  });

  it("rests when everything is through", async () => {
    const { tried, loop } = loopOf([true]);
    await loop.kick();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tried).toHaveLength(1);
  });

  it("jitter keeps a school's phones apart, and never beyond the longest pause", () => {
    const [early, late] = [0, 0.999].map((at) =>
      new Loop(
        { visible: () => true },
        async () => true,
        () => at,
      ).pause(),
    );
    expect(early).toBeLessThan(late as number);
    expect(late).toBeLessThanOrEqual(15_000);
  });

  it("what comes while it is at it is done in the same go, and an attempt that throws is only a failure", async () => {
    let running = 0;
    let most = 0;
    let count = 0;
    const attempt = async () => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, 100));
      running--;
      if (++count === 1) throw new Error("broken");
      return true;
    };
    const loop = new Loop({ visible: () => true }, attempt, () => 0.5);
    const both = Promise.all([loop.kick(), loop.kick(), loop.kick()]);
    await vi.advanceTimersByTimeAsync(1_000);
    await both;
    expect([count, most]).toEqual([2, 1]);
  });
});
