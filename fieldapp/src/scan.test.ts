import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { prepareZXingModule as prepareReader, readBarcodes } from "zxing-wasm/reader";
import { prepareZXingModule as prepareWriter, writeBarcode } from "zxing-wasm/writer";
import { type Grey, greyOf, LABELS_ONLY, lookOf, rgbaOf, searched, TREATMENTS, treated } from "./frames";
import { refusal, Sightings } from "./scan";
import { fromText } from "./tagcode";
import type { Found } from "./types";

const LABEL = "HTTPS://Q.SITE.DEMO/M9S346Q0";
const wasm = (name: string) =>
  new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(`zxing-wasm/${name}`))).buffer;
prepareReader({ overrides: { wasmBinary: wasm("reader/zxing_reader.wasm") } });
prepareWriter({ overrides: { wasmBinary: wasm("writer/zxing_writer.wasm") } });

class Pixels {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

async function read(picture: Grey): Promise<string[]> {
  const image = new Pixels(rgbaOf(picture), picture.width, picture.height) as unknown as ImageData;
  const found = await readBarcodes(image, LABELS_ONLY);
  return found.map((one) => one.text);
}

/** A label in the middle of a grey frame, each module `scale` points wide. */
async function frame(text: string, format: "QRCode" | "MicroQRCode", scale: number, size = 480): Promise<Grey> {
  const { symbol } = await writeBarcode(text, { format, options: "ecLevel=Q" });
  const side = symbol.width * scale;
  const from = (size - side) >> 1;
  const data = new Uint8ClampedArray(size * size).fill(235);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const module = symbol.data[Math.floor(y / scale) * symbol.width + Math.floor(x / scale)] ?? 255;
      data[(from + y) * size + from + x] = module ? 235 : 25;
    }
  }
  return { width: size, height: size, data };
}

/** In dim light: little contrast, much noise, the same each time. */
function dim({ width, height, data }: Grey): Grey {
  let seed = 42;
  const noise = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31 - 0.5;
  };
  return { width, height, data: data.map((value) => 20 + value * 0.12 + noise() * 40) };
}

/** Out of focus: the mean of each point's surroundings, three points to each side. */
function softened({ width, height, data }: Grey): Grey {
  const out = data.map((value, at) => {
    let sum = 0;
    for (let n = 0; n < 49; n++) sum += data[at + (n % 7) - 3 + (Math.floor(n / 7) - 3) * width] ?? value;
    return sum / 49;
  });
  return { width, height, data: out };
}

describe("frames", () => {
  it("a label is read as printed", async () => {
    expect(await read(await frame(LABEL, "QRCode", 6))).toEqual([LABEL]);
  });

  it("every treatment leaves a plain label readable", async () => {
    const picture = await frame(LABEL, "QRCode", 4);
    for (const treatment of TREATMENTS)
      expect([treatment, await read(treated(picture, treatment))]).toEqual([treatment, [LABEL]]);
  });

  it("smoothing reads a label in light so dim that the plain frame shows nothing", async () => {
    const picture = dim(await frame(LABEL, "QRCode", 6));
    expect(await read(picture)).toEqual([]);
    expect(await read(treated(picture, "smooth"))).toEqual([LABEL]);
  });

  it("a frame's time is kept to, and the next frame goes on where this one stopped", async () => {
    let now = 0;
    const tried: string[] = [];
    const slow = async () => {
      now += 25;
      tried.push("look");
      return [];
    };
    const empty = { width: 40, height: 40, data: new Uint8ClampedArray(1600) };
    expect(await searched(empty, 4, slow, { now: () => now })).toEqual({ texts: [], next: 6 });
    expect(tried).toHaveLength(2);
  });

  it("a blurred frame's edges are told from a sharp one's", async () => {
    const sharp = await frame(LABEL, "QRCode", 5);
    let soft = sharp;
    for (let n = 0; n < 3; n++) soft = softened(soft);
    expect(lookOf(sharp).edges).toBeGreaterThan(0.8);
    expect(lookOf(soft).edges).toBeLessThan(0.5);
    expect(lookOf(sharp).light).toBeGreaterThan(200);
  });

  it("a Micro QR code is not read at all: a ghost of one gives wrong codes", async () => {
    expect(await read(await frame("3948", "MicroQRCode", 8))).toEqual([]);
  });

  it("colours become brightness, and back", () => {
    const grey = greyOf(new Uint8ClampedArray([255, 255, 255, 255, 0, 0, 0, 255, 0, 255, 0, 255]), 3, 1);
    expect([...grey.data]).toEqual([255, 0, 149]);
    expect([...rgbaOf(grey)].slice(0, 4)).toEqual([255, 255, 255, 255]);
  });
});

describe("what is told", () => {
  const told: Found["kind"][] = [];
  function sightings() {
    told.length = 0;
    let now = 0;
    const find = (text: string): Found => {
      const found = fromText(text, ["q.site.demo"]);
      return found.kind === "code" ? { kind: "unknown", code: found.code } : found;
    };
    const seen = new Sightings(
      find,
      (found) => told.push(found.kind),
      () => now,
    );
    return {
      seen: (text: string) => seen.seen([text]),
      wait: (ms: number) => {
        now += ms;
      },
    };
  }

  it("our label at once, and again only after two seconds", () => {
    const { seen, wait } = sightings();
    seen(LABEL);
    seen(LABEL);
    wait(1_999);
    seen(LABEL);
    expect(told).toEqual(["unknown"]);
    wait(2);
    seen(LABEL);
    expect(told).toEqual(["unknown", "unknown"]);
  });

  it("somebody else's code only when it is seen three times", () => {
    const { seen } = sightings();
    seen("https://example.com");
    seen("https://example.com");
    expect(told).toEqual([]);
    seen("https://example.com");
    expect(told).toEqual(["not-ours"]);
  });
});

it.each([
  ["NotAllowedError", "denied"],
  ["NotFoundError", "no-camera"],
  ["NotReadableError", "busy"],
  ["TypeError", "failed"],
])("a camera that says %s is %s", (name, kind) => {
  expect(refusal(new DOMException("x", name)).kind).toBe(kind);
});
