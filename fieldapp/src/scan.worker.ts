/** Reads labels off camera frames, beside the page so that the picture stays smooth. */

import { prepareZXingModule, purgeZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";
import { type FromWorker, type Grey, greyOf, LABELS_ONLY, lookOf, rgbaOf, searched, type ToWorker } from "./frames";

/** Our own copy, never a CDN's: there is no signal in a boiler room. */
function prepare(): Promise<unknown> {
  return prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
}

async function read(picture: Grey): Promise<string[]> {
  const image = new ImageData(rgbaOf(picture), picture.width, picture.height);
  const found = await readBarcodes(image, LABELS_ONLY);
  return found.filter((one) => one.isValid).map((one) => one.text);
}

let next = 0;

async function heard(frame: ToWorker): Promise<FromWorker> {
  const picture = greyOf(new Uint8ClampedArray(frame.pixels), frame.width, frame.height);
  const from = next++;
  const found = await searched(picture, from, read);
  next = found.next;
  return { kind: "read", texts: found.texts, look: lookOf(picture) };
}

function answer(message: FromWorker): void {
  postMessage(message);
}

addEventListener("message", async (event: MessageEvent<ToWorker>) => {
  try {
    answer(await heard(event.data));
  } catch {
    // A frame that the reader trips over leaves it broken: take a fresh one (about a millisecond), and another treatment.
    purgeZXingModule();
    prepare().then(
      () => answer({ kind: "read", texts: [] }),
      (error: unknown) => answer({ kind: "broken", detail: String(error) }),
    );
  }
});

// While the person answers the browser's question about the camera, the reader gets ready. If that fails, the first
// frame says so.
prepare().catch(() => undefined);
