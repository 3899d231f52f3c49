import { describe, expect, test } from "vitest";
import cases from "../../fixtures/cases/facts.json";
import { asKept, asTyped, changed, faultsOf, inWords } from "./facts";
import type { AssetType, KindFact } from "./types";

interface Case {
  name: string;
  fact: Omit<KindFact, "key" | "label">;
  typed: string;
  kept: unknown;
  expect: string;
}

const litres: KindFact = { key: "litres", label: "Holds", type: "number", unit: "litres", least: 1, most: 500 };
const drinking: KindFact = { key: "drinking", label: "Drinking water", type: "boolean" };
const made: KindFact = {
  key: "made",
  label: "Made of",
  type: "choice",
  options: ["grp", "asbestos-cement"],
  words: ["GRP", "Asbestos cement"],
};
const role: KindFact = { key: "role", label: "Used as", type: "choices", options: ["little-used", "sentinel"] };
const serves: KindFact = { key: "serves", label: "Serves", type: "text", most: 8 };
const lined: KindFact = { key: "lined_on", label: "Lined on", type: "date" };
const kind: AssetType = {
  key: "tank",
  name: "Tank",
  discipline: "water",
  facts: [litres, drinking, made, role, serves, lined],
};

describe("what is asked of a kind of thing", () => {
  test("only what was changed is sent, and what is emptied is not known", () => {
    const before = { litres: 40, drinking: true, role: ["sentinel"], colour: "blue" };
    expect(changed(kind, {}, before)).toEqual({});
    expect(changed(kind, { litres: "40", drinking: "true", role: ["sentinel"] }, before)).toEqual({});
    expect(changed(kind, { litres: "45,5", drinking: "false", made: "grp" }, before)).toEqual({
      litres: 45.5,
      drinking: false,
      made: "grp",
    });
    expect(changed(kind, { litres: " ", role: [] }, before)).toEqual({ litres: null, role: null });
  });

  test("one role kept as a word is shown as ticked", () => {
    expect(asTyped(role, "sentinel")).toEqual(["sentinel"]);
    expect(changed(kind, { role: ["sentinel"] }, { role: "sentinel" })).toEqual({});
  });

  test.each((cases as unknown as Case[]).map((one) => [one.name, one] as const))("%s", (_name, one) => {
    const fact: KindFact = { key: "fact", label: "Fact", ...one.fact };
    expect(asKept(fact, one.typed)).toEqual(one.kept);
    expect(faultsOf({ ...kind, facts: [fact] }, { fact: one.typed }, {})["facts.fact"] ?? "").toBe(one.expect);
  });

  test("a value of before that cannot be is no fault of who changes something else", () => {
    expect(faultsOf(kind, { litres: "900", drinking: "true" }, { litres: 900 })).toEqual({});
  });

  test("in words, with labels and units; what this phone has no label for keeps its key", () => {
    const facts = { litres: 40, made: "asbestos-cement", drinking: false, lined_on: "2026-11-27", set_to: 5 };
    expect(inWords(kind, facts)).toEqual([
      ["Holds", "40 litres"],
      ["Made of", "Asbestos cement"],
      ["Drinking water", "No"],
      ["Lined on", "Fri 27 Nov"],
      ["Set to", "5"],
    ]);
    expect(inWords(kind, { made: "grp" })).toEqual([["Made of", "GRP"]]);
    expect(inWords(null, { litres: 40 })).toEqual([["Litres", "40"]]);
  });
});
