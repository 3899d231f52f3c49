import { describe, expect, it } from "vitest";
import { exportUnsent } from "./export";
import { Network } from "./network";
import { signIn } from "./session";
import { checkDone, keepPhoto, readyPhone, save, type TestPhone, testPhone } from "./testing/phone";
import { FakeServer, PERSON, SITE } from "./testing/server";

function networkOf(phone: TestPhone): Network {
  const { store, world, desk } = phone;
  return new Network({ store, world, desk, changed: () => undefined, isFormOpen: () => false });
}

describe("a turn", () => {
  it("registers the phone, sends work, then photos, then fetches the new dates", async () => {
    const phone = await readyPhone();
    await save(phone, checkDone({ photos: [await keepPhoto(phone, 100)] }));
    phone.server.calls = [];
    await phone.traffic.kick();
    expect(phone.server.calls.map((call) => `${call.method} ${call.path.replace(/[0-9a-f]{64}/, "sha")}`)).toEqual([
      "POST /devices",
      "POST /ops",
      "POST /files/have",
      "PUT /files/sha",
      "GET /me",
      `GET /sites/${SITE}/forms`,
      `GET /sites/${SITE}/register`,
      `GET /sites/${SITE}/due`,
    ]);
    expect(phone.desk.snapshot().sync).toMatchObject({ waiting: 0, photos_waiting: 0, problem: null, sending: false });
    phone.server.calls = [];
    await phone.traffic.kick();
    expect(phone.server.calls).toEqual([]);
  });

  it("without a signal leaves everything and says so", async () => {
    const phone = await readyPhone();
    await save(phone);
    phone.server.fail("/", { kind: "drop" }, { kind: "drop" }, { kind: "drop" }, { kind: "drop" });
    await phone.traffic.kick();
    phone.traffic.stop();
    expect(phone.desk.snapshot().sync).toMatchObject({ waiting: 1, problem: "No signal." });
    expect(phone.desk.snapshot().sync.oldest_unsent_at).toBe("2026-11-24T09:00:00.000Z");
  });

  it("with a sign-in that has run out still sends, and asks for a new sign-in", async () => {
    const phone = await readyPhone();
    await save(phone);
    phone.server.signedIn = false;
    await phone.traffic.kick({ pull: true });
    const { session, outbox, site } = phone.desk.snapshot();
    expect(session).toMatchObject({ expired: true, person: { name: "Sam Field" } });
    expect(outbox.unsent).toEqual([]);
    expect(site?.plans.size).toBe(1);
    await networkOf(phone).signIn("sam@example.org", "right");
    expect(phone.desk.snapshot().session.expired).toBe(false);
  });

  it("says every day when work is more than a day old", async () => {
    const phone = await readyPhone();
    await save(phone);
    phone.setNow("2026-11-25T09:00:01Z");
    await phone.desk.refresh();
    expect(phone.desk.snapshot().outbox.overdue_to_send).toBe(1);
  });
});

describe("signing in and out", () => {
  it("tells a wrong password from no signal and from somebody else's page", async () => {
    const phone = testPhone();
    const attempt = (password: string) => signIn(phone.store, phone.world, "sam@example.org", password);
    await expect(attempt("wrong")).rejects.toMatchObject({ code: "wrong-password" });
    phone.server.fail("/sign-in", { kind: "drop" }, { kind: "captive" }, { kind: "status", status: 429 });
    await expect(attempt("right")).rejects.toMatchObject({ code: "no-signal" });
    await expect(attempt("right")).rejects.toMatchObject({ code: "server" });
    await expect(attempt("right")).rejects.toMatchObject({ code: "too-many-tries" });
    expect((await attempt("right")).name).toBe("Sam Field");
  });

  it("asks for the code of an account that has a second step, and takes it beside the password", async () => {
    const phone = testPhone();
    const attempt = (code: string) => signIn(phone.store, phone.world, "sam@example.org", "right and a code", code);
    await expect(attempt("")).rejects.toMatchObject({ code: "second-step" });
    await expect(attempt("000000")).rejects.toMatchObject({ code: "second-step" });
    expect((await attempt("123456")).name).toBe("Sam Field");
  });

  it("out is refused while my work is unsent, unless it was saved as a copy; it stays on the phone in any case", async () => {
    const phone = await readyPhone();
    const net = networkOf(phone);
    await save(phone);
    const drop = () => phone.server.fail("/ops", { kind: "drop" }, { kind: "drop" }, { kind: "drop" });
    drop();
    await expect(net.signOut(PERSON, false)).rejects.toMatchObject({ code: "unsent-work" });
    await expect(net.signOut(PERSON, true)).rejects.toMatchObject({ code: "unsent-work" });
    await net.exportUnsent();
    await save(phone);
    await expect(net.signOut(PERSON, true)).rejects.toMatchObject({ code: "unsent-work" });
    await net.exportUnsent();
    phone.server.faults = [];
    drop();
    await net.signOut(PERSON, true);
    net.traffic.stop();
    expect(phone.desk.snapshot().session.person).toBeNull();
    expect(await phone.store.read((db) => db.count("ops"))).toBe(2);
    phone.server.faults = [];
    await phone.traffic.kick();
    expect(phone.server.ops.size).toBe(2);
  });

  it("out sends first", async () => {
    const phone = await readyPhone();
    await save(phone);
    await networkOf(phone).signOut(PERSON, false);
    expect(phone.server.ops.size).toBe(1);
    expect(phone.server.signedIn).toBe(false);
  });

  it("out without a signal is told to the server later, and nothing signs me in again meanwhile", async () => {
    const phone = await readyPhone();
    const net = networkOf(phone);
    phone.server.fail("/sign-out", { kind: "drop" });
    await net.signOut(PERSON, false);
    await net.traffic.kick({ pull: true });
    expect(phone.server.signedIn).toBe(false);
    expect(phone.desk.snapshot().session.person).toBeNull();
  });

  it("another person on the same phone clears nothing of mine, and my work keeps my name", async () => {
    const server = new FakeServer();
    const phone = await readyPhone(server);
    await save(phone);
    server.me = { ...server.me, person: { id: "99999999-9999-4999-8999-999999999999", name: "Ann Other" } };
    server.fail("/ops", { kind: "drop" });
    const net = networkOf(phone);
    await net.signIn("ann@example.org", "right");
    const [item] = phone.desk.snapshot().outbox.unsent;
    expect(item).toMatchObject({ author: PERSON, author_name: "Sam Field", mine: false });
    await net.traffic.kick();
    expect([...server.ops.values()].map(({ op }) => op.author)).toEqual([PERSON]);
  });
});

describe("save a copy", () => {
  it("holds the same signed envelope that a push would send, and the photos it needs", async () => {
    const phone = await readyPhone();
    const photo = await keepPhoto(phone, 1000);
    const row = await save(phone, checkDone({ photos: [photo] }));
    const { name, blob } = await exportUnsent(phone.store, phone.world, phone.device, phone.photos);
    expect(name).toBe("siteward-unsent-2026-11-24.json");
    const copy = JSON.parse(await blob.text());
    expect(copy).toMatchObject({ siteward_export: 1, work: ["Fire alarm test, Fire alarm panel (Sam Field)"] });
    const [envelope] = copy.envelopes;
    const headers = { "X-Device-Signature": envelope.signature };
    await phone.server.fetch("/api/v1/field/ops", { method: "POST", body: envelope.body, headers });
    expect([...phone.server.ops.keys()]).toEqual([row.id]);
    expect(copy.files.map((file: { sha256: string; size: number }) => [file.sha256, file.size])).toEqual([
      [photo.sha256, 1000],
    ]);
    expect(atob(copy.files[0].data)).toHaveLength(1000);
    await phone.pusher.push();
    expect(phone.server.ops.get(row.id)?.times).toBe(2);
  });

  it("is empty when everything is safe", async () => {
    const phone = await readyPhone();
    await save(phone);
    await phone.pusher.push();
    const copy = JSON.parse(
      await (await exportUnsent(phone.store, phone.world, phone.device, phone.photos)).blob.text(),
    );
    expect([copy.envelopes, copy.files]).toEqual([[], []]);
  });
});
