/** The picture, the light, and everything that a camera can refuse. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Found, ScannerHandle, ScannerOutcome } from "../engine";
import { useEngine } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Note } from "../ui/Note";
import { W } from "../words";

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
        onStopped: () => live && [setScanner(null), setRefusal("stopped")],
      });
      if (outcome.kind === "open") handle = outcome.scanner;
      if (!live) return handle?.stop();
      if (outcome.kind === "open") {
        setScanner(outcome.scanner);
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
        <video ref={video} playsInline muted autoPlay aria-label={W.scanScreen.looking} />
        {scanner && <div class="corners" />}
        {scanner?.torch && <Torch scanner={scanner} />}
      </div>
      <p role="status">{scanner ? W.scanScreen.looking : W.scanScreen.opening}</p>
    </div>
  );
}

function Torch({ scanner }: { scanner: ScannerHandle }) {
  const [on, setOn] = useState(false);
  const turn = () =>
    scanner.setTorch(!on).then(
      () => setOn(!on),
      () => undefined,
    );
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
