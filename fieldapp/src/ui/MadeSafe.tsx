/** What is known of a problem beside its words: what was done to make it safe, and its photos where there is a signal. */

import { useState } from "preact/hooks";
import type { OpenDefect } from "../engine";
import { english, W } from "../words";
import { day } from "./say";

export function MadeSafe({ defect }: { defect: OpenDefect }) {
  const { made_safe, photos = [] } = defect;
  return (
    <>
      {made_safe && (
        <p>
          <strong>{W.problem.madeSafe}</strong> <span {...english()}>{made_safe}</span>
        </p>
      )}
      {photos.length > 0 && (
        <ul class="photos">
          {photos.map((sha256, n) => (
            <Picture key={sha256} sha256={sha256} words={W.problem.photo(n + 1, day(defect.found_on))} />
          ))}
        </ul>
      )}
    </>
  );
}

/** As the office shows it; without a signal its place says so. */
function Picture({ sha256, words }: { sha256: string; words: string }) {
  const [gone, setGone] = useState(false);
  return (
    <li class="photo">
      {gone ? (
        <span class="muted small">{W.problem.photoLater}</span>
      ) : (
        <img src={`/photos/${sha256}/small/`} alt={words} onError={() => setGone(true)} />
      )}
    </li>
  );
}
