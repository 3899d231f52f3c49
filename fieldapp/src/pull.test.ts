import { describe, expect, it, vi } from "vitest";
import { pullMe, pullSite } from "./pull";
import { checkDone, keepPhoto, readyPhone, save, type TestPhone, testPhone } from "./testing/phone";
import { FakeServer, PERSON, PLAN, SITE } from "./testing/server";

const pull = (phone: TestPhone) => pullSite(phone.store, phone.world, PERSON, SITE);

describe("pulling", () => {
  it("asks with the tag that it has, and 304 costs nothing and changes nothing", async () => {
    const phone = await readyPhone();
    const before = await phone.store.body(PERSON, SITE, "due");
    phone.server.calls = [];
    phone.setNow("2026-11-24T12:00:00Z");
    expect(await pull(phone)).toEqual({ kind: "ok", value: false });
    expect(phone.server.calls.map((call) => call.headers["if-none-match"])).toEqual([
      '"forms-1"',
      '"register-1"',
      '"due-1"',
    ]);
    const after = await phone.store.doc(PERSON, SITE, "due");
    expect(await phone.store.body(PERSON, SITE, "due")).toEqual(before);
    expect(after?.checked_at).toBe("2026-11-24T12:00:00.000Z");
  });

  it("replaces each document whole, and opens neither outbox nor drafts nor photos to write", async () => {
    const phone = await readyPhone();
    await save(phone, checkDone({ photos: [await keepPhoto(phone, 10)] }));
    await phone.store.write(["drafts"], (tx) =>
      tx.objectStore("drafts").put({ person: PERSON, key: "k", data: 1, saved_at: "2026-11-24T09:00:00Z" }),
    );
    const stores = ["ops", "drafts", "photos", "bytes"] as const;
    const all = () => phone.store.read((db) => Promise.all(stores.map((name) => db.getAll(name))));
    const before = await all();
    const writes = vi.spyOn(phone.store, "write");
    phone.server.version++;
    phone.server.docs.due.plans = [];
    expect(await pull(phone)).toEqual({ kind: "ok", value: true });
    expect(writes.mock.calls.flatMap(([names]) => names).filter((name) => stores.includes(name as never))).toEqual([]);
    expect(await all()).toEqual(before);
    await phone.desk.refresh();
    expect(phone.desk.snapshot().site?.plans.size).toBe(0);
    expect(phone.desk.snapshot().outbox.unsent).toHaveLength(1);
  });

  it.each([
    ["a hotel's sign-in page", { kind: "captive" } as const],
    ["JSON of somebody else's", { kind: "captive-json" } as const],
    ["half a document", { kind: "half-after" } as const],
    ["a server error", { kind: "status", status: 500 } as const],
  ])("%s replaces nothing", async (_name, fault) => {
    const phone = await readyPhone();
    phone.server.version++;
    phone.server.fail("/sites", fault, fault, fault);
    expect((await pull(phone)).kind).toBe("trouble");
    await phone.desk.refresh();
    expect(phone.desk.snapshot().site?.plans.has(PLAN)).toBe(true);
  });

  it("a site that is no longer this person's is gone, and what was queued for it still goes", async () => {
    const phone = await readyPhone();
    await save(phone);
    phone.server.me = { ...phone.server.me, sites: [] };
    await phone.traffic.kick({ pull: true });
    expect(phone.desk.snapshot().site).toBeNull();
    expect(await phone.store.doc(PERSON, SITE, "register")).toBeUndefined();
    expect(phone.server.ops.size).toBe(1);
  });

  it("an answer about nobody is nobody's sign-in", async () => {
    const phone = testPhone();
    phone.server.fail("/me", { kind: "captive-json" });
    expect((await pullMe(phone.world)).kind).toBe("trouble");
    phone.server.signedIn = false;
    expect((await pullMe(phone.world)).kind).toBe("signed-out");
  });

  it("what another person on this phone has pulled is not shown to me", async () => {
    const server = new FakeServer();
    const phone = await readyPhone(server);
    server.me = { ...server.me, person: { id: "99999999-9999-4999-8999-999999999999", name: "Ann Other" }, sites: [] };
    await phone.traffic.kick({ pull: true });
    expect(phone.desk.snapshot().session.person?.name).toBe("Ann Other");
    expect(phone.desk.snapshot().site).toBeNull();
    expect(await phone.store.doc(PERSON, SITE, "due")).toBeDefined();
  });
});
