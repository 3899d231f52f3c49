/** What is asked of a kind of thing beside its name and plate: as it stands in a form, whether it can be, what is sent. */

import { isDate } from "./answer-shapes";
import { unitWords } from "./answer-words";
import type { AssetType, KindFact } from "./types";
import { readNumber } from "./ui/ask/limits";
import { day, plain } from "./ui/say";
import { W } from "./words";

export type Facts = Record<string, unknown>;

/** As a field of the form holds it: text for what is typed or chosen, a list for what is ticked. */
export function asTyped(fact: KindFact, value: unknown): string | string[] {
  if (fact.type === "choices") return Array.isArray(value) ? value.map(String) : value ? [String(value)] : [];
  return value === null || value === undefined ? "" : String(value);
}

/** What is kept of a field; null for what is not known. A number that is none stays the text that was typed. */
export function asKept(fact: KindFact, typed: unknown): unknown {
  if (Array.isArray(typed)) return typed.length ? typed : null;
  const text = String(typed ?? "").trim();
  if (text === "") return null;
  if (fact.type === "boolean") return text === "true";
  return fact.type === "number" ? (readNumber(text) ?? text) : text;
}

/** What is wrong with it, and what can be written, as backend/rules/asset_facts.py says it; "" when nothing is. */
export function faultOf(fact: KindFact, typed: unknown): string {
  const value = asKept(fact, typed);
  if (value === null) return "";
  const { least = 0, most = 0 } = fact;
  switch (fact.type) {
    case "text":
      return String(value).length > most ? W.details.long(most) : "";
    case "date":
      return isDate(value) ? "" : W.details.day;
    case "number": {
      const good = typeof value === "number" && value >= least && value <= most;
      return good ? "" : W.details.between(least, most, unitWords(fact.unit));
    }
    default:
      return ""; // chosen from what there is
  }
}

/** The fields whose value is another than before, each by its key as `facts.key`, with what is wrong with it. */
export function faultsOf(kind: AssetType | null, typed: Facts, before: Facts): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const fact of kind?.facts ?? []) {
    const fault = isChanged(fact, typed, before) ? faultOf(fact, typed[fact.key]) : "";
    if (fault) faults[`facts.${fact.key}`] = fault;
  }
  return faults;
}

/** What was changed, as it is sent: only that, so that what somebody else changed meanwhile stays. */
export function changed(kind: AssetType | null, typed: Facts, before: Facts): Facts {
  const found = (kind?.facts ?? []).filter((fact) => isChanged(fact, typed, before));
  return Object.fromEntries(found.map((fact) => [fact.key, asKept(fact, typed[fact.key])]));
}

function isChanged(fact: KindFact, typed: Facts, before: Facts): boolean {
  if (!(fact.key in typed)) return false;
  const was = asKept(fact, asTyped(fact, before[fact.key]));
  return JSON.stringify(asKept(fact, typed[fact.key])) !== JSON.stringify(was);
}

/** Label and value of what is known, in words; a fact that this phone has no label for keeps its key. */
export function inWords(kind: AssetType | null, facts: Facts): [string, string][] {
  const asked = new Map(kind?.facts?.map((fact) => [fact.key, fact]));
  return Object.entries(facts).map(([key, value]) => {
    const fact = asked.get(key);
    return [fact?.label ?? plain(key), valueWords(fact, value)];
  });
}

/** A choice as it is shown. */
export function optionWords(fact: KindFact | undefined, option: string): string {
  return fact?.words?.[fact.options?.indexOf(option) ?? -1] ?? plain(option);
}

function valueWords(fact: KindFact | undefined, value: unknown): string {
  if (value === true) return W.check.yes;
  if (value === false) return W.check.no;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => optionWords(fact, String(one))).join(", ");
  if (fact?.type === "date") return day(String(value));
  if (fact?.type === "text") return String(value);
  return [optionWords(fact, String(value)), unitWords(fact?.unit)].filter(Boolean).join(" ");
}
