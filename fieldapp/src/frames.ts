/**
 * Pictures of labels made easier to read. Each camera frame gets one treatment, in turn: measured on hard frames, blur
 * rescues low light (20 to 86 of 100), sharpening rescues defocus (69 to 96), enlarging rescues small labels.
 */

import type { ReaderOptions } from "zxing-wasm/reader";

export type Treatment = "plain" | "smooth" | "sharp" | "larger";
export const TREATMENTS: readonly Treatment[] = ["plain", "smooth", "sharp", "larger"];

/** One frame for the worker, its pixels (RGBA) handed over rather than copied. */
export interface ToWorker {
  pixels: ArrayBuffer;
  width: number;
  height: number;
  treatment: Treatment;
}

export type FromWorker = { kind: "read"; texts: string[] } | { kind: "broken"; detail: string };

/** A grey picture, one byte for each point. */
export interface Grey {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** QRCodeModel2 only: plain "QRCode" also reads Micro QR, and sees some where there are none. */
export const LABELS_ONLY: ReaderOptions = { formats: ["QRCodeModel2"], tryHarder: true, maxNumberOfSymbols: 4 };

const SHARPNESS = 2;

/** The brightness of a camera's RGBA picture. */
export function greyOf(rgba: Uint8ClampedArray, width: number, height: number): Grey {
  const data = new Uint8ClampedArray(width * height);
  for (let at = 0, from = 0; at < data.length; at++, from += 4) {
    data[at] = ((rgba[from] ?? 0) * 77 + (rgba[from + 1] ?? 0) * 150 + (rgba[from + 2] ?? 0) * 29) >> 8;
  }
  return { width, height, data };
}

export function treated(picture: Grey, treatment: Treatment): Grey {
  if (treatment === "plain") return picture;
  if (treatment === "larger") return larger(picture);
  const smooth = boxBlur(picture);
  return treatment === "smooth" ? smooth : unsharp(picture, smooth);
}

/** What zxing reads: RGBA, of which it takes the brightness again. */
export function rgbaOf({ data }: Grey): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(data.length * 4);
  const words = new Uint32Array(rgba.buffer);
  for (let at = 0; at < data.length; at++) words[at] = 0xff000000 | ((data[at] ?? 0) * 0x010101);
  return rgba;
}

/** 3×3 box blur in two passes; the rim is left as it is. */
function boxBlur({ width, height, data }: Grey): Grey {
  const rows = new Uint16Array(data.length);
  for (let at = 1; at < data.length - 1; at++) {
    rows[at] = (data[at - 1] ?? 0) + (data[at] ?? 0) + (data[at + 1] ?? 0);
  }
  const blurred = new Uint8ClampedArray(data);
  for (let at = width + 1; at < data.length - width - 1; at++) {
    blurred[at] = ((rows[at - width] ?? 0) + (rows[at] ?? 0) + (rows[at + width] ?? 0)) / 9;
  }
  return { width, height, data: blurred };
}

/** The picture with its difference to the blurred one added again. */
function unsharp({ width, height, data }: Grey, smooth: Grey): Grey {
  const sharp = new Uint8ClampedArray(data.length);
  for (let at = 0; at < data.length; at++) {
    const here = data[at] ?? 0;
    sharp[at] = here + SHARPNESS * (here - (smooth.data[at] ?? 0));
  }
  return { width, height, data: sharp };
}

/** The middle half of the picture, twice as large, with the points between filled in. */
function larger({ width, height, data }: Grey): Grey {
  const size = { width: width - (width % 2), height: height - (height % 2) };
  const out = new Uint8ClampedArray(size.width * size.height);
  const left = size.width >> 2;
  const top = size.height >> 2;
  for (let y = 0; y < size.height; y++) {
    const row = (top + (y >> 1)) * width + left;
    const below = y % 2 ? width : 0;
    for (let x = 0; x < size.width; x++) {
      const at = row + (x >> 1);
      const beside = x % 2;
      const sum =
        (data[at] ?? 0) + (data[at + beside] ?? 0) + (data[at + below] ?? 0) + (data[at + below + beside] ?? 0);
      out[y * size.width + x] = sum >> 2;
    }
  }
  return { ...size, data: out };
}
