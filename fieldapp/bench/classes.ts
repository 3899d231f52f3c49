/** The kinds of hard picture, each a recipe; what was looked at while the treatments were chosen, and what was kept back. */

import type { Grey } from "../src/frames.ts";
import { blurred, dimmed, dirty, glared, scratched, shaded, shaken, squeezed, wet } from "./distort.ts";
import { Chance, type Pose, type Printed, scene } from "./labels.ts";

type Recipe = (printed: Printed, chance: Chance) => Grey;

const SIDE = 100;
const plain = (printed: Printed, chance: Chance, pose: Partial<Pose> = {}): Grey =>
  scene(printed, { side: SIDE, turn: chance.between(-12, 12), tilt: 0, lean: 0, bend: 0, off: 50, ...pose }, chance);
/** For what lies on the label: it is laid on the middle of the picture. */
const CENTRED = { off: 6 };
const any = (chance: Chance) => chance.between(0, 360);
const camera = (picture: Grey, chance: Chance): Grey => dimmed(blurred(picture, 0.6), 1, 0, 3, chance);

export const CLASSES: Record<string, Recipe> = {
  clean: (p, c) => camera(plain(p, c), c),
  rotation: (p, c) => camera(plain(p, c, { turn: any(c) }), c),
  "tilt 45": (p, c) => camera(plain(p, c, { tilt: 45, lean: any(c) }), c),
  "tilt 60": (p, c) => camera(plain(p, c, { tilt: 60, lean: any(c) }), c),
  defocus: (p, c) => dimmed(blurred(plain(p, c), c.between(1.7, 2.5)), 1, 0, 3, c),
  motion: (p, c) => dimmed(shaken(plain(p, c), c.between(4, 8), any(c)), 1, 0, 3, c),
  "low light": (p, c) => dimmed(blurred(plain(p, c), 0.6), c.between(0.06, 0.14), 8, c.between(3, 6), c),
  "dirt 10%": (p, c) => camera(dirty(plain(p, c, CENTRED), SIDE, 0.1, c), c),
  "dirt 20%": (p, c) => camera(dirty(plain(p, c, CENTRED), SIDE, 0.2, c), c),
  scratches: (p, c) => camera(scratched(plain(p, c, CENTRED), SIDE, 6 + c.whole(7), c), c),
  glare: (p, c) => camera(glared(plain(p, c, CENTRED), SIDE, c), c),
  pipe: (p, c) => camera(plain(p, c, { bend: c.between(0.5, 0.7) }), c),
  "small 60": (p, c) => camera(plain(p, c, { side: 60 }), c),
  "small 48": (p, c) => camera(plain(p, c, { side: 48 }), c),
  jpeg: (p, c) => squeezed(camera(plain(p, c), c), c.between(30, 60)),
  mixed: field,
};

/** Never looked at while the treatments were chosen. */
export const KEPT_BACK: Record<string, Recipe> = {
  shadow: (p, c) => camera(shaded(plain(p, c, { tilt: c.between(0, 35), lean: any(c) }), c), c),
  wet: (p, c) => camera(wet(plain(p, c, CENTRED), SIDE, c), c),
};

/** A boiler room: far, tilted, shaken, dim, dirty and scratched, each a little. */
function field(printed: Printed, chance: Chance): Grey {
  const side = chance.between(60, 125);
  const pose = { side, turn: any(chance), tilt: chance.between(0, 40), lean: any(chance), off: 30 };
  let picture = plain(printed, chance, pose);
  if (chance.between(0, 1) < 0.5) picture = dirty(picture, side, chance.between(0, 0.06), chance);
  if (chance.between(0, 1) < 0.4) picture = scratched(picture, side, 1 + chance.whole(3), chance);
  if (chance.between(0, 1) < 0.3) picture = shaded(picture, chance);
  picture = shaken(blurred(picture, chance.between(0.6, 1.3)), chance.between(0.5, 4), any(chance));
  return squeezed(dimmed(picture, chance.between(0.2, 0.9), 6, chance.between(2, 6), chance), chance.between(2, 10));
}

/** One frame of a class: which label it shows is drawn by the seed too. */
export function frameOf(recipe: Recipe, printed: Printed, seed: number): Grey {
  return recipe(printed, new Chance(seed));
}
