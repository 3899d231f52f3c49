/** Finding a thing by name, place, serial number or code. */

import { useMemo, useState } from "preact/hooks";
import type { Asset } from "../engine";
import { W } from "../words";
import { useEngine, usePart } from "./engine";
import { Icon } from "./Icon";
import { SearchBox } from "./SearchBox";

interface AssetPickerProps {
  label: string;
  /** Only this kind of thing; then the list stands there before anything is typed. */
  type?: string;
  onPick: (asset: Asset) => void;
}

/** Before anything is typed a few will do: the next question must stay in reach. */
const FIRST = 5;
const SHOWN = 20;

export function AssetPicker({ label, type, onPick }: AssetPickerProps) {
  const engine = useEngine();
  const assets = usePart((s) => s.site?.assets ?? null);
  const [words, setWords] = useState("");
  const found = useMemo(() => {
    const all = words.trim() ? engine.search(words) : type ? [...(assets?.values() ?? [])] : [];
    return all.filter((asset) => !type || asset.type === type).slice(0, words.trim() ? SHOWN : FIRST);
  }, [words, type, assets]);
  const nothing = words.trim() ? W.claim.none : type ? W.check.noneOfKind : W.claim.start;
  return (
    <div class="stack">
      <SearchBox label={label} value={words} onWords={setWords} />
      <p class={found.length ? "unseen" : "muted"} role="status">
        {found.length ? W.claim.found(found.length) : nothing}
      </p>
      <ul class="rows">
        {found.map((asset) => (
          <li key={asset.id}>
            <button type="button" class="row" onClick={() => onPick(asset)}>
              <span class="row-words">
                <span class="row-title">{asset.name}</span>
                <span class="muted">{engine.place(asset).words}</span>
              </span>
              <Icon name="go" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
