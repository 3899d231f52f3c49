import { describe, expect, test } from "vitest";
import type { SyncState } from "../engine";
import { shapes } from "./Status";
import { lineFor } from "./StatusLine";

const CALM: SyncState = {
  online: true,
  sending: false,
  pulling: false,
  waiting: 0,
  photos_waiting: 0,
  held: 0,
  last_sent_at: null,
  last_pulled_at: null,
  oldest_unsent_at: null,
  problem: null,
  update_wanted: false,
};

describe("the line that is always in sight", () => {
  test("says that all is sent only when neither work nor photos wait", () => {
    expect(lineFor(CALM).words).toBe("All sent");
    expect(lineFor({ ...CALM, photos_waiting: 1 }).words).toBe("Saved on this phone · 1 photo waiting to send");
  });

  test("counts pieces of work, not their photos, so that it agrees with the Outbox", () => {
    expect(lineFor({ ...CALM, waiting: 3, photos_waiting: 5 }).words).toBe("Saved on this phone · 3 waiting to send");
  });

  test("says first that there is no signal, and what is kept", () => {
    expect(lineFor({ ...CALM, online: false }).words).toBe("No signal");
    expect(lineFor({ ...CALM, online: false, waiting: 2 }).words).toBe("No signal · 2 saved on this phone");
    expect(lineFor({ ...CALM, online: false, photos_waiting: 2 }).words).toBe(
      "No signal · 2 photos saved on this phone",
    );
  });

  test("no signal has a sign of its own, not the one of paused checks", () => {
    const signs = [lineFor({ ...CALM, online: false }), lineFor(CALM)].map((line) => line.shape);
    expect(new Set([...signs, shapes.off]).size).toBe(3);
  });
});
