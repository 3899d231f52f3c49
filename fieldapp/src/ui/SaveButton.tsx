import { W } from "../words";
import { Note } from "./Note";

/** The one main thing to do in a form. */
export function SaveButton({ words, saving, save }: { words: string; saving: boolean; save: () => void }) {
  return (
    <button type="button" class="btn main main-act" aria-disabled={saving} onClick={save}>
      {saving ? W.check.saving : words}
    </button>
  );
}

/** How many answers are still needed: in the bottom bar, just above the button that was pressed. */
export function StillNeeded({ faults }: { faults: Record<string, string> }) {
  const missing = Object.keys(faults).length;
  return missing > 0 ? <p class="error bottom-says">{W.check.missing(missing)}</p> : null;
}

/** Why it could not be saved, in the engine's own words. */
export function Trouble({ words }: { words: string }) {
  if (!words) return null;
  return (
    <div data-trouble>
      <Note tone="late" live>
        <p>{words}</p>
      </Note>
    </div>
  );
}
