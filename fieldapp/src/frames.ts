/**
 * Pictures of labels made easier to read. What zxing misses in a frame as it is, it often finds in the same frame treated:
 * chosen by measuring (`make bench BENCH=qr`), each for what the ones before it leave unread.
 */

import type { ReaderOptions } from "zxing-wasm/reader";

export type Treatment = "larger" | "steady" | "plain" | "even" | "crisp" | "sharp" | "smooth";
/** In the order in which each finds most of what is left. */
export const TREATMENTS: readonly Treatment[] = ["larger", "steady", "plain", "even", "crisp", "sharp", "smooth"];

/** What one frame may cost on a slow phone, in milliseconds: fifteen frames a second feel like looking. */
export const FRAME_MS = 60;

/** One frame for the worker, its pixels (RGBA) handed over rather than copied. */
export interface ToWorker {
  pixels: ArrayBuffer;
  width: number;
  height: number;
}

export type FromWorker = { kind: "read"; texts: string[]; look?: Look } | { kind: "broken"; detail: string };

/** A grey picture, one byte for each point. */
export interface Grey {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** QRCodeModel2 only: plain "QRCode" also reads Micro QR, and sees some where there are none. */
export const LABELS_ONLY: ReaderOptions = { formats: ["QRCodeModel2"], tryHarder: true, maxNumberOfSymbols: 4 };

/**
 * Tries one treatment after the other until something is read or the frame's time is spent; `next` is where the next frame
 * goes on, so that a slow phone comes to all of them too, over several frames.
 */
export async function searched(
  picture: Grey,
  from: number,
  read: (picture: Grey) => Promise<string[]>,
  { now = () => performance.now(), budget = FRAME_MS } = {},
): Promise<{ texts: string[]; next: number }> {
  const start = now();
  let longest = 0;
  for (let tried = 0; tried < TREATMENTS.length; tried++) {
    const before = now();
    if (tried && before - start + longest > budget) return { texts: [], next: from + tried };
    const texts = await read(treated(picture, TREATMENTS[(from + tried) % TREATMENTS.length] ?? "plain"));
    if (texts.length) return { texts, next: from + tried };
    longest = Math.max(longest, now() - before);
  }
  return { texts: [], next: from };
}

/** The brightness of a camera's RGBA picture. */
export function greyOf(rgba: Uint8ClampedArray, width: number, height: number): Grey {
  const data = new Uint8ClampedArray(width * height);
  for (let at = 0, from = 0; at < data.length; at++, from += 4) {
    data[at] = ((rgba[from] ?? 0) * 77 + (rgba[from + 1] ?? 0) * 150 + (rgba[from + 2] ?? 0) * 29) >> 8;
  }
  return { width, height, data };
}

export function treated(picture: Grey, treatment: Treatment): Grey {
  switch (treatment) {
    case "plain":
      return picture;
    case "larger":
      return larger(picture);
    // dark and grainy, or a little shaken: grain is smoothed away, what is wider than grain stands out
    case "steady":
      return lifted(mean(picture, 1), mean(picture, 4), 3);
    // glossy, or half in the shade: each point beside its own surroundings
    case "even":
      return lifted(picture, mean(picture, 8), 2, true);
    case "crisp": {
      const near = larger(picture);
      return lifted(near, mean(near, 4), 3);
    }
    case "sharp":
      return lifted(picture, mean(picture, 3), 3);
    // more grain than light, and the label near
    case "smooth":
      return mean(picture, 1);
  }
}

/** What zxing reads: RGBA, of which it takes the brightness again. */
export function rgbaOf({ data }: Grey): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(data.length * 4);
  const words = new Uint32Array(rgba.buffer);
  for (let at = 0; at < data.length; at++) words[at] = 0xff000000 | ((data[at] ?? 0) * 0x010101);
  return rgba;
}

/** How a frame is, for what to tell the person: its brightness (0 to 255), and how strongly its edges stand out. */
export interface Look {
  light: number;
  edges: number;
}

/** Looks at every fourth line and point. An edge is the steepest hundredth of the steps, beside the picture's own range. */
export function lookOf({ width, height, data }: Grey): Look {
  const steps = new Uint32Array(256);
  const tones = new Uint32Array(256);
  let count = 0;
  for (let y = height >> 2; y < height - (height >> 2); y += 4)
    for (let x = width >> 2; x < width - (width >> 2); x += 4) {
      const here = data[y * width + x] ?? 0;
      const step = Math.max(
        Math.abs(here - (data[y * width + x + 2] ?? 0)),
        Math.abs(here - (data[(y + 2) * width + x] ?? 0)),
      );
      steps[step] = (steps[step] ?? 0) + 1;
      tones[here] = (tones[here] ?? 0) + 1;
      count++;
    }
  const light = upTo(tones, count * 0.9);
  const range = light - upTo(tones, count * 0.05);
  return { light, edges: range < 12 ? 0 : upTo(steps, count * 0.99) / range };
}

/** The value that this many are no greater than. */
function upTo(counts: Uint32Array, wanted: number): number {
  let value = 0;
  for (let sum = counts[0] ?? 0; sum < wanted && value < 255; sum += counts[++value] ?? 0);
  return value;
}

/** The mean of the square around each point, `reach` points to each side; the rim is left as it is. */
function mean(picture: Grey, reach: number): Grey {
  const { width, height, data } = picture;
  const span = 2 * reach + 1;
  const rows = sumsAcross(picture, reach);
  const columns = new Int32Array(width);
  for (let at = 0; at < span * width; at++) columns[at % width] = (columns[at % width] ?? 0) + (rows[at] ?? 0);
  const out = new Uint8ClampedArray(data);
  const share = 1 / (span * span);
  for (let y = reach; y < height - reach; y++) {
    const [row, enters, leaves] = [y * width, (y + reach + 1) * width, (y - reach) * width];
    for (let x = reach; x < width - reach; x++) {
      const sum = columns[x] ?? 0;
      out[row + x] = sum * share;
      columns[x] = sum + (rows[enters + x] ?? 0) - (rows[leaves + x] ?? 0);
    }
  }
  return { width, height, data: out };
}

/** Each point together with `reach` points to its left and right. */
function sumsAcross({ width, data }: Grey, reach: number): Uint16Array {
  const rows = new Uint16Array(data.length);
  for (let row = 0; row < data.length; row += width) {
    let sum = 0;
    for (let x = 0; x <= 2 * reach; x++) sum += data[row + x] ?? 0;
    for (let x = reach; x < width - reach; x++) {
      rows[row + x] = sum;
      sum += (data[row + x + reach + 1] ?? 0) - (data[row + x - reach] ?? 0);
    }
  }
  return rows;
}

/** Each point's difference to its surroundings, some times over: on top of itself, or of an even grey. */
function lifted({ width, height, data }: Grey, around: Grey, times: number, even = false): Grey {
  const out = new Uint8ClampedArray(data.length);
  for (let at = 0; at < data.length; at++) {
    const here = data[at] ?? 0;
    out[at] = (even ? 128 : here) + times * (here - (around.data[at] ?? 0));
  }
  return { width, height, data: out };
}

/** The middle of the picture (three fifths of each side), half as large again, with the points between filled in. */
function larger({ width, height, data }: Grey): Grey {
  const side = (whole: number) => ({ from: Math.floor(whole * 0.2), to: Math.floor(whole * 0.9) });
  const [across, down] = [side(width), side(height)];
  const out = new Uint8ClampedArray(across.to * down.to);
  for (let y = 0; y < down.to; y++) {
    const fromY = down.from + y / 1.5;
    const row = Math.floor(fromY) * width;
    const fy = fromY % 1;
    for (let x = 0; x < across.to; x++) {
      const fromX = across.from + x / 1.5;
      const at = row + Math.floor(fromX);
      const fx = fromX % 1;
      const above = (data[at] ?? 0) * (1 - fx) + (data[at + 1] ?? 0) * fx;
      const below = (data[at + width] ?? 0) * (1 - fx) + (data[at + width + 1] ?? 0) * fx;
      out[y * across.to + x] = above * (1 - fy) + below * fy;
    }
  }
  return { width: across.to, height: down.to, data: out };
}
