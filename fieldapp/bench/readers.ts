/** The readers that are held against each other: ours, as the app uses it, and each library by itself. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { getDefaultScanner, scanGrayBuffer, ZBarConfigType, ZBarSymbolType } from "@undecaf/zbar-wasm";
import jsqr from "jsqr";
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import { prepareZXingModule as prepareWriter, writeBarcode } from "zxing-wasm/writer";
import { type Grey, LABELS_ONLY, rgbaOf } from "../src/frames.ts";
import { Chance, type Printed } from "./labels.ts";

export type Read = (picture: Grey) => Promise<string[]>;

const wasm = (name: string) =>
  new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(`zxing-wasm/${name}`))).buffer;

/** Gets every library ready. */
export async function ready(): Promise<void> {
  prepareZXingModule({ overrides: { wasmBinary: wasm("reader/zxing_reader.wasm") } });
  prepareWriter({ overrides: { wasmBinary: wasm("writer/zxing_writer.wasm") } });
  const scanner = await getDefaultScanner();
  scanner.setConfig(ZBarSymbolType.ZBAR_NONE, ZBarConfigType.ZBAR_CFG_ENABLE, 0);
  scanner.setConfig(ZBarSymbolType.ZBAR_QRCODE, ZBarConfigType.ZBAR_CFG_ENABLE, 1);
}

class Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

export async function zxing(picture: Grey, options: ReaderOptions = LABELS_ONLY): Promise<string[]> {
  const image = new Pixels(rgbaOf(picture), picture.width, picture.height) as unknown as ImageData;
  const found = await readBarcodes(image, options);
  return found.filter((one) => one.isValid).map((one) => one.text);
}

export const ALONE: Record<string, Read> = {
  "zxing-wasm": (picture) => zxing(picture),
  "zbar-wasm": async ({ data, width, height }) => {
    const found = await scanGrayBuffer(new Uint8Array(data).buffer, width, height);
    return found.map((one) => one.decode());
  },
  jsqr: async (picture) => {
    const found = jsqr(rgbaOf(picture), picture.width, picture.height);
    return found ? [found.data] : [];
  },
};

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A label like those that we print: version 2, error correction Q. */
export async function label(seed: number): Promise<{ text: string; printed: Printed }> {
  const chance = new Chance(seed);
  const code = Array.from({ length: 8 }, () => LETTERS[chance.whole(32)]).join("");
  const text = `HTTPS://Q.SITE.DEMO/${code}`;
  const { symbol } = await writeBarcode(text, { format: "QRCode", options: "ecLevel=Q" });
  // the writer may add a quiet zone of its own: the symbol begins at its first dark module
  let rim = 0;
  while (symbol.data[rim * symbol.width + rim]) rim++;
  return {
    text,
    printed: { modules: symbol.width - 2 * rim, dark: (x, y) => !symbol.data[(y + rim) * symbol.width + x + rim] },
  };
}
