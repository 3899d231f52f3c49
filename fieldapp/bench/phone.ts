/** The app's own engine for the bench to drive in a real browser, without its screens. Built by tests/bench/on_phone.py. */

import { type Engine, startEngine } from "../src/engine";
import { speak } from "../src/words";

/** A photo of 12 million points, with grain, so that it weighs what a phone's does. */
async function photo(width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  const things = Math.ceil((width * height) / 3000);
  for (let n = 0; n < things; n++) {
    pen.fillStyle = `hsl(${Math.random() * 360} 50% ${Math.random() * 100}%)`;
    pen.fillRect(Math.random() * width, Math.random() * height, width / 12, height / 12);
  }
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const made = await work();
  return [made, performance.now() - start];
}

let engine: Engine;

async function signIn(email: string, password: string, site: string): Promise<void> {
  await speak("en");
  engine = await startEngine();
  await engine.signIn(email, password);
  await engine.chooseSite(site);
  await engine.pullNow();
}

/** Milliseconds of making large photos small. */
async function shrink(times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const large = await photo(4000, 3000);
    taken.push((await timed(() => engine.takePhoto(large)))[1]);
  }
  return taken;
}

/** Milliseconds of saving each of so many problems, the first of them with a photo each. */
async function save(asset: string, records: number, photos: number): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < records; n++) {
    const seen = n < photos ? [await engine.takePhoto(await photo(1200, 900))] : [];
    const body = {
      asset,
      place: null,
      summary: `Bench ${n}`,
      severity: "low" as const,
      unsafe: false,
      photos: seen.map(({ sha256, type, size }) => ({ sha256, type, size, field: "photo" })),
    };
    taken.push((await timed(() => engine.record("defect_reported", body)))[1]);
  }
  return taken;
}

/** Milliseconds until nothing is left to send; work and photos. */
async function send(most: number): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < most) {
    await engine.pushNow();
    const { outbox } = engine.getSnapshot();
    if (!outbox.unsent.length) return performance.now() - start;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`not all was sent: ${engine.getSnapshot().outbox.unsent.length}`);
}

Object.assign(globalThis, { bench: { signIn, shrink, save, send } });
