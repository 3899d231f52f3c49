import { describe, expect, test } from "vitest";
import type { CheckForm, Colleague } from "../engine";
import { myStanding } from "./competence";

const NOW = new Date("2026-11-22T09:00:00");
const alarm = { code: "fire-alarm-weekly", discipline: "fire", competence: { level: "trained-in-house", detail: "" } };

function standing(competences: Colleague["competences"], level = "trained-in-house") {
  const form = { ...alarm, competence: { level, detail: "" } } as CheckForm;
  return myStanding(form, { id: "me", name: "Sam", competences }, NOW);
}

describe("what I hold for a check", () => {
  test("anybody's job says nothing", () => {
    expect(standing([], "in-house")).toBeNull();
  });

  test("the last to run out is the one that counts", () => {
    const found = standing([
      { name: "Old course", covers: ["fire"], expires_on: "2026-01-01" },
      { name: "New course", covers: ["fire-alarm-weekly"], expires_on: "2028-01-01" },
    ]);
    expect(found).toEqual({ tone: "good", words: "You hold: New course, until Sat 1 Jan 2028." });
  });

  test("it still holds on its last day, and has run out on the next", () => {
    expect(standing([{ name: "Course", covers: ["fire"], expires_on: "2026-11-22" }])?.tone).toBe("soon");
    expect(standing([{ name: "Course", covers: ["fire"], expires_on: "2026-11-21" }])?.words).toContain("ran out on");
  });

  test("training for a whole discipline makes nobody an outside specialist", () => {
    const found = standing([{ name: "Course", covers: ["fire"], expires_on: null }], "competent-contractor");
    expect(found?.words).toBe("Record here what the specialist did and found.");
  });
});
