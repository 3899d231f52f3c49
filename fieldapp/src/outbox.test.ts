import { describe, expect, it } from "vitest";
import { outboxItem } from "./outbox";
import type { OpRow } from "./rows";

const row = {
  id: "op",
  op: { kind: "check_done", author: "tom", made_at: "2026-11-24T09:00:00Z" },
  author_name: "Tom Ashworth",
  title: "Weekly test",
  about: "Panel, Main block",
  state: "held",
  held: { code: "answers", detail: "Tap 4 is another school's" },
  notes: ["Left out: Tap 2"],
  photos: [],
  asset: null,
  plan: null,
} as unknown as OpRow;
const seenBy = (me: string | null) => outboxItem(row, new Map(), new Set(), me);

describe("somebody else's work on a shared phone", () => {
  it("is counted, with whose it is and how far, and not told", () => {
    const item = seenBy("ann");
    expect(item).toMatchObject({ mine: false, author_name: "Tom Ashworth", state: "held", kind: "check_done" });
    expect(JSON.stringify(item)).not.toMatch(/Weekly test|Main block|Tap 4|Tap 2/);
    expect(JSON.stringify(seenBy(null))).not.toMatch(/Weekly test|Main block|Tap 4|Tap 2/);
  });

  it("is all there for whoever did it", () => {
    expect(seenBy("tom")).toMatchObject({
      mine: true,
      title: "Weekly test",
      about: "Panel, Main block",
      notes: row.notes,
    });
    expect(seenBy("tom").held?.detail).toBe("Tap 4 is another school's");
  });
});
