import { expect, it } from "vitest";
import cases from "../../fixtures/cases/sync.json";
import { base64, canonical, newId, sha256 } from "./canonical";

it("the same content is written the same way whatever order it was typed in", () => {
  expect(canonical({ b: 1, a: { d: [1, null, "é"], c: true } })).toBe('{"a":{"c":true,"d":[1,null,"é"]},"b":1}');
});

it("what is not there is left out, so that the server's reading of the JSON has the same form", () => {
  const body = { plan: "p", done_at: undefined, answers: { x: undefined, y: 0 } };
  expect(canonical(body)).toBe(canonical(JSON.parse(JSON.stringify(body))));
});

it("keys beyond the basic plane sort as Python sorts them", () => {
  expect(canonical({ "\u{1F525}": 1, "\uFF01": 2 })).toBe('{"\uFF01":2,"\u{1F525}":1}');
});

it("the hash is that of the UTF-8 bytes", async () => {
  expect(await sha256("é")).toBe("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
});

it("ids are UUIDs of version 7 that sort by time", () => {
  const [early, late] = [newId(1_000_000_000_000), newId(1_000_000_000_001)];
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(early < late).toBe(true);
  expect(Number.parseInt(newId(1_764_000_000_123).replace("-", "").slice(0, 12), 16)).toBe(1_764_000_000_123);
});

it("a large photo is put into base64 without overflowing the stack", () => {
  expect(base64(new ArrayBuffer(1_000_000)).length).toBe(1_333_336);
});

it.each(cases.canonical)("phone and server spell it the same: $name", ({ json, text }) => {
  expect(canonical(JSON.parse(json))).toBe(text);
});

it.each(cases.chain)("phone and server make the same chain: $hash", async ({ prev, json, hash }) => {
  expect(await sha256(prev + canonical(JSON.parse(json)))).toBe(hash);
});
