import { describe, expect, it } from "vitest";
import cases from "../../fixtures/cases/tags.json";
import { checkCharacter, fromText } from "./tagcode";

describe("a scanned or typed text is told for what it is", () => {
  it.each(cases.texts.map((one) => [one.why, one] as const))("%s", (_why, one) => {
    const found = fromText(one.text, cases.hosts);
    expect(found.kind).toBe(one.kind);
    if (found.kind === "code") expect(found.code).toBe(one.code);
  });
});

it.each(cases.check_characters)("the check character of $seven is that of the shared cases", ({ seven, check }) => {
  expect(checkCharacter(seven)).toBe(check);
});

it("any single wrong character in an address is caught", () => {
  const code = "M9S346Q0";
  for (let at = 0; at < 8; at++) {
    for (const wrong of "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
      const changed = code.slice(0, at) + wrong + code.slice(at + 1);
      if (changed === code) continue;
      expect(fromText(`HTTPS://Q.SITE.DEMO/${changed}`, ["q.site.demo"]).kind).toBe("bad-code");
    }
  }
});
