/** An answer that was given, read back as a person would say it. */

import { withUnit } from "../answer-words";
import type { Question, Uuid } from "../engine";
import { day, plain } from "../ui/say";
import { W } from "../words";

type NameOf = (id: Uuid) => string;

export function answerWords(question: Question, value: unknown, name: NameOf): string {
  if (value === undefined || value === null || value === "") return W.work.nothing;
  if (Array.isArray(value)) return listWords(question, value, name);
  switch (question.type) {
    case "pass-fail":
      return value === "pass" ? W.check.pass : value === "fail" ? W.check.fail : W.check.na;
    case "boolean":
      return value === true ? W.check.yes : W.check.no;
    case "number":
      return withUnit(value, question.unit);
    case "date":
      return day(String(value));
    case "choice":
      return plain(String(value));
    case "asset-ref":
      return name(String(value));
    default:
      return String(value);
  }
}

function listWords(question: Question, list: unknown[], name: NameOf): string {
  if (question.type === "asset-list")
    return list.length > 6 ? W.work.things(list.length) : list.map((id) => name(String(id))).join(", ");
  return list.map(entryWords).join("; ");
}

function entryWords(entry: unknown): string {
  if (entry === null || typeof entry !== "object") return String(entry);
  return Object.entries(entry)
    .filter(([, value]) => value !== "" && value !== null && value !== false && value !== undefined)
    .map(([key, value]) => (value === true ? (W.work.words[key] ?? plain(key)) : String(value)))
    .join(", ");
}
