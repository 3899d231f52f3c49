import { afterEach, expect, it, vi } from "vitest";
import { hasNfc, listenNfc } from "./nfc";

type Heard = (event: { message: { records: { recordType: string; data?: BufferSource }[] } }) => void;
let hold: Heard | null = null;

class Tags {
  set onreading(heard: Heard) {
    hold = heard;
  }
  async scan(): Promise<void> {}
}
class SwitchedOff extends Tags {
  override async scan(): Promise<void> {
    throw new DOMException("off", "NotReadableError");
  }
}
const url = (text: string) => ({
  message: {
    records: [{ recordType: "empty" }, { recordType: "url", data: new TextEncoder().encode(text) }],
  },
});

afterEach(() => vi.unstubAllGlobals());

it("a phone without NFC is offered nothing, and listens to nothing", async () => {
  expect(hasNfc()).toBe(false);
  expect(await listenNfc(() => undefined, new AbortController().signal)).toBe(false);
});

it("a tag's address is told as it stands, until listening ends", async () => {
  vi.stubGlobal("NDEFReader", Tags);
  const told: string[] = [];
  const stop = new AbortController();
  expect(hasNfc()).toBe(true);
  expect(await listenNfc((text) => told.push(text), stop.signal)).toBe(true);
  hold?.(url("HTTPS://Q.SITE.DEMO/M9S346Q0"));
  stop.abort();
  hold?.(url("HTTPS://Q.SITE.DEMO/OTHER000"));
  expect(told).toEqual(["HTTPS://Q.SITE.DEMO/M9S346Q0"]);
});

it("a tag with nothing for us is told too, as nothing", async () => {
  vi.stubGlobal("NDEFReader", Tags);
  const told: string[] = [];
  await listenNfc((text) => told.push(text), new AbortController().signal);
  hold?.({ message: { records: [] } });
  expect(told).toEqual([""]);
});

it("NFC that is switched off is an answer, not an error", async () => {
  vi.stubGlobal("NDEFReader", SwitchedOff);
  expect(await listenNfc(() => undefined, new AbortController().signal)).toBe(false);
});
