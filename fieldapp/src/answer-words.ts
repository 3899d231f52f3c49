/** Answers, units and limits as a caretaker would say them; word for word as in backend/rules/answer_words.py. */

import type { PassRule, Question } from "./types";
import { W } from "./words";

/** How a unit of the library follows its number; any other unit follows after a space as it is written. */
const UNIT_WORDS = new Map([
  ["degC", " °C"],
  ["%", "%"],
  ["ohm", " Ω"],
  ["micron", " µm"],
  ["m2", " m²"],
  ["m3", " m³"],
  ["m/s2", " m/s²"],
  ["m3/s", " m³/s"],
  ["count", ""],
  ["ratio", ""],
  ["points", ""],
  ["units", ""],
  ["pH", ""],
]);

/** A unit as it is shown beside a field: "°C". */
export function unitWords(unit: string | undefined): string {
  if (!unit) return "";
  return unit === "GBP" ? "£" : (UNIT_WORDS.get(unit) ?? named(unit)).trim();
}

/** A reading in words: "46 °C", "£1200", "3". */
export function withUnit(value: unknown, unit: string | undefined): string {
  const number = spokenNumber(Number(value));
  if (!unit) return number;
  if (unit === "GBP") return `£${number}`;
  const one = Number(value) === 1 ? W.answer.one[unit] : undefined;
  return number + (UNIT_WORDS.get(unit) ?? ` ${one ?? named(unit)}`);
}

/** As Python writes it: very small numbers get an exponent of two digits. */
function spokenNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** An answer that failed, in words. */
export function spoken(question: Question, answer: unknown): string {
  if (question.type === "number") return withUnit(answer, question.unit);
  if (question.type === "boolean") return answer ? W.answer.yes : W.answer.no;
  return question.type === "pass-fail" ? W.answer.failed : option(answer);
}

/** What the answer should have been, beginning with a comma; empty where it goes without saying. */
export function shouldBe(
  question: Question,
  rule: PassRule,
  answers: Map<string, unknown>,
  asked: Map<string, Question>,
): string {
  const { unit } = question;
  if (rule.at_least !== undefined) return W.answer.atLeast(withUnit(rule.at_least, unit));
  if (rule.at_most !== undefined) {
    if (rule.at_most === 0 && unit === "count") return W.answer.none;
    return W.answer.atMost(withUnit(rule.at_most, unit));
  }
  if (rule.between) {
    return W.answer.between(withUnit(rule.between[0], undefined), withUnit(rule.between[1], unit));
  }
  if (rule.in) return W.answer.oneOf(rule.in.map(option));
  if (rule.equals_question !== undefined) {
    const other = rule.equals_question;
    return W.answer.same(withUnit(answers.get(other), unit), asked.get(other)?.label ?? other);
  }
  return "";
}

function option(value: unknown): string {
  return String(value).replaceAll("-", " ");
}

function named(unit: string): string {
  return W.answer.units[unit] ?? unit;
}
