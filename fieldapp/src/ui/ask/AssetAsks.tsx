/** Questions that are answered with things: one of them, or a list to tick. */

import { useId, useMemo, useState } from "preact/hooks";
import type { Asset } from "../../engine";
import { W } from "../../words";
import { AssetPicker } from "../AssetPicker";
import { useEngine, usePart } from "../engine";
import { Field, needWords } from "../Field";
import { SearchBox } from "../SearchBox";
import type { Ask } from "./ask";

/** One thing: whose turn it is comes first, then a search. */
export function AssetRefAsk({ question, value, answer, error, form }: Ask) {
  const id = useId();
  const assets = usePart((s) => s.site?.assets ?? null);
  const chosen = assets?.get(String(value ?? ""));
  const next = assets?.get(form.view?.plan.suggest[question.key] ?? "");
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
          <AssetPicker label={W.check.findThing} type={question.asset_type} onPick={(asset) => answer(asset.id)} />
        </>
      )}
    </Field>
  );
}

function ThingWords({ asset }: { asset: Asset }) {
  const engine = useEngine();
  return (
    <span class="row-words">
      <span class="row-title">{asset.name}</span>
      <span class="muted small">{engine.place(asset).words}</span>
    </span>
  );
}

const MANY = 10;

/** A list to tick, all of it in one tap. Where the answer is optional the list stays folded until it is wanted. */
export function AssetListAsk({ question, value, answer, error }: Ask) {
  const id = useId();
  const engine = useEngine();
  const site = usePart((s) => s.site?.assets ?? null);
  const [words, setWords] = useState("");
  const all = useMemo(() => {
    const kind = [...(site?.values() ?? [])].filter(
      (asset) => !question.asset_type || asset.type === question.asset_type,
    );
    const where = new Map(kind.map((asset) => [asset.id, engine.place(asset).words]));
    return kind
      .filter((asset) => asset.status !== "retired")
      .sort((a, b) =>
        `${where.get(a.id)}${a.name}`.localeCompare(`${where.get(b.id)}${b.name}`, "en", { numeric: true }),
      )
      .map((asset) => ({ asset, where: where.get(asset.id) ?? "" }));
  }, [site, question.asset_type]);
  const ticked = new Set((value as string[] | undefined) ?? []);
  const must = new Set(([] as string[]).concat(question.must_include ?? []));
  const shown = all.filter(({ asset, where }) => `${asset.name} ${where}`.toLowerCase().includes(words.toLowerCase()));
  const tick = (asset: string, on: boolean) => {
    const now = new Set(ticked);
    if (on) now.add(asset);
    else now.delete(asset);
    answer(all.filter((one) => now.has(one.asset.id)).map((one) => one.asset.id));
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
      {all.length === 0 ? (
        <p class="muted">{W.check.noneOfKind}</p>
      ) : (
        <details class="folded" open={question.required || ticked.size > 0}>
          <summary>{W.check.chosen(ticked.size, all.length)}</summary>
          <div class="acts">
            <button type="button" class="btn slim" onClick={() => answer(all.map((one) => one.asset.id))}>
              {W.check.tickAll}
            </button>
            <button type="button" class="btn slim" onClick={() => answer([])}>
              {W.check.tickNone}
            </button>
          </div>
          {all.length > MANY && <SearchBox label={W.check.findThing} value={words} onWords={setWords} />}
          <ul class="rows">
            {shown.map(({ asset, where }) => (
              <li key={asset.id}>
                <label class="tickline">
                  <input
                    type="checkbox"
                    checked={ticked.has(asset.id)}
                    onChange={(e) => tick(asset.id, e.currentTarget.checked)}
                  />
                  <span class="row-words">
                    <span class="row-title">{asset.name}</span>
                    <span class="muted small">
                      {where}
                      {must.has(asset.id) && `, ${W.check.mustTick}`}
                    </span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Field>
  );
}
