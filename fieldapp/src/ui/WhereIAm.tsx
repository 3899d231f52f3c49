/** "Write where I am": only when somebody presses it, only this once, and only into the words that they send. */

import { useState } from "preact/hooks";
import { W } from "../words";

const PATIENCE_MS = 20_000;

/** The words for a place on the earth: five decimals are a metre, which no phone knows better. */
export function placeWords({ latitude, longitude, accuracy }: GeolocationCoordinates): string {
  return W.report.whereWords(`${latitude.toFixed(5)}, ${longitude.toFixed(5)}`, Math.max(1, Math.round(accuracy)));
}

export function WhereIAm({ onWords }: { onWords: (words: string) => void }) {
  const [state, setState] = useState<"" | "asking" | "failed" | "done">("");
  if (!("geolocation" in navigator)) return null;
  const ask = () => {
    if (state === "asking") return;
    setState("asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        onWords(placeWords(coords));
        setState("done");
      },
      () => setState("failed"),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 },
    );
  };
  const said = {
    "": W.report.whereHelp,
    asking: W.report.whereAsking,
    failed: W.report.whereFailed,
    done: W.report.whereDone,
  };
  return (
    <div class="field">
      <button type="button" class="btn slim" aria-disabled={state === "asking"} onClick={ask}>
        {W.report.where}
      </button>
      <p class={state === "failed" ? "error" : "help"} role="status">
        {said[state]}
      </p>
    </div>
  );
}
