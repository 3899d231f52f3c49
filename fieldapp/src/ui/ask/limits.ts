/** The limit beside a number, and at once whether the number keeps it. Whether it is a finding is the engine's word. */

import { withUnit } from "../../answer-words";
import type { Answers, Question } from "../../engine";
import { W } from "../../words";

export type Standing = "in" | "high" | "low" | "differs";

/** "At least 50 °C", "" when there is no limit. */
export function limitWords(question: Question, questions: Question[]): string {
  const { pass, unit } = question;
  if (!pass) return "";
  if (pass.between) return W.check.between(String(pass.between[0]), withUnit(pass.between[1], unit));
  if (pass.at_least !== undefined) return W.check.atLeast(withUnit(pass.at_least, unit));
  if (pass.at_most !== undefined) return W.check.atMost(withUnit(pass.at_most, unit));
  if (pass.equals !== undefined) return W.check.equals(withUnit(pass.equals, unit));
  if (pass.equals_question === undefined) return "";
  const other = questions.find((one) => one.key === pass.equals_question);
  return W.check.same(other?.label ?? pass.equals_question);
}

/** Null when there is no limit, or nothing yet to compare with. */
export function standing(question: Question, value: number, answers: Answers): Standing | null {
  const { pass } = question;
  if (!pass) return null;
  const [least, most] = pass.between ?? [pass.at_least, pass.at_most];
  if (least !== undefined && value < least) return "low";
  if (most !== undefined && value > most) return "high";
  if (least !== undefined || most !== undefined) return "in";
  const wanted = pass.equals_question === undefined ? pass.equals : answers[pass.equals_question];
  if (wanted === undefined || wanted === "") return null;
  return wanted === value ? "in" : "differs";
}

/** What was typed as a number; a comma is a point. Null when it is not one. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}
