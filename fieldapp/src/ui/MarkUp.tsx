/** An arrow or a circle on a photo: drawn with a finger, or placed and moved by buttons. The photo itself stays as it is. */

import { useEffect, useRef, useState } from "preact/hooks";
import { W } from "../words";
import { announce } from "./announce";
import { sayError, useEngine } from "./engine";
import { whileOpen } from "./keeping";
import { draw, grown, isDrawn, type Mark, moved, placed, type Shape } from "./marks";

interface MarkUpProps {
  sha256: string;
  onDone: (picture: Blob) => void;
  onClose: () => void;
}

const STEP = 0.04;
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

export function MarkUp({ sha256, onDone, onClose }: MarkUpProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLFieldSetElement>(null);
  const { picture, trouble } = usePicture(sha256);
  const [shape, setShape] = useState<Shape>("circle");
  const [marks, setMarks] = useState<Mark[]>([]);
  const [drawing, setDrawing] = useState<Mark | null>(null);
  const [untouched, setUntouched] = useState(false);
  useEffect(() => box.current?.scrollIntoView({ block: "start" }), [picture]);
  useEffect(() => {
    const sheet = canvas.current;
    const pen = sheet?.getContext("2d");
    if (!sheet || !pen || !picture) return;
    sheet.width = picture.naturalWidth;
    sheet.height = picture.naturalHeight;
    pen.drawImage(picture, 0, 0);
    draw(pen, drawing ? [...marks, drawing] : marks, sheet.width, sheet.height);
  }, [picture, marks, drawing]);

  const at = (event: PointerEvent): [number, number] => {
    const frame = canvas.current?.getBoundingClientRect();
    if (!frame) return [0, 0];
    return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
  };
  const last = (change: (mark: Mark) => Mark) => {
    setUntouched(false);
    setMarks((now) => [...now.slice(0, -1), ...now.slice(-1).map((mark) => change(mark))]);
  };
  /** A mark that a button put in the middle, and that nobody has moved, gives way to the next. */
  const add = (mark: Mark, byButton: boolean) => {
    setMarks((now) => [...(untouched ? now.slice(0, -1) : now), mark]);
    setUntouched(byButton);
  };
  const place = (kind: Shape) => {
    setShape(kind);
    add(placed(kind), true);
    announce(W.markUp.placed);
    canvas.current?.focus({ preventScroll: true }); // the arrow keys move it from here
  };
  const undo = () => {
    setUntouched(false);
    setMarks((now) => now.slice(0, -1));
  };
  const finish = useRef<() => Promise<void>>(async () => undefined);
  finish.current = async () => {
    const sheet = canvas.current;
    if (!sheet || marks.length === 0) return;
    const made = await new Promise<Blob | null>((kept) => sheet.toBlob(kept, "image/jpeg", 0.9));
    if (made) onDone(made);
    else announce(W.check.notKept);
  };
  // whoever presses Save with marks on the photo wants them saved
  useEffect(() => whileOpen(() => finish.current()), []);

  if (trouble) return <p class="error">{trouble}</p>;
  return (
    <fieldset class="markup stack" ref={box}>
      <legend>{W.markUp.title}</legend>
      <p class="help">{W.markUp.help}</p>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={W.markUp.picture(marks.length)}
        onKeyDown={(event) => {
          const by = KEYS[event.key];
          if (!by || marks.length === 0) return;
          event.preventDefault();
          last((mark) => moved(mark, ...by));
        }}
        onPointerDown={(event) => {
          canvas.current?.setPointerCapture(event.pointerId);
          setDrawing({ shape, from: at(event), to: at(event) });
        }}
        onPointerMove={(event) => drawing && setDrawing({ ...drawing, to: at(event) })}
        onPointerUp={() => {
          if (drawing && isDrawn(drawing)) add(drawing, false);
          setDrawing(null);
        }}
        onPointerCancel={() => setDrawing(null)}
      />
      <div class="acts">
        {(["circle", "arrow"] as const).map((kind) => (
          <button key={kind} type="button" class="btn slim" aria-pressed={shape === kind} onClick={() => place(kind)}>
            {W.markUp[kind]}
          </button>
        ))}
        {marks.length > 0 && (
          <>
            <button type="button" class="btn slim" onClick={() => last((mark) => grown(mark, 1.25))}>
              {W.markUp.larger}
            </button>
            <button type="button" class="btn slim" onClick={() => last((mark) => grown(mark, 0.8))}>
              {W.markUp.smaller}
            </button>
            <button type="button" class="btn slim" onClick={undo}>
              {W.markUp.undo}
            </button>
          </>
        )}
      </div>
      <div class="acts">
        <button type="button" class="btn main" aria-disabled={marks.length === 0} onClick={() => finish.current()}>
          {W.markUp.keep}
        </button>
        <button type="button" class="btn" onClick={onClose}>
          {W.markUp.leave}
        </button>
      </div>
    </fieldset>
  );
}

/** The photo as it lies on this phone. */
function usePicture(sha256: string): { picture: HTMLImageElement | null; trouble: string } {
  const engine = useEngine();
  const [picture, setPicture] = useState<HTMLImageElement | null>(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    let live = true;
    const load = async () => {
      const url = await engine.photoUrl(sha256);
      if (!url) throw new Error(W.check.gone);
      const image = new Image();
      image.src = url;
      await image.decode().finally(() => URL.revokeObjectURL(url));
      if (live) setPicture(image);
    };
    load().catch((problem) => live && setTrouble(sayError(problem)));
    return () => {
      live = false;
    };
  }, [sha256]);
  return { picture, trouble };
}
