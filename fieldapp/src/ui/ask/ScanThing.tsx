/** Scan in the middle of a form: the camera opens under the question, and the label answers it. */

import { useRef, useState } from "preact/hooks";
import type { Asset, Found, Presence } from "../../engine";
import { W } from "../../words";
import { announce, buzz } from "../announce";
import { useLoaded, usePart } from "../engine";
import { Icon } from "../Icon";
import { plain } from "../say";

interface ScanThingProps {
  /** The kind that the question asks for, "" for any. */
  type: string;
  things: readonly Asset[];
  /** `code`: its label; `presence`: read by the camera, or only typed. */
  onThing: (asset: Asset, code: string, presence: Presence) => void;
  /** Several answers: the camera stays open. */
  many?: boolean;
  /** What is said of one that was scanned; that it is ticked, unless something else becomes of it. */
  says?: (name: string) => string;
}

export function ScanThing(props: ScanThingProps) {
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState("");
  const types = usePart((s) => s.site?.asset_types ?? null);
  const last = useRef("");
  const say = (words: string, good: boolean, code: string) => {
    if (last.current !== code) buzz(good ? 60 : [40, 60, 40]);
    last.current = code;
    setSaid(words);
  };
  const take = (found: Found, presence: Presence) => {
    if (found.kind !== "asset") return say(refusal(found), false, found.kind);
    const { asset, code } = found;
    if (props.type && asset.type !== props.type) {
      return say(W.check.wrongThing(code, asset.name, types?.get(props.type)?.name ?? plain(props.type)), false, code);
    }
    if (!props.things.some((one) => one.id === asset.id)) return say(W.check.notOffered(code, asset.name), false, code);
    props.onThing(asset, code, presence);
    announce(asset.name);
    say(props.many ? (props.says ?? W.check.scanned)(asset.name) : "", true, code);
    if (!props.many) setOpen(false);
  };
  // the camera keeps the first function that it was given; this one always reads what is on the screen now
  const now = useRef(take);
  now.current = take;
  return (
    <>
      <button type="button" class="btn wide" aria-expanded={open} onClick={() => [setOpen(!open), setSaid("")]}>
        <Icon name="scan" />
        {open ? W.check.closeCamera : W.check.scanIt}
      </button>
      {open && (
        <div class="sub">
          <p class={said ? "verdict" : "unseen"} role="status">
            {said}
          </p>
          <Viewer onFound={(found, presence) => now.current(found, presence)} />
        </div>
      )}
    </>
  );
}

/** The scanner and the typed code come when they are first wanted. */
function Viewer({ onFound }: { onFound: (found: Found, presence: Presence) => void }) {
  const loaded = useLoaded(
    () => Promise.all([import("../../screens/ScanCamera"), import("../../screens/ScanCode")]),
    [],
  );
  if (!loaded) return <p role="status">{W.scanScreen.opening}</p>;
  const [{ Camera }, { CodeBox }] = loaded.value;
  return (
    <>
      <Camera stay onFound={(found) => onFound(found, "tag")} />
      <CodeBox inside onFound={(found) => onFound(found, "typed")} />
    </>
  );
}

function refusal(found: Exclude<Found, { kind: "asset" }>): string {
  if (found.kind === "unassigned") return W.scanScreen.unassigned(found.code);
  if (found.kind === "place") return `${W.scanScreen.isPlace(found.code, found.name)}.`;
  if (found.kind === "replaced") return `${W.scanScreen.replaced(found.code)}.`;
  if (found.kind === "unknown") return `${W.scanScreen.unknown(found.code)}.`;
  return found.kind === "bad-code" ? W.scanScreen.badBody : `${W.scanScreen.notOurs}.`;
}
