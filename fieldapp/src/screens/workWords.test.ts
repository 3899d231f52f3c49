import { expect, test } from "vitest";
import type { Question } from "../engine";
import { answerWords } from "./workWords";

const ask = (type: Question["type"], unit?: string): Question => ({
  key: "q",
  label: "Q",
  type,
  required: false,
  unit,
});
const name = (id: string) => `thing ${id}`;

test("answers are read back as a person would say them", () => {
  expect(answerWords(ask("pass-fail"), "na", name)).toBe("Does not apply");
  expect(answerWords(ask("number", "degC"), 46, name)).toBe("46 °C");
  expect(answerWords(ask("boolean"), false, name)).toBe("No");
  expect(answerWords(ask("choice"), "satisfactory-with-advisories", name)).toBe("Satisfactory with advisories");
  expect(answerWords(ask("asset-list"), ["1", "2"], name)).toBe("thing 1, thing 2");
  expect(answerWords(ask("asset-list"), ["1", "2", "3", "4", "5", "6", "7"], name)).toBe("7 things");
  expect(answerWords(ask("text"), undefined, name)).toBe("no answer");
});

test("an unsafe defect says so, a safe one does not", () => {
  const question = ask("defect-list");
  expect(answerWords(question, [{ summary: "Loose", severity: "low", unsafe: true }], name)).toBe("Loose, low, Unsafe");
  expect(answerWords(question, [{ summary: "Loose", severity: "low", unsafe: false }], name)).toBe("Loose, low");
});
