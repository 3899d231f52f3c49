/**
 * How many labels are read off hard frames, and how long a frame takes: ours (one treatment after the other, as the app's
 * worker tries them; on a slow phone they spread over several frames), and each library alone. Prints JSON.
 *
 *   node fieldapp/bench/run.ts [frames a class] [--held]
 */

import { searched } from "../src/frames.ts";
import { CLASSES, frameOf, KEPT_BACK } from "./classes.ts";
import { ALONE, label, type Read, ready, zxing } from "./readers.ts";

/** Seeds that the treatments were chosen on, and seeds (with two further classes) that were not looked at before. */
const SEEDS = { development: 1, "held out": 50_000_017 } as const;

const ours: Read = async (picture) => (await searched(picture, 0, zxing, { budget: 1e9 })).texts;

const READERS: Record<string, Read> = { Siteward: ours, ...ALONE };

interface Row {
  read: number;
  wrong: number;
  ms: number[];
}

interface Set {
  set: string;
  frames: number;
  classes: Record<string, Record<string, number>>;
  readers: Record<string, { read: number; wrong: number; p50: number; p95: number }>;
}

const [, , count = "30", ...flags] = process.argv;
await ready();
const sets = flags.includes("--development") ? (["development"] as const) : (["development", "held out"] as const);
const answers: Set[] = [];
for (const set of sets) answers.push(await measured(set, Number(count)));
process.stdout.write(`${JSON.stringify(answers)}\n`);

async function measured(set: keyof typeof SEEDS, each: number): Promise<Set> {
  const rows: Record<string, Row> = {};
  for (const name of Object.keys(READERS)) rows[name] = { read: 0, wrong: 0, ms: [] };
  const classes: Set["classes"] = {};
  const recipes = set === "held out" ? { ...CLASSES, ...KEPT_BACK } : CLASSES;
  for (const [name, recipe] of Object.entries(recipes)) {
    const before = Object.entries(rows).map(([who, row]) => [who, row.read] as const);
    for (let n = 0; n < each; n++) await shown(recipe, SEEDS[set] + n * 7919, rows);
    classes[name] = Object.fromEntries(before.map(([who, was]) => [who, percent((rows[who]?.read ?? 0) - was, each)]));
  }
  const frames = each * Object.keys(recipes).length;
  const readers = Object.fromEntries(Object.entries(rows).map(([who, row]) => [who, summed(row, frames)]));
  return { set, frames, classes, readers };
}

/** Shows one frame to every reader. */
async function shown(recipe: (typeof CLASSES)[string], seed: number, rows: Record<string, Row>): Promise<void> {
  const { text, printed } = await label(seed);
  const frame = frameOf(recipe, printed, seed);
  for (const [who, read] of Object.entries(READERS)) {
    const start = performance.now();
    const texts = await read(frame);
    const row = rows[who] as Row;
    row.ms.push(performance.now() - start);
    if (texts.includes(text)) row.read++;
    if (texts.some((one) => one !== text)) row.wrong++;
  }
}

function summed({ read, wrong, ms }: Row, frames: number): Set["readers"][string] {
  ms.sort((a, b) => a - b);
  const at = (share: number) => Number((ms[Math.floor(ms.length * share)] ?? 0).toFixed(1));
  return { read: percent(read, frames), wrong, p50: at(0.5), p95: at(0.95) };
}

function percent(part: number, whole: number): number {
  return Math.round((part / whole) * 1000) / 10;
}
