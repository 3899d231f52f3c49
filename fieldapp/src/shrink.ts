/**
 * A photo made fit to keep and to send: upright, long side 2,048 px, about 500 kB. Drawing it anew leaves behind
 * everything that was not picture: place, time, owner, thumbnail.
 */

import { sha256 } from "./canonical";
import { EngineError } from "./errors";
import type { Photo } from "./types";
import { W } from "./words";

const LONG_SIDE = 2048;
const AIM = 600_000;
const QUALITIES = [0.82, 0.7, 0.55, 0.4];
/** What the server takes of one file. */
export const LARGEST_FILE = 12 * 1024 * 1024;
/** A 50-megapixel photo still fits; beyond that a phone may run out of memory. */
const LARGEST_SOURCE = 60 * 1024 * 1024;

/** Throws EngineError "not-a-photo" or "too-large", in words that can be shown. */
export async function shrink(source: Blob): Promise<Photo> {
  if (source.size > LARGEST_SOURCE) {
    throw new EngineError("too-large", W.engine.tooLargePhoto);
  }
  const picture = await decode(source);
  try {
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    const blob = await encode(picture, width, height);
    const bytes = await blob.arrayBuffer();
    return { sha256: await sha256(bytes), type: "image/jpeg", size: bytes.byteLength, width, height, bytes };
  } finally {
    if ("close" in picture) picture.close();
  }
}

/** A PDF (a certificate) kept as it is; a picture is shrunk. Throws EngineError "too-large" or "not-a-photo". */
export async function asFile(source: Blob): Promise<Photo> {
  const type = "application/pdf";
  const start = new TextDecoder("latin1").decode(await source.slice(0, 1024).arrayBuffer());
  if (!start.includes("%PDF-")) {
    if (source.type === type) throw new EngineError("not-a-photo", W.engine.noPdf);
    return shrink(source);
  }
  if (source.size > LARGEST_FILE) {
    throw new EngineError("too-large", W.engine.tooLargeFile);
  }
  const bytes = await source.arrayBuffer();
  return { sha256: await sha256(bytes), type, size: bytes.byteLength, width: 0, height: 0, bytes };
}

async function decode(source: Blob): Promise<ImageBitmap | HTMLImageElement> {
  try {
    return await createImageBitmap(source, { imageOrientation: "from-image" });
  } catch {
    return decodeByElement(source);
  }
}

/** Browsers whose createImageBitmap does not know this kind of picture may still show it. */
async function decodeByElement(source: Blob): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(source);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    throw new EngineError("not-a-photo", W.engine.notPhoto);
  } finally {
    URL.revokeObjectURL(url);
  }
  return image;
}

async function encode(picture: CanvasImageSource, width: number, height: number): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (!pen) throw new EngineError("storage", W.engine.noMemory);
  // A transparent picture would turn black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  let smallest: Blob | null = null;
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && (!smallest || blob.size < smallest.size)) smallest = blob;
    if (smallest && smallest.size <= AIM) break;
  }
  // iOS holds on to a canvas's memory until it is made small.
  canvas.width = 0;
  if (!smallest) throw new EngineError("not-a-photo", W.engine.notShrunk);
  return smallest;
}
