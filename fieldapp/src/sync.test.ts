import { describe, expect, it } from "vitest";
import cases from "../../fixtures/cases/sync.json";
import { canonical, sha256 } from "./canonical";
import { asOnlySender } from "./sync";
import { checkDone, readyPhone, save, type TestPhone, testPhone } from "./testing/phone";
import { FakeServer, type Fault, PERSON } from "./testing/server";

const states = async (phone: TestPhone) => (await phone.store.read((db) => db.getAll("ops"))).map((row) => row.state);
const waiting = async (phone: TestPhone) => (await states(phone)).filter((state) => state === "waiting").length;

describe("work is saved on the phone", () => {
  it("twenty saved at the same moment make one unbroken chain", async () => {
    const phone = await readyPhone();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => save(phone, checkDone({ answers: { sounder: "pass", at } }))),
    );
    const rows = (await phone.store.read((db) => db.getAll("ops"))).sort((a, b) => a.op.seq - b.op.seq);
    expect(rows.map((row) => row.op.seq)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    let before = "0".repeat(64);
    for (const { op } of rows) {
      expect(op.prev).toBe(before);
      expect(op.hash).toBe(await sha256(before + canonical(op.body)));
      before = op.hash;
    }
    expect(await phone.store.meta("head")).toEqual({ seq: 20, hash: before });
  });

  it("two tabs saving at the same moment share one chain", async () => {
    const server = new FakeServer();
    const first = await readyPhone(server);
    const second = testPhone(server, first.name);
    await Promise.all(Array.from({ length: 10 }, (_, at) => save(at % 2 ? first : second)));
    const rows = (await first.store.read((db) => db.getAll("ops"))).sort((a, b) => a.op.seq - b.op.seq);
    expect(new Set(rows.map((row) => row.op.prev)).size).toBe(10);
    expect(rows.every((row, at) => at === 0 || row.op.prev === rows[at - 1]?.op.hash)).toBe(true);
  });

  it("its draft is gone in the same moment, and not before", async () => {
    const phone = await readyPhone();
    const draft = { person: PERSON, key: "check:1", data: { sounder: "pass" }, saved_at: "2026-11-24T09:00:00Z" };
    await phone.store.write(["drafts"], (tx) => tx.objectStore("drafts").put(draft));
    const lost = { sha256: "a".repeat(64), type: "image/jpeg", size: 1, field: "" };
    await expect(save(phone, checkDone({ photos: [lost] }), "check:1")).rejects.toThrow("no longer on this phone");
    expect(await phone.store.read((db) => db.count("drafts"))).toBe(1);
    expect(await states(phone)).toEqual([]);
    await save(phone, checkDone(), "check:1");
    expect(await phone.store.read((db) => db.count("drafts"))).toBe(0);
  });

  it("it is still there when the app is killed and opened again", async () => {
    const phone = await readyPhone();
    await save(phone);
    await phone.store.close();
    const again = testPhone(phone.server, phone.name);
    await again.desk.refresh();
    expect(again.desk.snapshot().outbox.unsent.map((item) => item.title)).toEqual(["Fire alarm test"]);
    expect(again.desk.snapshot().session.person?.name).toBe("Sam Field");
  });
});

describe("nothing leaves the outbox without a receipt of its own", () => {
  const nothing: [string, Fault][] = [
    ["a lost line", { kind: "drop" }],
    ["a hotel's sign-in page with status 200", { kind: "captive" }],
    ["JSON of somebody else's", { kind: "captive-json" }],
    ["a server error", { kind: "status", status: 500 }],
    ["a gateway without its server", { kind: "status", status: 502 }],
    ["half a reply", { kind: "half-after" }],
    ["a reply lost after the server had done it", { kind: "drop-after" }],
    ["a refusal of the envelope", { kind: "status", status: 400 }],
  ];
  it.each(nothing)("%s changes nothing, and the next attempt delivers each thing once", async (_name, fault) => {
    const phone = await readyPhone();
    await Promise.all([save(phone), save(phone), save(phone)]);
    phone.server.fail("/ops", fault);
    const first = await phone.pusher.push();
    expect(first.settled).toBe(0);
    expect(first.trouble).not.toBeNull();
    expect(await waiting(phone)).toBe(3);
    const second = await phone.pusher.push();
    expect(second).toEqual({ settled: 3, trouble: null, expired: false });
    expect(await states(phone)).toEqual(["done", "done", "done"]);
    expect(phone.server.ops.size).toBe(3);
  });

  it("what the server holds is no longer waiting, and its reason is kept", async () => {
    const phone = await readyPhone();
    const row = await save(phone);
    await save(phone);
    phone.server.hold.add(row.id);
    await phone.pusher.push();
    await phone.desk.refresh();
    const { outbox } = phone.desk.snapshot();
    expect(outbox.held.map((item) => [item.id, item.held?.code])).toEqual([[row.id, "asset_retired"]]);
    expect(outbox.unsent).toEqual([]);
  });

  it("keeps what the server noticed, and what the office made of what was held", async () => {
    const phone = await readyPhone();
    const row = await save(phone);
    phone.server.hold.add(row.id);
    phone.server.notes = ["Sam also did this, at 08:10 the same day. Both are kept."];
    await phone.pusher.push();
    await phone.desk.refresh();
    expect(phone.desk.snapshot().outbox.held[0]?.notes).toEqual(phone.server.notes);
    const settled = { op: row.id, how: "aside" as const, on: "2026-11-24", why: "Done again on Monday." };
    phone.server.docs.due = { ...phone.server.docs.due, settled: [settled] };
    phone.server.version++;
    await phone.traffic.kick({ pull: true });
    await phone.desk.refresh();
    const { outbox } = phone.desk.snapshot();
    expect(outbox.held).toEqual([]);
    expect(outbox.recent[0]).toMatchObject({ id: row.id, state: "done", settled });
  });

  it("a thing seen before ends as it ended then", async () => {
    const phone = await readyPhone();
    const row = await save(phone);
    phone.server.hold.add(row.id);
    phone.server.fail("/ops", { kind: "drop-after" });
    await phone.pusher.push();
    await phone.pusher.push();
    expect(await states(phone)).toEqual(["held"]);
  });

  it.each(cases.results)("a result that is $name leaves the work $then", async ({ result, then }) => {
    const phone = await readyPhone();
    const { id } = await save(phone);
    const reply = JSON.stringify({ server_time: "2026-11-24T09:00:00Z", results: [{ id, ...result }] });
    phone.world.fetch = async () => new Response(reply, { headers: { "Content-Type": "application/json" } });
    await phone.pusher.push();
    await phone.desk.refresh();
    expect(phone.desk.items.map((item) => item.state)).toEqual([then]);
  });

  it("a result for something that was not sent is not taken for one that was", async () => {
    const phone = await readyPhone();
    await save(phone);
    const wrong = { server_time: "x", results: [{ id: "other", outcome: "applied" }, { outcome: "applied" }, null] };
    phone.world.fetch = async () =>
      new Response(JSON.stringify(wrong), { headers: { "Content-Type": "application/json" } });
    expect((await phone.pusher.push()).trouble).toContain("in place of Siteward");
    expect(await states(phone)).toEqual(["waiting"]);
  });

  it("an outcome that this version does not know leaves the work waiting, and the others go", async () => {
    const phone = await readyPhone();
    const [odd] = await Promise.all([save(phone), save(phone)]);
    const { fetch } = phone.server;
    phone.world.fetch = async (input, init) => {
      const response = await fetch(input, init);
      const body = (await response.json()) as { results: { id: string; outcome: string }[] };
      for (const result of body.results) if (result.id === odd.id) result.outcome = "pondered";
      return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });
    };
    const outcome = await phone.pusher.push();
    expect(outcome.settled).toBe(1);
    expect(outcome.trouble).not.toBeNull();
    expect(await waiting(phone)).toBe(1);
  });
});

describe("sending", () => {
  it("goes on by signature when the sign-in has run out", async () => {
    const phone = await readyPhone();
    await save(phone);
    phone.server.signedIn = false;
    const outcome = await phone.pusher.push();
    expect(outcome).toEqual({ settled: 1, trouble: null, expired: true });
    expect(phone.server.calls.filter((call) => call.path === "/ops").map((call) => call.credentials)).toEqual([
      "same-origin",
      "omit",
    ]);
  });

  it("the signature is that of the raw body by the registered key", async () => {
    const phone = await readyPhone();
    await save(phone);
    await phone.pusher.push();
    const sent = phone.server.calls.find((call) => call.path === "/ops");
    const { public_key, id, keys } = await phone.device.row();
    const spki = Uint8Array.from(atob(public_key), (character) => character.charCodeAt(0));
    const key = await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
    const signature = Uint8Array.from(atob(sent?.headers["x-device-signature"] ?? ""), (c) => c.charCodeAt(0));
    const raw = new TextEncoder().encode(String(sent?.body));
    expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, raw)).toBe(true);
    expect(keys.privateKey.extractable).toBe(false);
    const head = await phone.store.meta("head");
    expect(JSON.parse(String(sent?.body))).toMatchObject({ device: id, app: "1.0.0", seq: 1, head: head?.hash });
    expect(sent?.headers["x-siteward-protocol"]).toBe("1");
  });

  it("a thousand go in batches of a hundred, oldest first", async () => {
    const phone = await readyPhone();
    for (let at = 0; at < 230; at++) await save(phone);
    await phone.pusher.push();
    const sizes = phone.server.calls
      .filter((call) => call.path === "/ops")
      .map((call) => (JSON.parse(String(call.body)) as { ops: { seq: number }[] }).ops.map((op) => op.seq));
    expect(sizes.map((seqs) => [seqs[0], seqs.length])).toEqual([
      [1, 100],
      [101, 100],
      [201, 30],
    ]);
  });

  it("a batch that is too large is split until it fits", async () => {
    const phone = await readyPhone();
    for (let at = 0; at < 10; at++) await save(phone);
    phone.server.mostOps = 3;
    expect(await phone.pusher.push()).toEqual({ settled: 10, trouble: null, expired: false });
    expect(phone.server.ops.size).toBe(10);
  });

  it("one thing that is too large by itself does not keep the others", async () => {
    const phone = await readyPhone();
    const rows = [await save(phone), await save(phone), await save(phone)];
    const { fetch } = phone.server;
    phone.world.fetch = async (input, init) =>
      String(init?.body).includes(rows[1]?.id ?? "?") ? new Response("too large", { status: 413 }) : fetch(input, init);
    const outcome = await phone.pusher.push();
    expect(outcome.settled).toBe(2);
    expect(outcome.trouble).toContain("too large");
    expect(await waiting(phone)).toBe(1);
  });

  it("two tabs do not send at the same time where the browser has no locks, and a dead tab does not block", async () => {
    const phone = await readyPhone();
    let release: () => void = () => undefined;
    const first = asOnlySender(
      phone.store,
      phone.world,
      () => new Promise<string>((done) => (release = () => done("a"))),
    );
    await new Promise((done) => setTimeout(done, 30));
    expect(await asOnlySender(phone.store, phone.world, async () => "b")).toBeNull();
    phone.setNow("2026-11-24T09:02:00Z");
    expect(await asOnlySender(phone.store, phone.world, async () => "c")).toBe("c");
    release();
    expect(await first).toBe("a");
  });
});
