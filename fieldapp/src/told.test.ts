import { describe, expect, it } from "vitest";
import { ability, bytesOf, spelled } from "./told";

const able = { worker: true, push: true, permission: "default", apple: false };

describe("being told on this phone", () => {
  it("offers it where the browser can, whether or not it was asked before", () => {
    expect(ability(able)).toBe("ready");
    expect(ability({ ...able, permission: "granted", apple: true })).toBe("ready");
  });

  it("says what to do where it was refused, and does not ask again", () => {
    expect(ability({ ...able, permission: "denied" })).toBe("denied");
  });

  it("sends an iPhone's owner to the home screen, and nobody else", () => {
    expect(ability({ ...able, push: false, permission: null, apple: true })).toBe("ios");
    expect(ability({ ...able, push: false, permission: null })).toBe("never");
    expect(ability({ ...able, worker: false })).toBe("never");
  });

  it("reads and writes the spelling of keys, with every length of end", () => {
    for (const length of [1, 2, 3, 16, 65]) {
      const bytes = Uint8Array.from({ length }, (_none, at) => 255 - at);
      const text = spelled(bytes.buffer);
      expect(text).not.toMatch(/[+/=]/);
      expect([...bytesOf(text)]).toEqual([...bytes]);
    }
  });
});
