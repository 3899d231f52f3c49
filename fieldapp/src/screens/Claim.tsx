/** A fresh label goes on a thing; and finding a thing whose label cannot be read. */

import { useRef, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import type { Asset } from "../engine";
import { AssetPicker } from "../ui/AssetPicker";
import { announce, buzz } from "../ui/announce";
import { Choices } from "../ui/Choices";
import { sayError, useApp, useEngine } from "../ui/engine";
import { Field, showFault } from "../ui/Field";
import { Note } from "../ui/Note";
import { Screen } from "../ui/Screen";
import { W } from "../words";
import { Missing } from "./Plain";

export function Claim({ code }: { code: string }) {
  const engine = useEngine();
  useApp();
  const wanted = new URLSearchParams(useSearch()).get("for");
  const [asset, setAsset] = useState<Asset | null>(wanted ? (engine.asset(wanted)?.asset ?? null) : null);
  const found = engine.findTag(code);
  if (found.kind === "asset")
    return <Missing title={W.claim.already(found.code, found.asset.name)} body={W.claim.alreadyBody} />;
  if (found.kind === "place")
    return <Missing title={W.claim.already(found.code, found.name)} body={W.claim.alreadyBody} />;
  if (found.kind === "replaced")
    return <Missing title={W.scanScreen.replaced(found.code)} body={W.scanScreen.notReplaced} />;
  if (found.kind !== "unassigned" && found.kind !== "unknown")
    return <Missing title={W.scanScreen.bad} body={W.scanScreen.badBody} />;
  if (asset) return <Confirm code={found.code} asset={asset} lost={wanted === asset.id} back={() => setAsset(null)} />;
  return (
    <Screen
      name={W.scanScreen.title}
      back="/scan"
      heading={W.claim.title(found.code)}
      bottom={
        <Link href={`/add?code=${found.code}`} class="btn main-act">
          {W.claim.add}
        </Link>
      }
    >
      <p>{W.claim.lead}</p>
      <AssetPicker label={W.claim.find} onPick={setAsset} />
    </Screen>
  );
}

interface ConfirmProps {
  code: string;
  asset: Asset;
  /** They came to put a fresh label on it because the old one cannot be read. */
  lost: boolean;
  back: () => void;
}

function Confirm({ code, asset, lost, back }: ConfirmProps) {
  const engine = useEngine();
  const [, go] = useLocation();
  const [trouble, setTrouble] = useState("");
  const view = engine.asset(asset.id);
  const before = view?.tags ?? [];
  const [replaces, setReplaces] = useState(
    before.length === 0 ? "" : lost && before.length === 1 ? before[0] : undefined,
  );
  const [missing, setMissing] = useState(false);
  const busy = useRef(false);
  const save = async () => {
    if (busy.current) return;
    if (replaces === undefined) {
      setMissing(true);
      announce(W.claim.which);
      showFault(["replaces"]);
      return;
    }
    busy.current = true;
    try {
      const { id } = await engine.record("tag_claimed", {
        tag: code,
        asset: asset.id,
        ...(replaces ? { replaces, why: "damaged" } : {}),
      });
      buzz();
      announce(W.saved.announce(asset.name));
      go(`/saved/${id}`, { replace: true });
    } catch (problem) {
      setTrouble(sayError(problem));
      busy.current = false;
    }
  };
  return (
    <Screen
      name={W.scanScreen.title}
      back="/scan"
      heading={W.claim.sure(code, asset.name)}
      bottom={
        <>
          <button type="button" class="btn" onClick={back}>
            {W.claim.back}
          </button>
          <button type="button" class="btn main main-act" onClick={save}>
            {W.claim.save}
          </button>
        </>
      }
    >
      <p class="big">{engine.place(asset).words}</p>
      {before.length > 0 && (
        <Field
          id="replaces"
          label={W.claim.has(before.join(", "))}
          error={missing && replaces === undefined ? W.claim.which : undefined}
          question="replaces"
          group
        >
          <Choices
            column
            value={replaces}
            onChoose={setReplaces}
            choices={[
              ...before.map((old) => ({ value: old, words: W.claim.instead(old) })),
              { value: "", words: W.claim.aswell },
            ]}
          />
        </Field>
      )}
      {trouble && (
        <Note tone="late" live>
          <p>{trouble}</p>
        </Note>
      )}
    </Screen>
  );
}

export function Find() {
  const [, go] = useLocation();
  return (
    <Screen name={W.find.title} back="/scan" heading={W.find.title}>
      <p>{W.find.lead}</p>
      <AssetPicker label={W.claim.find} onPick={(asset) => go(`/asset/${asset.id}`)} />
    </Screen>
  );
}
