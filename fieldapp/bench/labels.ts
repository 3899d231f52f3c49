/** Labels as a camera may see them: a symbol on a wall, turned, tilted, bent, near or far. Seeded: the same seed, the same frame. */

import type { Grey } from "../src/frames.ts";

/** Mulberry32: small, even, the same everywhere. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** From `low` up to `high`. */
  between(low: number, high: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return low + ((high - low) * ((t ^ (t >>> 14)) >>> 0)) / 2 ** 32;
  }

  whole(below: number): number {
    return Math.floor(this.between(0, below));
  }

  /** Normal, mean 0, deviation 1 (twelve even ones, less six). */
  normal(): number {
    let sum = -6;
    for (let n = 0; n < 12; n++) sum += this.between(0, 1);
    return sum;
  }
}

/** A printed symbol: its modules, true where dark. */
export interface Printed {
  modules: number;
  dark: (x: number, y: number) => boolean;
}

/** How the label hangs before the camera. Degrees, points of the picture, shares. */
export interface Pose {
  /** The printed symbol's side, without its quiet zone, in points. */
  side: number;
  turn: number;
  tilt: number;
  /** Which way it leans. */
  lean: number;
  /** The pipe's radius in sides of the symbol; 0 is flat. */
  bend: number;
  /** How far from the picture's middle it may be, in points. */
  off: number;
}

export const FRAME = 480;
const QUIET = 4;
/** How far the eye is from the label, in sides of the frame. */
const EYE = 1.3;

/** The picture of a wall with things on it, and the label in front. */
export function scene(printed: Printed, pose: Pose, chance: Chance): Grey {
  const picture = wall(chance);
  const at = { x: FRAME / 2 + chance.between(-pose.off, pose.off), y: FRAME / 2 + chance.between(-pose.off, pose.off) };
  const toLabel = looking(pose);
  const paper = chance.between(205, 245);
  const ink = chance.between(15, 45);
  const module = 1 / printed.modules;
  const rim = QUIET * module;
  const shade = (u: number, v: number): number => {
    if (u < -rim || v < -rim || u > 1 + rim || v > 1 + 2.2 * rim) return -1;
    const x = Math.floor(u / module);
    const y = Math.floor(v / module);
    const inside = x >= 0 && y >= 0 && x < printed.modules && y < printed.modules;
    if (inside) return printed.dark(x, y) ? ink : paper;
    // the code in letters below the symbol
    return v > 1 + 0.9 * rim && v < 1 + 1.8 * rim && Math.sin(u * 55) > 0.2 ? ink : paper;
  };
  const reach = pose.side * 1.3;
  const low = { x: Math.max(0, Math.floor(at.x - reach)), y: Math.max(0, Math.floor(at.y - reach)) };
  const high = { x: Math.min(FRAME, at.x + reach), y: Math.min(FRAME, at.y + reach) };
  for (let y = low.y; y < high.y; y++) {
    for (let x = low.x; x < high.x; x++) {
      const here = y * FRAME + x;
      let sum = 0;
      for (let part = 0; part < 9; part++) {
        const place = toLabel(x + (part % 3) / 3 + 1 / 6 - at.x, y + Math.floor(part / 3) / 3 + 1 / 6 - at.y);
        const tone = place ? shade(place[0], place[1]) : -1;
        sum += tone < 0 ? (picture.data[here] ?? 0) : tone;
      }
      picture.data[here] = sum / 9;
    }
  }
  return picture;
}

/** From a point of the picture, seen from the label's middle, to the label's own measure (0 to 1 across the symbol). */
function looking(pose: Pose): (x: number, y: number) => [number, number] | null {
  const rad = Math.PI / 180;
  const [ct, st] = [Math.cos(pose.turn * rad), Math.sin(pose.turn * rad)];
  const [cl, sl] = [Math.cos(pose.lean * rad), Math.sin(pose.lean * rad)];
  const [cosTilt, sinTilt] = [Math.cos(pose.tilt * rad), Math.sin(pose.tilt * rad)];
  const far = EYE * FRAME;
  return (x, y) => {
    // turned to where the lean is sideways, the tilted plane is met by the line of sight, turned back
    const across = x * cl + y * sl;
    const along = -x * sl + y * cl;
    const stretch = far / (far * cosTilt - across * sinTilt);
    if (stretch <= 0) return null;
    const a = across * stretch;
    const b = along * (1 + (a * sinTilt) / far);
    const px = a * cl - b * sl;
    const py = a * sl + b * cl;
    let u = (px * ct + py * st) / pose.side;
    const v = (-px * st + py * ct) / pose.side;
    if (pose.bend) {
      if (Math.abs(u) >= pose.bend * 0.99) return null;
      u = pose.bend * Math.asin(u / pose.bend);
    }
    return [u + 0.5, v + 0.5];
  };
}

/** Something to hang a label on: a tone that changes slowly, pipes, screws, other papers. */
function wall(chance: Chance): Grey {
  const data = new Uint8ClampedArray(FRAME * FRAME);
  const [tone, right, down] = [chance.between(50, 190), chance.between(-40, 40), chance.between(-40, 40)];
  for (let y = 0; y < FRAME; y++)
    for (let x = 0; x < FRAME; x++)
      data[y * FRAME + x] = tone + (right * x + down * y) / FRAME + 6 * Math.sin(x / 9) * Math.sin(y / 7);
  for (let n = 0; n < 14; n++) {
    const [left, top] = [chance.whole(FRAME), chance.whole(FRAME)];
    const [wide, high] = [5 + chance.whole(120), 3 + chance.whole(60)];
    const fill = chance.between(10, 245);
    for (let y = top; y < Math.min(FRAME, top + high); y++)
      data.fill(fill, y * FRAME + left, y * FRAME + Math.min(FRAME, left + wide));
  }
  return { width: FRAME, height: FRAME, data };
}
