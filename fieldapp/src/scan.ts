/** The camera: finds labels and says what they are. Loaded only when somebody scans. */

import type { FromWorker, ToWorker } from "./frames";
import { type Hint, Hints } from "./hints";
import { Lens, type LensTrack, type Zoom } from "./lens";
import type { Found } from "./types";

export type { Hint } from "./hints";
export type { Zoom } from "./lens";

export interface ScannerOptions {
  /** Start with the light on, where the phone has one that we may use. */
  torch?: boolean;
  zoom?: Zoom;
  /** What may help, when nothing has been read for some seconds; null when looking anew. */
  onHint?: (hint: Hint | null) => void;
  /** The page was hidden or the camera was taken away: the picture has stopped. */
  onStopped?: (why: "hidden" | "lost") => void;
}

export interface ScannerHandle {
  /** True when the light can be switched from here. */
  torch: boolean;
  setTorch(on: boolean): Promise<void>;
  /** Twice as near: by the lens where it can, else a smaller part of the picture is read. */
  setZoom(times: Zoom): Promise<void>;
  /** Focus here, where the camera lets us: shares of the picture, from its upper left. */
  focusAt(x: number, y: number): void;
  stop(): void;
}

export type ScannerOutcome =
  | { kind: "open"; scanner: ScannerHandle }
  /** Not allowed: say how to allow it, and offer the typed code. */
  | { kind: "denied" }
  | { kind: "no-camera" }
  /** Another app or tab has it. */
  | { kind: "busy" }
  /** The page is not on a secure address, so browsers give it no camera. */
  | { kind: "insecure" }
  | { kind: "failed"; detail: string };

/** More points bring nothing when shake and lens are the limit, and cost more than twice the time. */
const CAMERA: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};
const SQUARE = 720;
/** The same label is told again only after this long. */
const REPEAT_AFTER = 2_000;
/** A foreign code must be seen this often before it is told: one frame may be a ghost. */
const SURE_OF_FOREIGN = 3;

export async function openScanner(
  video: HTMLVideoElement,
  find: (text: string) => Found,
  onFound: (found: Found) => void,
  options: ScannerOptions = {},
): Promise<ScannerOutcome> {
  if (!globalThis.isSecureContext) return { kind: "insecure" };
  if (!navigator.mediaDevices?.getUserMedia) return { kind: "no-camera" };
  // The reader gets ready while the person answers the browser's question.
  const worker = new Worker(new URL("./scan.worker.ts", import.meta.url), { type: "module" });
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia(CAMERA);
  } catch (error) {
    worker.terminate();
    return refusal(error);
  }
  const session = new ScanSession(video, stream, worker, new Sightings(find, onFound), options);
  try {
    await session.open();
  } catch (error) {
    session.stop();
    return { kind: "failed", detail: error instanceof Error ? error.message : String(error) };
  }
  return { kind: "open", scanner: session };
}

export function refusal(error: unknown): ScannerOutcome {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return { kind: "denied" };
  if (name === "NotFoundError" || name === "OverconstrainedError") return { kind: "no-camera" };
  if (name === "NotReadableError" || name === "AbortError") return { kind: "busy" };
  return { kind: "failed", detail: error instanceof Error ? error.message : String(error) };
}

/** Decides which readings are told: our labels at once, anything else only when it is seen again and again. */
export class Sightings {
  private told = new Map<string, number>();
  private foreign = new Map<string, number>();

  constructor(
    private readonly find: (text: string) => Found,
    private readonly onFound: (found: Found) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  seen(texts: readonly string[]): void {
    for (const text of texts) {
      const found = this.find(text);
      const ours = found.kind !== "not-ours" && found.kind !== "bad-code";
      if (!ours) {
        const times = (this.foreign.get(text) ?? 0) + 1;
        this.foreign.set(text, times);
        if (times < SURE_OF_FOREIGN) continue;
      }
      const last = this.told.get(text);
      if (last !== undefined && this.now() - last < REPEAT_AFTER) continue;
      this.told.set(text, this.now());
      this.onFound(found);
    }
  }
}

class ScanSession implements ScannerHandle {
  torch = false;
  private stopped = false;
  private readonly canvas = document.createElement("canvas");
  private readonly track: MediaStreamTrack | undefined;
  private readonly lens: Lens;
  private readonly hints = new Hints();
  private hint: Hint | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly stream: MediaStream,
    private readonly worker: Worker,
    private readonly sightings: Sightings,
    private readonly options: ScannerOptions,
  ) {
    this.track = stream.getVideoTracks()[0];
    this.lens = new Lens(this.track as LensTrack | undefined);
  }

  async open(): Promise<void> {
    this.worker.onmessage = (event: MessageEvent<FromWorker>) => this.heard(event.data);
    this.worker.onerror = () => this.end("lost");
    document.addEventListener("visibilitychange", this.hidden);
    this.track?.addEventListener("ended", this.lost);
    this.video.setAttribute("playsinline", "");
    this.video.muted = true;
    this.video.srcObject = this.stream;
    await this.video.play();
    this.torch = this.lens.hasTorch;
    await this.lens.follow();
    if (this.options.zoom === 2) await this.setZoom(2);
    if (this.options.torch) await this.setTorch(true);
    this.hints.restart();
    this.show();
  }

  async setTorch(on: boolean): Promise<void> {
    if (!this.torch) return;
    this.torch = await this.lens.torch(on);
    this.tell(null);
  }

  async setZoom(times: Zoom): Promise<void> {
    await this.lens.zoom(times);
    this.video.dataset.zoom = String(this.lens.digital);
    this.tell(null);
  }

  focusAt(x: number, y: number): void {
    this.lens.point(x, y);
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    document.removeEventListener("visibilitychange", this.hidden);
    this.track?.removeEventListener("ended", this.lost);
    for (const track of this.stream.getTracks()) track.stop();
    this.video.srcObject = null;
    this.worker.terminate();
    this.canvas.width = 0;
  }

  private readonly hidden = () => {
    if (document.visibilityState === "hidden") this.end("hidden");
  };

  private readonly lost = () => this.end("lost");

  private end(why: "hidden" | "lost"): void {
    if (this.stopped) return;
    this.stop();
    this.options.onStopped?.(why);
  }

  private heard(message: FromWorker): void {
    if (this.stopped) return;
    if (message.kind === "broken") {
      this.end("lost");
      return;
    }
    if (message.texts.length) this.tell(null);
    else if (message.look) this.tell(this.hints.missed(message.look), false);
    this.sightings.seen(message.texts);
    // A frame at a time: the worker asks for the next by answering.
    requestAnimationFrame(() => this.show());
  }

  private tell(hint: Hint | null, anew = true): void {
    if (anew) this.hints.restart();
    if (hint === this.hint) return;
    this.hint = hint;
    this.options.onHint?.(hint);
  }

  /** Hands the middle square of the picture to the worker. */
  private show(): void {
    if (this.stopped) return;
    const { videoWidth, videoHeight } = this.video;
    const side = Math.floor(Math.min(videoWidth, videoHeight) / this.lens.digital);
    const pen = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!side || !pen) {
      setTimeout(() => this.show(), 50);
      return;
    }
    const size = Math.min(side, SQUARE);
    if (this.canvas.width !== size) this.canvas.width = this.canvas.height = size;
    pen.drawImage(this.video, (videoWidth - side) / 2, (videoHeight - side) / 2, side, side, 0, 0, size, size);
    const { data } = pen.getImageData(0, 0, size, size);
    const frame: ToWorker = { pixels: data.buffer as ArrayBuffer, width: size, height: size };
    this.worker.postMessage(frame, [frame.pixels]);
  }
}
