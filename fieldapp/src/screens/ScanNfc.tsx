/** Hold the phone to a tag. Nothing of this is shown on a phone that cannot read tags. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type Found, hasNfc, listenNfc } from "../engine";
import { useEngine } from "../ui/engine";
import { W } from "../words";

export function NfcButton({ onFound }: { onFound: (found: Found) => void }) {
  const engine = useEngine();
  const [state, setState] = useState<"idle" | "listening" | "refused">("idle");
  const ending = useRef<AbortController | null>(null);
  useEffect(() => () => ending.current?.abort(), []);
  if (!hasNfc()) return null;
  const listen = async () => {
    const stop = new AbortController();
    ending.current?.abort();
    ending.current = stop;
    setState("listening");
    const listening = await listenNfc((text) => onFound(engine.findTag(text)), stop.signal);
    if (!listening && !stop.signal.aborted) setState("refused");
  };
  const words = { idle: "", listening: W.scanScreen.nfcHold, refused: W.scanScreen.nfcNot }[state];
  return (
    <div class="stack">
      {state !== "listening" && (
        <button type="button" class="btn wide" onClick={listen}>
          {W.scanScreen.nfc}
        </button>
      )}
      <p role="status">{words}</p>
    </div>
  );
}
