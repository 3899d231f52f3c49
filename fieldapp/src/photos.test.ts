import { describe, expect, it } from "vitest";
import { EngineError } from "./errors";
import { checkDone, keepPhoto, readyPhone, save, type TestPhone } from "./testing/phone";
import { PERSON } from "./testing/server";

const KB = 1024;
const rows = (phone: TestPhone) => phone.store.read((db) => db.getAll("photos"));
const pieces = (phone: TestPhone) =>
  phone.server.calls.filter((call) => call.method === "PUT").map((call) => Number(call.headers["upload-offset"]));

async function phoneWithPhoto(size = 600 * KB) {
  const phone = await readyPhone();
  const photo = await keepPhoto(phone, size);
  await save(phone, checkDone({ photos: [photo] }));
  return { phone, photo };
}

describe("photos follow the work", () => {
  it("in pieces of 256 kB, and are done only when the server has verified them", async () => {
    const { phone, photo } = await phoneWithPhoto();
    expect(await phone.photos.upload()).toEqual({ settled: 1, trouble: null, expired: false });
    expect(pieces(phone)).toEqual([0, 256 * KB, 512 * KB]);
    expect(phone.server.files.get(photo.sha256)?.done).toBe(true);
    expect((await rows(phone)).map((row) => [row.done, row.sent])).toEqual([[true, 600 * KB]]);
  });

  it("after a cut they go on where the server is, not from the start", async () => {
    const { phone } = await phoneWithPhoto();
    phone.server.fail("/files/have", { kind: "status", status: 503 });
    expect((await phone.photos.upload()).trouble).not.toBeNull();
    const { fetch } = phone.server;
    let puts = 0;
    phone.world.fetch = async (input, init) => {
      if (init?.method === "PUT" && ++puts === 2) throw new TypeError("cut");
      return fetch(input, init);
    };
    expect((await phone.photos.upload()).trouble).toBe("No signal.");
    phone.world.fetch = fetch;
    expect((await phone.photos.upload()).trouble).toBeNull();
    expect(pieces(phone)).toEqual([0, 256 * KB, 512 * KB]);
  });

  it("a piece whose answer was lost is not sent twice: 409 tells the true offset", async () => {
    const { phone, photo } = await phoneWithPhoto();
    const { fetch } = phone.server;
    let lost = false;
    phone.world.fetch = async (input, init) => {
      // The server's memory of what it has comes late: the phone starts again from nought.
      if (lost && String(input).endsWith("/have")) {
        return new Response('{"offsets": {}}', { headers: { "Content-Type": "application/json" } });
      }
      const response = await fetch(input, init);
      if (init?.method !== "PUT" || lost) return response;
      lost = true;
      throw new TypeError("network");
    };
    expect((await phone.photos.upload()).trouble).toBe("No signal.");
    expect((await phone.photos.upload()).trouble).toBeNull();
    expect(pieces(phone)).toEqual([0, 0, 256 * KB, 512 * KB]);
    expect(phone.server.files.get(photo.sha256)?.done).toBe(true);
  });

  it("a captive portal's 200 to a piece is no receipt", async () => {
    const { phone } = await phoneWithPhoto(10 * KB);
    const { fetch } = phone.server;
    phone.world.fetch = async (input, init) =>
      init?.method === "PUT"
        ? new Response("<html>", { headers: { "Content-Type": "text/html" } })
        : fetch(input, init);
    expect((await phone.photos.upload()).trouble).toContain("in place of Siteward");
    expect((await rows(phone))[0]?.done).toBe(false);
  });

  it("what the server refuses is kept, said, and not sent again by itself", async () => {
    const { phone } = await phoneWithPhoto(10 * KB);
    const { fetch } = phone.server;
    const refusal = JSON.stringify({ code: "not_an_image", detail: "That is a text file." });
    phone.world.fetch = async (input, init) =>
      init?.method === "PUT"
        ? new Response(refusal, { status: 422, headers: { "Content-Type": "application/problem+json" } })
        : fetch(input, init);
    expect((await phone.photos.upload()).trouble).toContain("That is a text file.");
    await phone.desk.refresh();
    expect(phone.desk.snapshot().outbox.unsent[0]?.state).toBe("waiting");
    phone.world.fetch = fetch;
    await phone.pusher.push();
    phone.server.calls = [];
    expect((await phone.photos.upload()).trouble).toBeNull();
    expect(phone.server.calls).toEqual([]);
    await phone.desk.refresh();
    expect(phone.desk.snapshot().outbox.unsent[0]).toMatchObject({
      state: "photos",
      photo_problem: "That is a text file.",
    });
    expect((await phone.photos.upload({ refused: true })).settled).toBe(1);
  });

  it("a photo of a draft is not sent before the work is saved", async () => {
    const phone = await readyPhone();
    await keepPhoto(phone, KB);
    await phone.photos.upload();
    expect(phone.server.calls.filter((call) => call.path.startsWith("/files"))).toEqual([]);
  });
});

describe("photos kept on the phone", () => {
  it("are cleared after a day when no draft and no work refers to them", async () => {
    const phone = await readyPhone();
    const [unused, drafted, used] = [
      await keepPhoto(phone, 10, 1),
      await keepPhoto(phone, 10, 2),
      await keepPhoto(phone, 10, 3),
    ];
    const draft = { person: PERSON, key: "k", data: { photos: [drafted] }, saved_at: "2026-11-24T09:00:00Z" };
    await phone.store.write(["drafts"], (tx) => tx.objectStore("drafts").put(draft));
    await save(phone, checkDone({ photos: [used] }));
    await phone.photos.tidy();
    expect(await phone.photos.bytes(unused.sha256)).not.toBeNull();
    phone.setNow("2026-11-25T10:00:00Z");
    await phone.photos.tidy();
    const left = await Promise.all([unused, drafted, used].map(({ sha256 }) => phone.photos.bytes(sha256)));
    expect(left.map((one) => one !== null)).toEqual([false, true, true]);
  });

  it("unsent ones stay however old they are; sent ones go after a week", async () => {
    const { phone, photo } = await phoneWithPhoto(KB);
    phone.setNow("2027-03-01T10:00:00Z");
    await phone.photos.tidy();
    expect(await phone.photos.bytes(photo.sha256)).not.toBeNull();
    await phone.photos.upload();
    await phone.photos.tidy();
    expect(await phone.photos.bytes(photo.sha256)).toBeNull();
  });

  it("a full phone refuses the photo in words and keeps the text", async () => {
    const phone = await readyPhone();
    const { write } = phone.store;
    phone.store.write = async (stores, work) => {
      if (stores.includes("bytes") && stores.length === 2) throw new EngineError("no-room", "full");
      return write.call(phone.store, stores, work) as never;
    };
    await expect(keepPhoto(phone, KB)).rejects.toMatchObject({ code: "no-room", message: /Your answers are kept/ });
    await save(phone);
    expect(await phone.store.read((db) => db.count("ops"))).toBe(1);
    expect(await rows(phone)).toEqual([]);
  });
});
