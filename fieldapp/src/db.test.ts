import "fake-indexeddb/auto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Store } from "./db";
import { isLostConnection } from "./errors";
import { keepPhoto, readyPhone, save } from "./testing/phone";

afterEach(() => vi.restoreAllMocks());

let made = 0;
const fresh = () => new Store(`db-${++made}`);
const draft = { person: "p", key: "k", data: 1, saved_at: "2026-11-24T09:00:00Z" };

describe("the store", () => {
  it("opens again and repeats the work when the browser has closed the connection", async () => {
    const store = fresh();
    await store.write(["drafts"], (tx) => tx.objectStore("drafts").put(draft));
    // As iOS does: the connection is gone and nobody was told.
    await store.read(async (db) => db.close());
    await store.write(["drafts"], (tx) => tx.objectStore("drafts").put({ ...draft, data: 2 }));
    expect((await store.read((db) => db.get("drafts", ["p", "k"])))?.data).toBe(2);
  });

  it.each([
    ["InvalidStateError", "The database connection is closing."],
    ["UnknownError", "Connection to Indexed Database server lost. Refresh the page to try again"],
    ["UnknownError", "Internal error opening backing store for indexedDB.open."],
    ["AbortError", "The transaction was aborted."],
  ])("knows %s (%s) for a lost connection", (name, message) => {
    expect(isLostConnection(new DOMException(message, name))).toBe(true);
  });

  it("does not take a full disk for a lost connection", () => {
    expect(isLostConnection(new DOMException("Quota exceeded", "QuotaExceededError"))).toBe(false);
    expect(isLostConnection(new DOMException("Encountered full disk (quota).", "AbortError"))).toBe(false);
  });

  it("tells of a commit that was aborted without an error, and keeps nothing of it", async () => {
    const store = fresh();
    const writing = store.write(["drafts"], async (tx) => {
      await tx.objectStore("drafts").put(draft);
      tx.abort();
    });
    await expect(writing).rejects.toMatchObject({ code: "storage" });
    expect(await store.read((db) => db.count("drafts"))).toBe(0);
  });

  it("says in plain words that the phone is full, and keeps nothing of the write", async () => {
    const phone = await readyPhone();
    const put = IDBObjectStore.prototype.add;
    const full = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (
      this: IDBObjectStore,
      value,
      key,
    ) {
      if (this.name === "ops") throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      return put.call(this, value, key);
    });
    await expect(save(phone)).rejects.toMatchObject({ code: "no-room", message: /This phone is full/ });
    expect(await phone.store.meta("head")).toBeUndefined();
    full.mockRestore();
    await save(phone);
    expect(await phone.store.meta("head")).toMatchObject({ seq: 1 });
  });

  it("asks for strict writes", async () => {
    const asked = vi.spyOn(IDBDatabase.prototype, "transaction");
    const store = fresh();
    await store.setMeta("tick", 1);
    expect(asked.mock.calls.at(-1)?.[2]).toEqual({ durability: "strict" });
  });

  it("keeps photos as plain bytes, because WebKit fails to keep Blobs", async () => {
    const phone = await readyPhone();
    const { sha256 } = await keepPhoto(phone, 10);
    const row = await phone.store.read((db) => db.get("bytes", sha256));
    expect(Object.prototype.toString.call(row?.bytes)).toBe("[object ArrayBuffer]");
  });

  it("makes one key for the phone even when two tabs ask at once, and its private half cannot be taken out", async () => {
    const phone = await readyPhone();
    const { Device } = await import("./keys");
    const other = new Device(new Store(phone.name), phone.world);
    const [one, two] = await Promise.all([phone.device.row(), other.row()]);
    expect(one.id).toBe(two.id);
    expect(one.public_key).toBe(two.public_key);
    await expect(crypto.subtle.exportKey("pkcs8", one.keys.privateKey)).rejects.toThrow();
  });
});
