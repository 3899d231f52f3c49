/** Finding a thing by name, place, serial number or code. */

import { useMemo, useState } from "preact/hooks";
import type { Asset } from "../engine";
import { english, W } from "../words";
import { grouped } from "./ask/things";
import { useEngine, usePart } from "./engine";
import { Icon } from "./Icon";
import { SearchBox } from "./SearchBox";

interface AssetPickerProps {
  label: string;
  /** Only these, in this order; then the list stands there before anything is typed. */
  things?: readonly Asset[];
  onPick: (asset: Asset) => void;
}

/** Before anything is typed a few will do: the next question must stay in reach. */
const FIRST = 5;
const SHOWN = 20;

export function AssetPicker({ label, things, onPick }: AssetPickerProps) {
  const engine = useEngine();
  const site = usePart((s) => s.site);
  const [words, setWords] = useState("");
  const [whole, setWhole] = useState(false);
  const typed = words.trim() !== "";
  const all = useMemo(() => {
    if (!things) return typed ? engine.search(words) : [];
    return typed ? things.filter((asset) => fits(asset, engine.place(asset).words, words)) : [...things];
  }, [words, things, site]);
  const found = whole ? all : all.slice(0, typed ? SHOWN : FIRST);
  const groups = site && things ? grouped(site, found) : [];
  const nothing = typed ? W.claim.none : things ? W.check.noneOfKind : W.claim.start;
  return (
    <div class="stack">
      <SearchBox label={label} value={words} onWords={setWords} />
      <p class={found.length ? "unseen" : "muted"} role="status">
        {found.length ? W.claim.found(found.length) : nothing}
      </p>
      {groups.length > 1 ? (
        groups.map((group) => (
          <div key={group.key}>
            <h3>{group.building?.name ?? W.check.elsewhere}</h3>
            <Things things={group.things} onPick={onPick} />
          </div>
        ))
      ) : (
        <Things things={found} onPick={onPick} />
      )}
      {things && found.length < all.length && (
        <button type="button" class="btn wide" onClick={() => setWhole(true)}>
          {W.check.showAll(all.length)}
        </button>
      )}
    </div>
  );
}

function Things({ things, onPick }: { things: readonly Asset[]; onPick: (asset: Asset) => void }) {
  const engine = useEngine();
  return (
    <ul class="rows">
      {things.map((asset) => (
        <li key={asset.id}>
          <button type="button" class="row" onClick={() => onPick(asset)}>
            <span class="row-words">
              <span class="row-title" {...english()}>
                {asset.name}
              </span>
              <span class="muted">{engine.place(asset).words}</span>
            </span>
            <Icon name="go" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function fits(asset: Asset, place: string, words: string): boolean {
  const text = `${asset.name} ${asset.serial} ${place}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
