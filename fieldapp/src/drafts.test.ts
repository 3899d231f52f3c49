import { describe, expect, it } from "vitest";
import { Drafts } from "./drafts";
import { readyPhone } from "./testing/phone";
import { PERSON } from "./testing/server";

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const OTHER = "99999999-9999-4999-8999-999999999999";

async function phoneWithDrafts() {
  const phone = await readyPhone();
  return { phone, drafts: new Drafts(phone.store, phone.world) };
}

describe("drafts", () => {
  it("are on the disk within 150 ms of the first keystroke, in one write", async () => {
    const { phone, drafts } = await phoneWithDrafts();
    for (let at = 0; at < 50; at++) drafts.save(PERSON, "check:1", { text: "x".repeat(at) });
    await pause(200);
    const rows = await phone.store.read((db) => db.getAll("drafts"));
    expect(rows.map((row) => row.data)).toEqual([{ text: "x".repeat(49) }]);
  });

  it("can be read back before they are written", async () => {
    const { drafts } = await phoneWithDrafts();
    drafts.save(PERSON, "check:1", { text: "just typed" });
    expect((await drafts.read(PERSON, "check:1"))?.data).toEqual({ text: "just typed" });
  });

  it("are written at once when the page goes away", async () => {
    const { phone, drafts } = await phoneWithDrafts();
    drafts.save(PERSON, "check:1", 1);
    await drafts.flush();
    expect(await phone.store.read((db) => db.count("drafts"))).toBe(1);
  });

  it("belong to the person who typed them", async () => {
    const { drafts } = await phoneWithDrafts();
    drafts.save(PERSON, "check:1", "mine");
    drafts.save(OTHER, "check:1", "theirs");
    expect((await drafts.read(PERSON, "check:1"))?.data).toBe("mine");
    expect((await drafts.list(OTHER)).map((draft) => draft.data)).toEqual(["theirs"]);
  });

  it("that were thrown away do not come back with a late write", async () => {
    const { phone, drafts } = await phoneWithDrafts();
    drafts.save(PERSON, "check:1", 1);
    await drafts.drop(PERSON, "check:1");
    await pause(200);
    expect(await phone.store.read((db) => db.count("drafts"))).toBe(0);
  });

  it("that could not be written are kept in memory and written later", async () => {
    const phone = await readyPhone();
    const { write } = phone.store;
    let full = true;
    const told: unknown[] = [];
    phone.store.write = async (stores, work) => {
      if (full) throw new Error("full");
      return write.call(phone.store, stores, work) as never;
    };
    const drafts = new Drafts(phone.store, phone.world, (error) => told.push(error));
    drafts.save(PERSON, "check:1", "kept");
    await drafts.flush();
    expect(told).toHaveLength(1);
    expect((await drafts.read(PERSON, "check:1"))?.data).toBe("kept");
    full = false;
    await drafts.flush();
    expect(await phone.store.read((db) => db.count("drafts"))).toBe(1);
  });
});
