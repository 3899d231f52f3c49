/** Questions that are answered with things: one of them, or a list to tick. Each can be scanned in place. */

import { useId, useMemo, useState } from "preact/hooks";
import type { Asset, Question, Uuid } from "../../engine";
import { english, W } from "../../words";
import { AssetPicker } from "../AssetPicker";
import { useEngine, usePart } from "../engine";
import { Field, needWords } from "../Field";
import { SearchBox } from "../SearchBox";
import type { Ask } from "./ask";
import { ScanThing } from "./ScanThing";
import { grouped, type Offered, offered } from "./things";

const NONE: Offered = { things: [], must: new Set() };

function useOffered(question: Question, { building, view }: Ask["form"]): Offered {
  const site = usePart((s) => s.site);
  const near = view?.asset ?? null;
  return useMemo(() => (site ? offered(site, question, building, near) : NONE), [site, question, building, near]);
}

/** One thing: whose turn it is comes first, then its label, then a search. */
export function AssetRefAsk({ question, value, answer, error, form }: Ask) {
  const id = useId();
  const assets = usePart((s) => s.site?.assets ?? null);
  const { things } = useOffered(question, form);
  const chosen = assets?.get(String(value ?? ""));
  const next = assets?.get(form.view?.plan.suggest[question.key] ?? "");
  const pick = (asset: Asset) => answer(asset.id);
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
      group
    >
      {chosen ? (
        <div class="sub row">
          <ThingWords asset={chosen} />
          <button type="button" class="btn slim" onClick={() => answer(undefined)}>
            {W.check.change}
          </button>
        </div>
      ) : (
        <>
          {next && (
            <div class="sub">
              <p>
                <strong>{W.check.suggested(next.name)}</strong>
              </p>
              <button type="button" class="btn wide" onClick={() => answer(next.id)}>
                {W.check.use}
              </button>
            </div>
          )}
          <ScanThing type={question.asset_type ?? ""} things={things} onThing={pick} />
          <AssetPicker label={W.check.findThing} things={question.asset_type ? things : undefined} onPick={pick} />
        </>
      )}
    </Field>
  );
}

function ThingWords({ asset }: { asset: Asset }) {
  const engine = useEngine();
  return (
    <span class="row-words">
      <span class="row-title" {...english()}>
        {asset.name}
      </span>
      <span class="muted small">{engine.place(asset).words}</span>
    </span>
  );
}

const MANY = 10;

/** A list to tick, all of it in one tap. Where the answer is optional the list stays folded until it is wanted. */
export function AssetListAsk({ question, value, answer, error, form }: Ask) {
  const id = useId();
  const engine = useEngine();
  const site = usePart((s) => s.site);
  const [words, setWords] = useState("");
  const { things, must } = useOffered(question, form);
  const ticked = new Set((value as Uuid[] | undefined) ?? []);
  const where = (asset: Asset) => engine.place(asset).words;
  const shown = things.filter((asset) => `${asset.name} ${where(asset)}`.toLowerCase().includes(words.toLowerCase()));
  const groups = site ? grouped(site, shown) : [];
  const several = site ? grouped(site, things).length > 1 : false;
  const tick = (asset: Uuid, on: boolean) => {
    const now = new Set(ticked);
    if (on) now.add(asset);
    else now.delete(asset);
    answer([...now]);
  };
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
      group
    >
      {things.length === 0 ? (
        <p class="muted">{W.check.noneOfKind}</p>
      ) : (
        <>
          <ScanThing type={question.asset_type ?? ""} things={things} onThing={(one) => tick(one.id, true)} many />
          <details class="folded" open={question.required || ticked.size > 0}>
            <summary>{W.check.chosen(ticked.size, things.length)}</summary>
            <div class="acts">
              <button type="button" class="btn slim" onClick={() => answer(things.map((one) => one.id))}>
                {W.check.tickAll}
              </button>
              <button type="button" class="btn slim" onClick={() => answer([])}>
                {W.check.tickNone}
              </button>
            </div>
            {things.length > MANY && <SearchBox label={W.check.findThing} value={words} onWords={setWords} />}
            {groups.map((group) => (
              <div key={group.key}>
                {several && <h3>{group.building?.name ?? W.check.elsewhere}</h3>}
                <ul class="rows">
                  {group.things.map((asset) => (
                    <li key={asset.id}>
                      <label class="tickline">
                        <input
                          type="checkbox"
                          checked={ticked.has(asset.id)}
                          onChange={(e) => tick(asset.id, e.currentTarget.checked)}
                        />
                        <span class="row-words">
                          <span class="row-title" {...english()}>
                            {asset.name}
                          </span>
                          <span class="muted small">
                            {where(asset)}
                            {must.has(asset.id) && `, ${W.check.mustTick}`}
                          </span>
                        </span>
                      </label>
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </details>
        </>
      )}
    </Field>
  );
}
