import { describe, expect, test } from "vitest";
import { canonical, newId, sha256 } from "./canonical";
import { checkDone, readyPhone, type TestPhone } from "./testing/phone";
import { PERSON, SITE } from "./testing/server";
import type { AssetAdded, CheckDone } from "./types";

const author = { id: PERSON, name: "Sam Field" };
const about = { title: "Kits", about: "", site: SITE, asset: null, plan: null };

function all(phone: TestPhone, bodies: CheckDone[], draft?: string) {
  const works = bodies.map((body) => ({
    kind: "check_done" as const,
    body,
    author,
    ...about,
    ...(draft ? { draft } : {}),
  }));
  return phone.journal.recordAll(works);
}

const rowsOf = (phone: TestPhone) => phone.store.read((db) => db.getAll("ops"));

describe("several answered at once", () => {
  test("are operations of their own, one behind the other in the phone's chain, and end their draft", async () => {
    const phone = await readyPhone();
    const together = newId();
    await phone.store.write(["drafts"], (tx) =>
      tx.objectStore("drafts").put({ person: PERSON, key: "together:x", data: {}, saved_at: "2026-11-24T09:00:00Z" }),
    );
    await all(phone, [checkDone()]);
    const bodies = [
      checkDone({ together, tag: "FK6SY959", presence: "tag" }),
      checkDone({ together }),
      checkDone({ together }),
    ];
    const saved = await all(phone, bodies, "together:x");
    const rows = (await rowsOf(phone)).sort((a, b) => a.op.seq - b.op.seq);
    expect(rows.map((row) => row.op.seq)).toEqual([1, 2, 3, 4]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(4);
    expect(saved.map((row) => (row.op.body as CheckDone).presence)).toEqual(["tag", "typed", "typed"]);
    for (const [n, row] of rows.entries()) {
      if (n > 0) expect(row.op.prev).toBe(rows[n - 1]?.op.hash);
      expect(row.op.hash).toBe(await sha256(row.op.prev + canonical(row.op.body)));
    }
    expect(await phone.store.meta("head")).toEqual({ seq: 4, hash: rows.at(-1)?.op.hash });
    expect(await phone.store.read((db) => db.get("drafts", [PERSON, "together:x"]))).toBeUndefined();
  });

  test("are saved all or none", async () => {
    const phone = await readyPhone();
    const lost = checkDone({ photos: [{ sha256: "a".repeat(64), type: "image/jpeg", size: 1, field: "" }] });
    await expect(all(phone, [checkDone(), lost])).rejects.toThrow("A photo is no longer on this phone");
    expect(await rowsOf(phone)).toEqual([]);
    expect((await all(phone, [checkDone()]))[0]?.op.seq).toBe(1);
  });

  test("of two sets at the same moment neither breaks the other's chain", async () => {
    const phone = await readyPhone();
    await Promise.all([all(phone, [checkDone(), checkDone()]), all(phone, [checkDone(), checkDone()])]);
    expect((await rowsOf(phone)).map((row) => row.op.seq).sort()).toEqual([1, 2, 3, 4]);
  });

  test("of different kinds name each other: an asset and the label that was put on it", async () => {
    const phone = await readyPhone();
    const id = newId();
    const added: AssetAdded = { site: SITE, building: null, space: null, type: "boiler", name: "Boiler 3" };
    const works = [
      { id, kind: "asset_added" as const, body: added, author, ...about },
      { kind: "tag_claimed" as const, body: { tag: "FK6SY959", asset: id }, author, ...about },
    ];
    const [asset, label] = await phone.journal.recordAll(works);
    expect(asset?.id).toBe(id);
    expect(label?.op.body).toEqual({ tag: "FK6SY959", asset: id });
    expect([asset?.op.seq, label?.op.seq]).toEqual([1, 2]);
  });
});
