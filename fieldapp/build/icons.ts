/** The app's icons, drawn at build time: PNG for Android and iOS, SVG for the rest. No picture files in the repository. */

import { crc32, deflateSync } from "node:zlib";

const GROUND = [11, 95, 107] as const;
const TICK = [255, 255, 255] as const;
/** The tick, as points of a line in a unit square. */
const POINTS = [
  [0.27, 0.53],
  [0.44, 0.69],
  [0.74, 0.34],
] as const;
const HALF_WIDTH = 0.062;
const CORNER = 0.22;

export function iconSvg(): string {
  const path = POINTS.map(([x, y], at) => `${at ? "L" : "M"}${x * 100} ${y * 100}`).join("");
  const hex = (colour: readonly number[]) => `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" ` +
    `rx="${CORNER * 100}" fill="${hex(GROUND)}"/><path d="${path}" fill="none" stroke="${hex(TICK)}" ` +
    `stroke-width="${HALF_WIDTH * 200}" stroke-linecap="round" stroke-linejoin="round"/></svg>\n`
  );
}

/** Shades between two colours: more than an eye sees at an edge, few enough for a small file. */
const STEPS = 16;

/** `whole`: the ground fills the square and the tick keeps to the safe zone (maskable, and iOS, which rounds itself). */
export function iconPng(size: number, whole: boolean): Buffer {
  const zoom = whole ? 0.8 : 1;
  const rows = Buffer.alloc(size * (size + 1));
  const soft = 1 / size;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [u, v] = [(x + 0.5) / size, (y + 0.5) / size];
      const ground = whole ? 1 : cover(roundedSquare(u, v), soft);
      const tick = cover(tickDistance((u - 0.5) / zoom + 0.5, (v - 0.5) / zoom + 0.5) * zoom, soft);
      // the tick never touches the edge: a point is a mix of the two colours, or ground that fades out
      rows[y * (size + 1) + 1 + x] = ground < 1 ? STEPS + 1 + step(ground) : step(tick);
    }
  }
  return png(size, rows);
}

function step(part: number): number {
  return Math.round(part * STEPS);
}

/** From ground to tick, then from nothing to ground. */
function palette(): { colours: number[]; alphas: number[] } {
  const shares = Array.from({ length: STEPS + 1 }, (_, at) => at / STEPS);
  const mixed = shares.flatMap((tick) =>
    GROUND.map((part, c) => Math.round(part * (1 - tick) + (TICK[c] ?? 0) * tick)),
  );
  return {
    colours: [...mixed, ...shares.flatMap(() => [...GROUND])],
    alphas: [...shares.map(() => 255), ...shares.map((share) => Math.round(share * 255))],
  };
}

/** How much of a point lies inside, from its distance to the edge. */
function cover(distance: number, soft: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance / soft));
}

function roundedSquare(u: number, v: number): number {
  const dx = Math.max(Math.abs(u - 0.5) - (0.5 - CORNER), 0);
  const dy = Math.max(Math.abs(v - 0.5) - (0.5 - CORNER), 0);
  return Math.hypot(dx, dy) - CORNER;
}

function tickDistance(u: number, v: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 1 < POINTS.length; at++) {
    const [ax, ay] = POINTS[at] ?? [0, 0];
    const [bx, by] = POINTS[at + 1] ?? [0, 0];
    const [dx, dy] = [bx - ax, by - ay];
    const along = Math.min(1, Math.max(0, ((u - ax) * dx + (v - ay) * dy) / (dx * dx + dy * dy)));
    nearest = Math.min(nearest, Math.hypot(u - ax - along * dx, v - ay - along * dy));
  }
  return nearest - HALF_WIDTH;
}

function png(size: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // 8 bits, a palette
  header.set([8, 3, 0, 0, 0], 8);
  const { colours, alphas } = palette();
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(colours)),
    chunk("tRNS", Buffer.from(alphas)),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
