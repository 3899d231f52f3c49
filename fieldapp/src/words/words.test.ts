/** Every language says everything: the same keys, nothing empty, plurals that are right, and nothing left in English. */

import { describe, expect, it } from "vitest";
import { words as en } from "./en";
import { words as pl } from "./pl";

type Said = [string, unknown][];

function all(value: unknown, path = ""): Said {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, part]) => all(part, path ? `${path}.${key}` : key));
}

/** What a sentence says for made-up content: numbers where it counts, names elsewhere. */
function spoken(value: unknown, count: number): string {
  if (typeof value !== "function") return String(value);
  const given: unknown[] = [count, count + 1];
  try {
    return String(value(...given));
  } catch {
    return String(value(["a", "b"]));
  }
}

/** Words that are the same in both languages, or names. */
const SAME = new Set(["work.words.model", "add.model", "check.minutes", "accountScreen.site"]);

describe("Polish", () => {
  it("has every key that English has, and no other", () => {
    expect(
      all(pl)
        .map(([key]) => key)
        .sort(),
    ).toEqual(
      all(en)
        .map(([key]) => key)
        .sort(),
    );
  });

  it("says something everywhere, and nothing of it in English", () => {
    const english = new Map(all(en).map(([key, value]) => [key, spoken(value, 5)]));
    const left = all(pl).filter(([key, value]) => {
      const said = spoken(value, 5);
      return said.trim() === "" || (said === english.get(key) && /[a-z]{3}/.test(said) && !SAME.has(key));
    });
    expect(left.map(([key]) => key)).toEqual([]);
  });

  it.each([
    [1, "1 kontrola"],
    [2, "2 kontrole"],
    [5, "5 kontroli"],
    [12, "12 kontroli"],
    [22, "22 kontrole"],
  ])("counts %i as Poles do", (n, said) => {
    expect(pl.checks(n)).toBe(said);
  });
});
