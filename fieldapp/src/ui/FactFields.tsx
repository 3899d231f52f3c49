/** The fields of what is asked of a kind of thing: one line or one list each, none of them compulsory. */

import { useId } from "preact/hooks";
import { unitWords } from "../answer-words";
import { asTyped, type Facts, optionWords } from "../facts";
import type { KindFact } from "../types";
import { english, W } from "../words";
import { describes, Field } from "./Field";

interface FactFieldsProps {
  facts: readonly KindFact[];
  typed: Facts;
  faults: Record<string, string>;
  onFact: (key: string, value: unknown) => void;
}

export function FactFields({ facts, typed, faults, onFact }: FactFieldsProps) {
  return (
    <>
      {facts.map((fact) => (
        <FactField
          key={fact.key}
          fact={fact}
          value={asTyped(fact, typed[fact.key])}
          error={faults[`facts.${fact.key}`]}
          onValue={(value) => onFact(fact.key, value)}
        />
      ))}
    </>
  );
}

interface FactFieldProps {
  fact: KindFact;
  value: string | string[];
  error?: string;
  onValue: (value: unknown) => void;
}

function FactField({ fact, value, error, onValue }: FactFieldProps) {
  const id = useId();
  const said = { id, "aria-invalid": error ? true : undefined, "aria-describedby": describes(id, undefined, error) };
  const about = { id, error, label: fact.label, question: `facts.${fact.key}` };
  if (Array.isArray(value))
    return (
      <Field {...about} group>
        {fact.options?.map((option) => (
          <label key={option} class="tickline" {...english()}>
            <input
              type="checkbox"
              checked={value.includes(option)}
              onChange={(e) => onValue(ticked(value, option, e.currentTarget.checked))}
            />
            {optionWords(fact, option)}
          </label>
        ))}
      </Field>
    );
  if (fact.type === "choice" || fact.type === "boolean")
    return (
      <Field {...about}>
        <select {...said} class="box" value={value} onChange={(e) => onValue(e.currentTarget.value)}>
          <option value="">{W.details.unknown}</option>
          {choicesOf(fact).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      </Field>
    );
  const unit = unitWords(fact.unit);
  return (
    <Field {...about}>
      <div class={fact.type === "number" ? "number" : undefined}>
        <input
          {...said}
          class="box"
          type={fact.type === "date" ? "date" : "text"}
          inputMode={fact.type === "number" ? "decimal" : undefined}
          autocomplete="off"
          value={value}
          onInput={(e) => onValue(e.currentTarget.value)}
        />
        {unit && <span class="unit">{unit}</span>}
      </div>
    </Field>
  );
}

function ticked(value: readonly string[], option: string, on: boolean): string[] {
  return on ? [...value, option] : value.filter((one) => one !== option);
}

function choicesOf(fact: KindFact): [string, string][] {
  if (fact.type === "choice") return (fact.options ?? []).map((option) => [option, optionWords(fact, option)]);
  return [
    ["true", W.check.yes],
    ["false", W.check.no],
  ];
}
