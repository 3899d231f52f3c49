/** Always in sight: is what I saved safe, and has it gone? One tap leads to the whole story. */

import { Link } from "wouter-preact";
import type { SyncState } from "../engine";
import { W } from "../words";
import { usePart } from "./engine";
import type { Tone } from "./Status";

interface Line {
  tone: Tone;
  shape: string;
  words: string;
}

/** The one sentence for this state of sending. */
export function lineFor(sync: SyncState): Line {
  const { online, sending, waiting, photos_waiting } = sync;
  const { line } = W;
  if (!online) {
    if (waiting) return { tone: "soon", shape: "○", words: line.noSignalWaiting(waiting) };
    if (photos_waiting) return { tone: "soon", shape: "○", words: line.noSignalPhotos(photos_waiting) };
    return { tone: "off", shape: "○", words: line.noSignal };
  }
  if (waiting) return { tone: "soon", shape: "◐", words: sending ? line.sending(waiting) : line.waiting(waiting) };
  if (!photos_waiting) return { tone: "good", shape: "●", words: line.allSent };
  return {
    tone: "soon",
    shape: "◐",
    words: sending ? line.sendingPhotos(photos_waiting) : line.photos(photos_waiting),
  };
}

export function StatusLine() {
  const sync = usePart((state) => state.sync);
  const line = lineFor(sync);
  return (
    <Link href="/outbox" class="status-line">
      <span class="frame">
        <span class={line.tone} aria-hidden="true">
          {line.shape}
        </span>
        <span role="status">
          <b>{line.words}</b>
          {sync.held > 0 && ` · ${W.line.held(sync.held)}`}
        </span>
        <span class="go">{W.line.open}</span>
      </span>
    </Link>
  );
}
