/** The picture, the light, and everything that a camera can refuse. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Found, Hint, ScannerHandle, ScannerOutcome, Zoom } from "../engine";
import { useEngine } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Note } from "../ui/Note";
import { remember, remembered } from "../ui/remember";
import { W } from "../words";

const ZOOM = "siteward-zoom";
/** The light stays as it was from one label to the next, until the app is closed. */
let lit = false;

type Refusal = Exclude<ScannerOutcome["kind"], "open"> | "stopped";

interface CameraProps {
  onFound: (found: Found) => void;
  onOpen?: () => void;
  onRefused?: () => void;
  /** Goes on after a label was read; without it the camera stops at the first. */
  stay?: boolean;
}

export function Camera(props: CameraProps) {
  const engine = useEngine();
  const video = useRef<HTMLVideoElement>(null);
  const [scanner, setScanner] = useState<ScannerHandle | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [hint, setHint] = useState<Hint | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    let live = true;
    let handle: ScannerHandle | null = null;
    const stop = () => {
      live = false;
      handle?.stop();
    };
    const seen = (found: Found) => {
      if (!live) return;
      if (!props.stay) stop();
      props.onFound(found);
    };
    const start = async (picture: HTMLVideoElement) => {
      const outcome = await engine.openScanner(picture, seen, {
        torch: lit,
        zoom: kept(),
        onHint: (what) => live && setHint(what),
        onStopped: () => live && [setScanner(null), setRefusal("stopped")],
      });
      if (outcome.kind === "open") handle = outcome.scanner;
      if (!live) return handle?.stop();
      if (outcome.kind === "open") {
        setScanner(outcome.scanner);
        picture.scrollIntoView({ block: "center" });
        props.onOpen?.();
      } else {
        setRefusal(outcome.kind);
        props.onRefused?.();
      }
    };
    if (video.current) start(video.current);
    return stop;
  }, [turn]);

  const again = () => {
    setRefusal(null);
    setTurn(turn + 1);
  };
  if (refusal) return <Refused why={refusal} again={again} />;
  return (
    <div class="stack">
      <div class="viewfinder">
        <video
          ref={video}
          playsInline
          muted
          autoPlay
          aria-label={W.scanScreen.looking}
          onClick={(e) => focus(e, scanner)}
        />
        {scanner && <div class="corners" />}
        {scanner && <Zooms scanner={scanner} />}
        {scanner?.torch && <Torch scanner={scanner} />}
      </div>
      <p role="status">{scanner ? advice(hint, scanner.torch && !lit) : W.scanScreen.opening}</p>
    </div>
  );
}

function kept(): Zoom {
  return remembered(ZOOM) === "2" ? 2 : 1;
}

function focus(event: MouseEvent, scanner: ScannerHandle | null): void {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  scanner?.focusAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
}

function advice(hint: Hint | null, light: boolean): string {
  if (hint === "dark") return light ? W.scanScreen.hintLight : W.scanScreen.hintDark;
  if (hint === "blurred") return W.scanScreen.hintBlurred;
  return hint ? W.scanScreen.hintDistance : W.scanScreen.looking;
}

function Zooms({ scanner }: { scanner: ScannerHandle }) {
  const [zoom, setZoom] = useState(kept);
  const times: Zoom = zoom === 2 ? 1 : 2;
  const turn = () => {
    setZoom(times);
    remember(ZOOM, String(times));
    scanner.setZoom(times);
  };
  return (
    <button type="button" class="btn zooms" aria-label={W.scanScreen.zoom} aria-pressed={zoom === 2} onClick={turn}>
      {`${zoom}\u00d7`}
    </button>
  );
}

function Torch({ scanner }: { scanner: ScannerHandle }) {
  const [on, setOn] = useState(lit);
  const turn = async () => {
    await scanner.setTorch(!on);
    lit = !on;
    setOn(lit);
  };
  return (
    <button type="button" class="btn torch" aria-pressed={on} onClick={turn}>
      <Icon name="light" />
      {on ? W.scanScreen.lightOff : W.scanScreen.lightOn}
    </button>
  );
}

function Refused({ why, again }: { why: Refusal; again: () => void }) {
  const words: Record<Refusal, [string, string]> = {
    denied: [W.scanScreen.denied, W.scanScreen.deniedBody],
    "no-camera": [W.scanScreen.none, W.scanScreen.noneBody],
    busy: [W.scanScreen.busy, W.scanScreen.busyBody],
    insecure: [W.scanScreen.insecure, W.scanScreen.insecureBody],
    failed: [W.scanScreen.failed, W.scanScreen.noneBody],
    stopped: [W.scanScreen.stopped, W.scanScreen.stoppedBody],
  };
  const [title, body] = words[why];
  return (
    <Note tone={why === "stopped" ? "off" : "due"} title={title} live>
      <p>{body}</p>
      {why !== "insecure" && why !== "no-camera" && (
        <button type="button" class="btn" onClick={again}>
          {W.scanScreen.again}
        </button>
      )}
    </Note>
  );
}
