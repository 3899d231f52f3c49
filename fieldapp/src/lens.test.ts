import { expect, it } from "vitest";
import { Hints } from "./hints";
import { Lens } from "./lens";

type Applied = { advanced?: Record<string, unknown>[] };

function camera(can: object, refuses = "") {
  const applied: Applied[] = [];
  const track = {
    getCapabilities: () => can,
    applyConstraints: async (wanted: MediaTrackConstraints) => {
      if (refuses && JSON.stringify(wanted).includes(refuses)) throw new DOMException("no", "OverconstrainedError");
      applied.push(wanted as Applied);
    },
  };
  return { lens: new Lens(track, { pointsOfInterest: true }), applied };
}

it("a camera with a lens is zoomed by its lens, and keeps its light", async () => {
  const { lens, applied } = camera({ torch: true, zoom: { min: 1, max: 8 } });
  await lens.torch(true);
  await lens.zoom(2);
  expect(lens.digital).toBe(1);
  expect(applied.at(-1)?.advanced).toEqual([{ torch: true }, { zoom: 2 }]);
});

it.each([{}, { zoom: { min: 1, max: 1.5 } }])("a camera that cannot has its picture cut instead", async (can) => {
  const { lens } = camera(can);
  await lens.zoom(2);
  expect(lens.digital).toBe(2);
  await lens.zoom(1);
  expect(lens.digital).toBe(1);
});

it("a refused zoom is cut too, and is not asked for again with the light", async () => {
  const { lens, applied } = camera({ torch: true, zoom: { min: 1, max: 8 } }, "zoom");
  await lens.zoom(2);
  expect(lens.digital).toBe(2);
  expect(await lens.torch(true)).toBe(true);
  expect(applied.at(-1)?.advanced).toEqual([{ torch: true }]);
});

it("focus follows where it can, and goes where the person points", async () => {
  const { lens, applied } = camera({ focusMode: ["continuous", "single-shot"] });
  await lens.follow();
  await lens.point(0.5, 0.25);
  expect(applied.map((each) => each.advanced?.[0]?.focusMode)).toEqual(["continuous", "single-shot"]);
});

it.each([
  [{ light: 30, edges: 0.9 }, "dark"],
  [{ light: 200, edges: 0.1 }, "blurred"],
  [{ light: 200, edges: 0.9 }, "distance"],
])("after four seconds without a label, frames like %o say %s", (look, hint) => {
  let now = 0;
  const hints = new Hints(() => now);
  expect(hints.missed(look)).toBeNull();
  now = 4_001;
  expect(hints.missed(look)).toBe(hint);
  hints.restart();
  expect(hints.missed(look)).toBeNull();
});
