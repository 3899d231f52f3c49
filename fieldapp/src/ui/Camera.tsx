/**
 * A viewfinder of our own. The phone's camera app can push this page out of memory; this one cannot.
 * One getUserMedia per opening, stopped as soon as it is closed or the page is hidden.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { W } from "../words";
import { Icon } from "./Icon";
import { Note } from "./Note";

export function PhotoCamera({ onPhoto, onClose }: { onPhoto: (photo: Blob) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"opening" | "open" | "none">("opening");
  useEffect(() => {
    frame.current?.scrollIntoView({ block: "center" });
    let stream: MediaStream | null = null;
    let live = true;
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const open = async () => {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 2048 }, height: { ideal: 1536 } },
      });
      if (!live || !video.current) return stop();
      video.current.srcObject = stream;
      await video.current.play();
      setState("open");
    };
    open().catch(() => live && setState("none"));
    const hidden = () => document.hidden && onClose();
    document.addEventListener("visibilitychange", hidden);
    return () => {
      live = false;
      stop();
      document.removeEventListener("visibilitychange", hidden);
    };
  }, []);

  const take = async () => {
    const photo = video.current && (await shot(video.current));
    if (photo) onPhoto(photo);
    onClose();
  };
  return (
    <div class="stack camera" ref={frame}>
      {state === "none" ? (
        <Note tone="due" live>
          <p>{W.check.noCamera}</p>
        </Note>
      ) : (
        <div class="viewfinder wide">
          <video ref={video} playsInline muted aria-label={W.check.takePhoto} />
        </div>
      )}
      {state === "opening" && <p role="status">{W.check.cameraAsk}</p>}
      <div class="acts">
        {state === "open" && (
          <button type="button" class="btn main" onClick={take}>
            <Icon name="camera" />
            {W.check.shutter}
          </button>
        )}
        <button type="button" class="btn" onClick={onClose}>
          {W.check.closeCamera}
        </button>
      </div>
    </div>
  );
}

/** The picture as it stands, as a JPEG; the engine shrinks it and takes its place and time out. */
function shot(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
}
