/** What is known of a thing, put right where it stands: its name, what its plate says, its kind's own details. */

import type { AssetChanged, AssetView } from "../engine";
import { changed, type Facts, faultsOf as factFaults } from "../facts";
import { useEngine } from "../ui/engine";
import { FactFields } from "../ui/FactFields";
import { LineField } from "../ui/Line";
import { Loading } from "../ui/Loading";
import { SaveButton, StillNeeded, Trouble } from "../ui/SaveButton";
import { Screen } from "../ui/Screen";
import { type Drafted, useDraft } from "../ui/useDraft";
import { useSaving } from "../ui/useSaving";
import { W } from "../words";
import { Missing } from "./Plain";

/** Only what was typed here: everything else stays as it is, whoever changes it meanwhile. */
interface DetailsDraft {
  plain: Partial<Record<Plain, string>>;
  facts: Facts;
}

type Plain = (typeof PLAIN)[number];
const PLAIN = ["name", "make", "model", "serial"] as const;

export function Details({ id }: { id: string }) {
  const engine = useEngine();
  const draft = useDraft<DetailsDraft>(`details:${id}`, () => ({ plain: {}, facts: {} }));
  const view = engine.asset(id);
  if (!view) return <Missing title={W.assetScreen.missing} body={W.assetScreen.missingBody} />;
  if (!draft) return <Loading back={`/asset/${id}`} />;
  return <Changing view={view} draft={draft} />;
}

function changesOf(view: AssetView, data: DetailsDraft): AssetChanged["changes"] {
  const { asset, type } = view;
  const typed = PLAIN.map((part): [Plain, string] => [part, (data.plain[part] ?? asset[part]).trim()]);
  const changes: AssetChanged["changes"] = Object.fromEntries(typed.filter(([part, words]) => words !== asset[part]));
  const facts = changed(type, data.facts, asset.facts);
  return Object.keys(facts).length ? { ...changes, facts } : changes;
}

function Changing({ view, draft }: { view: AssetView; draft: Drafted<DetailsDraft> }) {
  const { asset, type } = view;
  const { data, change } = draft;
  const faultsOf = (now: DetailsDraft): Record<string, string> => {
    const faults = factFaults(type, now.facts, asset.facts);
    if (!(now.plain.name ?? asset.name).trim()) faults.name = W.add.nameMissing;
    const nothing = Object.keys(changesOf(view, now)).length === 0;
    return nothing && Object.keys(faults).length === 0 ? { name: W.details.nothing } : faults;
  };
  const { save, saving, trouble, faults } = useSaving({
    kind: "asset_changed",
    draft,
    key: `details:${asset.id}`,
    faults: faultsOf,
    body: (now): AssetChanged => ({ asset: asset.id, changes: changesOf(view, now) }),
    said: () => W.details.title,
  });
  const line = (part: Plain, label: string) => (
    <LineField
      label={label}
      error={faults[part]}
      question={part}
      value={data.plain[part] ?? asset[part]}
      onWords={(words) => change((now) => ({ plain: { ...now.plain, [part]: words } }))}
    />
  );
  return (
    <Screen
      name={asset.name}
      heading={W.details.title}
      back={`/asset/${asset.id}`}
      form
      bottom={
        <>
          <StillNeeded faults={faults} />
          <SaveButton words={W.details.save} saving={saving} save={save} />
        </>
      }
    >
      <div>
        {line("name", W.add.name)}
        <FactFields
          facts={type?.facts ?? []}
          typed={{ ...asset.facts, ...data.facts }}
          faults={faults}
          onFact={(key, value) => change((now) => ({ facts: { ...now.facts, [key]: value } }))}
        />
        {line("make", W.add.make)}
        {line("model", W.add.model)}
        {line("serial", W.add.serial)}
      </div>
      <Trouble words={trouble} />
    </Screen>
  );
}
