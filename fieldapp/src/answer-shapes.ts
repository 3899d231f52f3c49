/** What an answer to each type of question looks like; the first thing wrong with one, in plain words. */

import type { AnswerProblem, ProblemCode } from "./questions";
import type { Question, QuestionType } from "./types";
import { W } from "./words";

const LONGEST_TEXT = 4000;
const LONGEST_LIST = 500;
const LARGEST_NUMBER = 1e15;

const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const SHA256 = /^[0-9a-f]{64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Fault = [ProblemCode, string] | null;
type Shape = (question: Question, answer: unknown) => Fault;

/** What is wrong with the shape of one answer that is not empty, or null. */
export function shapeProblem(question: Question, answer: unknown): AnswerProblem | null {
  const fault = SHAPES[question.type](question, answer);
  return fault ? { question: question.key, code: fault[0], words: `${question.label}: ${fault[1]}` } : null;
}

const passFail: Shape = (question, answer) => {
  if (answer === "na" && question.critical) {
    return ["na_not_allowed", W.shape.critical];
  }
  return oneOf(answer, ["pass", "fail", "na"]) ? null : ["not_an_option", W.shape.passFail];
};

const boolean: Shape = (_, answer) => (typeof answer === "boolean" ? null : ["wrong_type", W.shape.yesNo]);

const number: Shape = (_, answer) => (isNumber(answer) ? null : ["wrong_type", W.shape.number]);

const text: Shape = (_, answer) => {
  if (typeof answer !== "string") return ["wrong_type", W.shape.text];
  return lengthOf(answer) > LONGEST_TEXT ? ["too_long", W.shape.long(LONGEST_TEXT)] : null;
};

const choice: Shape = (question, answer) => {
  const options = question.options ?? [];
  return oneOf(answer, options) ? null : ["not_an_option", W.shape.option(options.join(", "))];
};

const date: Shape = (_, answer) => (isDate(answer) ? null : ["bad_date", W.shape.date]);

const files: Shape = (_, answer) => list(answer, (entry) => matches(SHA256, entry), W.shape.files);

const asset: Shape = (_, answer) => (matches(UUID, answer) ? null : ["wrong_type", W.shape.thing]);

const assets: Shape = (_, answer) => list(answer, (entry) => matches(UUID, entry), W.shape.things);

const defects: Shape = (_, answer) => list(answer, isDefect, W.shape.defects);

const actions: Shape = (_, answer) => list(answer, isAction, W.shape.actions);

const table: Shape = (question, answer) => {
  const columns = question.columns ?? [];
  return list(answer, (row) => isRow(row, columns), W.shape.rows(columns.join(", ")));
};

const SHAPES: Record<QuestionType, Shape> = {
  "pass-fail": passFail,
  boolean,
  number,
  text,
  choice,
  date,
  photo: files,
  file: files,
  "asset-ref": asset,
  "asset-list": assets,
  "defect-list": defects,
  "action-list": actions,
  table,
};

function list(answer: unknown, sound: (entry: unknown) => boolean, words: string): Fault {
  if (!Array.isArray(answer)) return ["wrong_type", words];
  if (answer.length > LONGEST_LIST) return ["too_long", W.shape.entries(LONGEST_LIST)];
  return answer.every(sound) ? null : ["wrong_type", words];
}

function isDefect(entry: unknown): boolean {
  return (
    isObject(entry) &&
    only(entry, ["summary", "severity", "unsafe"]) &&
    isWords(entry.summary) &&
    oneOf(entry.severity, ["low", "medium", "high"]) &&
    (!("unsafe" in entry) || typeof entry.unsafe === "boolean")
  );
}

function isAction(entry: unknown): boolean {
  return (
    isObject(entry) &&
    only(entry, ["action", "priority", "target"]) &&
    isWords(entry.action) &&
    isWords(entry.priority) &&
    (entry.target === undefined || entry.target === null || isDate(entry.target))
  );
}

function isRow(row: unknown, columns: string[]): boolean {
  return (
    isObject(row) && only(row, columns) && columns.every((name) => name in row) && Object.values(row).every(isCell)
  );
}

function isCell(cell: unknown): boolean {
  if (typeof cell === "string") return lengthOf(cell) <= LONGEST_TEXT;
  return cell === null || typeof cell === "boolean" || isNumber(cell);
}

function isWords(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "" && lengthOf(value) <= LONGEST_TEXT;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= LARGEST_NUMBER;
}

export function isDate(value: unknown): boolean {
  const parts = typeof value === "string" ? DATE.exec(value) : null;
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const real = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && year <= 2199 && real.getUTCMonth() === month - 1 && real.getUTCDate() === day;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function only(entry: Record<string, unknown>, keys: string[]): boolean {
  return Object.keys(entry).every((key) => keys.includes(key));
}

function oneOf(value: unknown, options: readonly string[]): boolean {
  return typeof value === "string" && options.includes(value);
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === "string" && pattern.test(value);
}

/** Characters as Python counts them. */
function lengthOf(value: string): number {
  return value.length > LONGEST_TEXT ? [...value].length : value.length;
}
