import { describe, expect, it } from "vitest";
import cases from "../../fixtures/cases/answers.json";
import { judge } from "./questions";
import type { Answers, PhotoRef, Question } from "./types";

interface Case {
  name: string;
  questions: Question[];
  answers: Answers;
  photos?: PhotoRef[];
  expect: {
    problems: [string, string][];
    findings: [string, string][];
    summaries?: string[];
    outcome: string;
    stated_next: string | null;
  };
}

describe("the phone judges answers as the server does", () => {
  it.each((cases as unknown as Case[]).map((one) => [one.name, one] as const))("%s", (_name, one) => {
    const verdict = judge(one.questions, one.answers, one.photos);
    expect(verdict.problems.map(({ question, code }) => [question, code]).sort()).toEqual(one.expect.problems.sort());
    expect(verdict.findings.map(({ question, severity }) => [question, severity])).toEqual(one.expect.findings);
    if (one.expect.summaries) expect(verdict.findings.map(({ summary }) => summary)).toEqual(one.expect.summaries);
    expect(verdict.outcome).toBe(one.expect.outcome);
    expect(verdict.stated_next).toBe(one.expect.stated_next);
  });
});
