import type { OpenDefect } from "../engine";
import { W } from "../words";
import { Note } from "./Note";
import { isoDate } from "./say";

/** Whether a thing must not be used because of it, on a day ("2026-11-27"). */
export function barsUse(defect: OpenDefect, today: string): boolean {
  return defect.unsafe || (!!defect.do_not_use_from && defect.do_not_use_from <= today);
}

/** Unsafe things say so before anything else, with why. */
export function DoNotUse({ defects }: { defects: readonly OpenDefect[] }) {
  const why = defects.filter((defect) => barsUse(defect, isoDate()));
  if (why.length === 0) return null;
  return (
    <Note tone="late" title={`▲ ${W.assetScreen.doNotUse}`}>
      {why.map((defect) => (
        <p key={defect.id}>{defect.summary}</p>
      ))}
    </Note>
  );
}
