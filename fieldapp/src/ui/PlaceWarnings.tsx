import type { Place } from "../engine";
import { W } from "../words";
import { Note } from "./Note";

/** Asbestos and the like: before anything else that is said about the place. */
export function PlaceWarnings({ place }: { place: Place }) {
  if (place.warnings.length === 0) return null;
  return (
    <Note tone="late" title={`▲ ${W.assetScreen.warning}`}>
      {place.warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
    </Note>
  );
}
