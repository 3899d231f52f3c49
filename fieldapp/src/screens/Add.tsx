/** Something that is there but not in the list: what, where, what people call it. */

import { useRef, useState } from "preact/hooks";
import { useSearchParams } from "wouter-preact";
import type { AssetAdded, AssetType, PhotoRef } from "../engine";
import { changed, type Facts, faultsOf as factFaults } from "../facts";
import { usePart } from "../ui/engine";
import { FactFields } from "../ui/FactFields";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { LineField } from "../ui/Line";
import { Loading } from "../ui/Loading";
import { Note } from "../ui/Note";
import { Kept } from "../ui/Photos";
import { NOWHERE, type PickedPlace, PlacePick, placeIds } from "../ui/PlacePick";
import { SaveButton, StillNeeded, Trouble } from "../ui/SaveButton";
import { Screen } from "../ui/Screen";
import { SearchBox } from "../ui/SearchBox";
import { type Drafted, useDraft } from "../ui/useDraft";
import { useSaving } from "../ui/useSaving";
import { english, W } from "../words";

interface AddDraft {
  type: string;
  name: string;
  place: PickedPlace;
  make: string;
  model: string;
  serial: string;
  note: string;
  /** What is asked of its kind. Not in drafts of earlier versions. */
  facts?: Facts;
  /** Not in drafts of earlier versions. */
  photos?: PhotoRef[];
}

const EMPTY: AddDraft = { type: "", name: "", place: NOWHERE, make: "", model: "", serial: "", note: "", photos: [] };

function faultsOf(data: AddDraft, kind: AssetType | null): Record<string, string> {
  const faults = factFaults(kind, data.facts ?? {}, {});
  if (!data.type) faults.type = W.add.typeMissing;
  if (!data.name.trim()) faults.name = W.add.nameMissing;
  if (!data.place.building) faults.place = W.add.placeMissing;
  return faults;
}

export function Add() {
  const [search] = useSearchParams();
  const code = search.get("code") ?? "";
  const draft = useDraft<AddDraft>(`add:${code}`, () => EMPTY);
  if (!draft) return <Loading back="/" />;
  return <Adding key={code} code={code} draft={draft} />;
}

function Adding({ code, draft }: { code: string; draft: Drafted<AddDraft> }) {
  const site = usePart((s) => s.site_id) ?? "";
  const { data, change } = draft;
  const kinds = usePart((s) => s.site?.asset_types ?? null);
  const kindOf = (now: AddDraft) => kinds?.get(now.type) ?? null;
  const { save, saving, trouble, faults } = useSaving({
    kind: "asset_added",
    draft,
    key: `add:${code}`,
    faults: (now) => faultsOf(now, kindOf(now)),
    body: (now) => bodyOf(now, site, kindOf(now)),
    said: (now) => now.name,
    also: (asset) => (code ? [{ kind: "tag_claimed", body: { tag: code, asset } }] : []),
  });
  const wrong = Object.keys(faults).some((key) => key.startsWith("facts."));
  const everWrong = useRef(false);
  everWrong.current ||= wrong;
  const opened = everWrong.current; // once open it stays: it must not shut under the finger that puts a detail right
  return (
    <Screen
      name={W.add.title}
      back="/"
      heading={W.add.title}
      form
      bottom={
        <>
          <StillNeeded faults={faults} />
          <SaveButton words={W.add.save} saving={saving} save={save} />
        </>
      }
    >
      <p>{W.add.lead}</p>
      {code && (
        <Note>
          <p>{W.add.withLabel(code)}</p>
        </Note>
      )}
      <div>
        <TypePick value={data.type} onPick={(type) => change({ type })} error={faults.type} />
        <LineField
          label={W.add.name}
          help={W.add.nameHelp}
          error={faults.name}
          question="name"
          value={data.name}
          onWords={(name) => change({ name })}
        />
        <Field id="where" label={W.add.place} group>
          <PlacePick place={data.place} onPick={(place) => change({ place })} error={faults.place} />
        </Field>
        <Field id="plate" label={W.add.plate} help={W.add.plateHelp} group>
          <Kept
            field="plate"
            label={W.add.plate}
            photos={data.photos ?? []}
            names={{}}
            onAdd={(photo) => change((now) => ({ photos: [...(now.photos ?? []), photo] }))}
            onRemove={(photo) =>
              change((now) => ({ photos: now.photos?.filter((one) => one.sha256 !== photo.sha256) }))
            }
          />
        </Field>
        <details class="field" open={opened}>
          <summary>{W.add.optional}</summary>
          <FactFields
            facts={kindOf(data)?.facts ?? []}
            typed={data.facts ?? {}}
            faults={faults}
            onFact={(key, value) => change((now) => ({ facts: { ...now.facts, [key]: value } }))}
          />
          <LineField label={W.add.make} value={data.make} onWords={(make) => change({ make })} />
          <LineField label={W.add.model} value={data.model} onWords={(model) => change({ model })} />
          <LineField label={W.add.serial} value={data.serial} onWords={(serial) => change({ serial })} />
        </details>
        <LineField label={W.add.note} value={data.note} onWords={(note) => change({ note })} long />
      </div>
      <Trouble words={trouble} />
    </Screen>
  );
}

function TypePick({ value, onPick, error }: { value: string; onPick: (key: string) => void; error?: string }) {
  const types = usePart((s) => s.site?.asset_types ?? null);
  const [words, setWords] = useState("");
  const chosen = types?.get(value);
  const fits = (type: AssetType) => type.name.toLowerCase().includes(words.trim().toLowerCase());
  const shown = words.trim() ? [...(types?.values() ?? [])].filter(fits).slice(0, 8) : [];
  return (
    <Field id="type" label={W.add.type} error={error} question="type" group>
      {chosen ? (
        <div class="sub row">
          <span class="row-words row-title" {...english()}>
            {chosen.name}
          </span>
          <button type="button" class="btn slim" onClick={() => onPick("")}>
            {W.check.change}
          </button>
        </div>
      ) : (
        <>
          <SearchBox label={W.add.typeFind} value={words} onWords={setWords} />
          <ul class="rows">
            {shown.map((type) => (
              <li key={type.key}>
                <button type="button" class="row" onClick={() => onPick(type.key)}>
                  <span class="row-words row-title" {...english()}>
                    {type.name}
                  </span>
                  <Icon name="go" />
                </button>
              </li>
            ))}
          </ul>
          {words.trim() && shown.length === 0 && <p class="muted">{W.claim.none}</p>}
        </>
      )}
    </Field>
  );
}

function bodyOf(data: AddDraft, site: string, kind: AssetType | null): AssetAdded {
  const body: AssetAdded = { site, ...placeIds(data.place), type: data.type, name: data.name.trim() };
  for (const part of ["make", "model", "serial", "note"] as const)
    if (data[part].trim()) body[part] = data[part].trim();
  const facts = changed(kind, data.facts ?? {}, {});
  if (Object.keys(facts).length) body.facts = facts;
  if (data.photos?.length) body.photos = data.photos;
  return body;
}
