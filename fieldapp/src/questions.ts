/**
 * Are the answers of a check complete, and what do they find? The phone's half of backend/rules/answers.py, held to the
 * same cases, fixtures/cases/answers.json. A finding never makes an answer wrong: a cold tap is a good answer to "hot
 * water temperature", and a finding. When defects are listed, the answers that only sum them up ("Result on the report:
 * unsatisfactory", "Everything was in order: no") are no findings beside them, though they still fail the check.
 */

import { shapeProblem } from "./answer-shapes";
import { shouldBe, spoken } from "./answer-words";
import type { Answers, IsoDate, PassRule, PhotoRef, Question, Severity } from "./types";
import { W } from "./words";

export type ProblemCode =
  | "missing"
  | "unknown_question"
  | "wrong_type"
  | "not_an_option"
  | "na_not_allowed"
  | "bad_date"
  | "too_long";

/** Why an answer cannot be taken as it is. */
export interface AnswerProblem {
  question: string;
  code: ProblemCode;
  words: string;
}

/** Something that is not in order. `critical`: the thing must not be used (or the place not left) as it is. */
export interface Finding {
  /** The key of the question. */
  question: string;
  summary: string;
  severity: Severity;
  critical: boolean;
}

export interface Verdict {
  /** True when the check can be saved: nothing required is missing, nothing has the wrong form. */
  complete: boolean;
  problems: AnswerProblem[];
  /** The words of each problem by the key of its question, for showing at the field. */
  problem: Record<string, string>;
  findings: Finding[];
  outcome: "satisfactory" | "unsatisfactory";
  /** A next date that the report itself states; the earliest if there are several. */
  stated_next: IsoDate | null;
}

const NOTES: Question = { key: "notes", label: "Notes", type: "text", required: false };
/** The date questions whose answer is the next date that the report itself states. */
const STATES_NEXT = ["next_due_stated", "review_due"];

type Asked = Map<string, Question>;

/** Judges the answers to the questions of one form. Throws nothing, whatever the answers hold. */
export function judge(questions: readonly Question[], answers: Answers, photos: readonly PhotoRef[] = []): Verdict {
  if (answers === null || typeof answers !== "object" || Array.isArray(answers)) {
    return verdict([{ question: "", code: "wrong_type", words: W.answer.object }], [], "satisfactory", null);
  }
  const asked: Asked = new Map([NOTES, ...questions].map((question) => [question.key, question]));
  const given = new Map(Object.entries(answers));
  const problems: AnswerProblem[] = [...given.keys()]
    .filter((key) => !asked.has(key))
    .map((question) => ({ question, code: "unknown_question", words: W.answer.unknown }));
  const sound = soundAnswers(asked, given, problems);
  const failures = [...asked.values()].flatMap((question) => findingsOf(question, sound, asked));
  const findings = withoutSummaries(failures, asked);
  const pictured = new Set(photos.map((photo) => photo?.field));
  for (const [key, question] of asked) {
    const byPhoto = (question.type === "photo" || question.type === "file") && pictured.has(key);
    if (isEmpty(given.get(key)) && !byPhoto && isWanted(question, findings, given)) {
      problems.push({ question: key, code: "missing", words: W.answer.missing(question.label) });
    }
  }
  const serious = failures.some((finding) => fails(asked.get(finding.question), finding));
  return verdict(problems, findings, serious ? "unsatisfactory" : "satisfactory", statedNext(asked, sound));
}

function verdict(
  problems: AnswerProblem[],
  findings: Finding[],
  outcome: Verdict["outcome"],
  stated_next: IsoDate | null,
): Verdict {
  const problem = Object.fromEntries(problems.map(({ question, words }) => [question, words]));
  return { complete: problems.length === 0, problems, problem, findings, outcome, stated_next };
}

function soundAnswers(asked: Asked, given: Map<string, unknown>, problems: AnswerProblem[]): Map<string, unknown> {
  const sound = new Map<string, unknown>();
  for (const [key, question] of asked) {
    const answer = given.get(key);
    if (isEmpty(answer)) continue;
    const wrong = shapeProblem(question, answer);
    if (wrong) problems.push(wrong);
    else sound.set(key, answer);
  }
  return sound;
}

export function isEmpty(answer: unknown): boolean {
  if (answer === null || answer === undefined) return true;
  return typeof answer === "string" ? answer.trim() === "" : Array.isArray(answer) && answer.length === 0;
}

function isWanted(question: Question, findings: Finding[], given: Map<string, unknown>): boolean {
  if (question.required_unless) return isEmpty(given.get(question.required_unless));
  return question.required || (question.required_when === "any-defect" && findings.length > 0);
}

/** What was found, each thing once: a failed summary is a finding only where no defect is listed. */
function withoutSummaries(failures: Finding[], asked: Asked): Finding[] {
  const listed = failures.some(({ question }) => asked.get(question)?.type === "defect-list");
  return listed ? failures.filter(({ question }) => !isSummary(asked.get(question))) : failures;
}

/** Whether the library says that it only sums up what the list names. A critical question never does. */
function isSummary(question: Question | undefined): boolean {
  return question?.summary === true && !question.critical;
}

/** A failed pass rule fails the whole check; a listed defect does so when it is high or unsafe. */
function fails(question: Question | undefined, finding: Finding): boolean {
  return question?.type !== "defect-list" || finding.severity === "high" || finding.critical;
}

function statedNext(asked: Asked, sound: Map<string, unknown>): IsoDate | null {
  const dates = STATES_NEXT.filter((key) => asked.get(key)?.type === "date" && sound.has(key)).map((key) =>
    String(sound.get(key)),
  );
  return dates.sort()[0] ?? null;
}

interface ListedDefect {
  summary: string;
  severity: Severity;
  unsafe?: boolean;
}

function findingsOf(question: Question, sound: Map<string, unknown>, asked: Asked): Finding[] {
  const { key } = question;
  if (!sound.has(key)) return [];
  const answer = sound.get(key);
  if (question.type === "defect-list") {
    return (answer as ListedDefect[]).map(({ summary, severity, unsafe }) => ({
      question: key,
      summary: summary.trim(),
      severity,
      critical: unsafe ?? false,
    }));
  }
  const rule = question.pass;
  if (!rule || passes(question, answer, rule, sound)) return [];
  const critical = question.critical ?? false;
  const summary = `${question.label}: ${spoken(question, answer)}${shouldBe(question, rule, sound, asked)}`;
  return [{ question: key, summary, severity: critical ? "high" : "medium", critical }];
}

function passes(question: Question, answer: unknown, rule: PassRule, sound: Map<string, unknown>): boolean {
  if (answer === "na" && question.type === "pass-fail") return true;
  if (rule.equals_question !== undefined) {
    const other = sound.get(rule.equals_question);
    return other === undefined || same(answer, other);
  }
  return keeps(rule, answer);
}

function keeps(rule: PassRule, answer: unknown): boolean {
  const value = answer as number;
  const { equals, in: options, at_least, at_most, between } = rule;
  return (
    (equals === undefined || same(answer, equals)) &&
    (options === undefined || options.some((option) => same(answer, option))) &&
    (at_least === undefined || value >= at_least) &&
    (at_most === undefined || value <= at_most) &&
    (between === undefined || (between[0] <= value && value <= between[1]))
  );
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
