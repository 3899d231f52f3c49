/** A phone for tests: a fresh store, a clock that can be set, and the engine's parts wired to a FakeServer. */

import "fake-indexeddb/auto";
import { Store } from "../db";
import { Desk } from "../desk";
import { Journal } from "../journal";
import { Device } from "../keys";
import type { Outside } from "../network";
import { Photos } from "../photos";
import { keepPerson, pullSite } from "../pull";
import { Pusher } from "../sync";
import { Traffic } from "../traffic";
import type { CheckDone, PhotoRef } from "../types";
import type { World } from "../world";
import { ASSET, FakeServer, PERSON, PLAN, SITE } from "./server";

export interface TestPhone {
  server: FakeServer;
  name: string;
  store: Store;
  world: World;
  desk: Desk;
  device: Device;
  journal: Journal;
  photos: Photos;
  pusher: Pusher;
  traffic: Traffic;
  setNow(moment: string): void;
}

let made = 0;

export function testWorld(server: FakeServer): { world: World; setNow(moment: string): void } {
  let now = new Date("2026-11-24T09:00:00Z");
  const world: World = {
    fetch: server.fetch,
    now: () => now,
    elapsed: () => 1234.5,
    locks: null,
    host: "checks.example.org",
    visible: () => true,
    online: () => true,
    cookie: () => "csrftoken=abc",
    app: "1.0.0",
  };
  return {
    world,
    setNow(moment) {
      now = new Date(moment);
    },
  };
}

/** `name`: the store of a phone made before, as when the app was killed and opened again. */
export function testPhone(server = new FakeServer(), name = `phone-${++made}`): TestPhone {
  const { world, setNow } = testWorld(server);
  const store = new Store(name);
  const desk = new Desk(store, world);
  const device = new Device(store, world);
  const photos = new Photos(store, world, device);
  const pusher = new Pusher(store, world, device);
  const outside: Outside = { store, world, desk, changed: () => undefined, isFormOpen: () => false };
  const traffic = new Traffic(outside, device, pusher, photos);
  return {
    server,
    name,
    store,
    world,
    desk,
    device,
    journal: new Journal(store, world),
    photos,
    pusher,
    traffic,
    setNow,
  };
}

/** Signed in, the site chosen and pulled. */
export async function readyPhone(server = new FakeServer(), name?: string): Promise<TestPhone> {
  const phone = testPhone(server, name);
  await keepPerson(phone.store, server.me);
  await pullSite(phone.store, phone.world, PERSON, SITE);
  await phone.desk.refresh();
  return phone;
}

export function checkDone(more: Partial<CheckDone> = {}): CheckDone {
  return {
    plan: PLAN,
    check_type: { code: "fire-alarm-weekly", revision: 1 },
    asset: ASSET,
    building: null,
    tag: null,
    answers: { sounder: "pass" },
    photos: [],
    presence: "typed",
    started_at: "2026-11-24T08:58:00Z",
    late_entry: false,
    ...more,
  };
}

/** Saves a check as the engine does. */
export function save(phone: TestPhone, body: CheckDone = checkDone(), draft?: string) {
  const about = { title: "Fire alarm test", about: "Fire alarm panel", site: SITE, asset: body.asset, plan: body.plan };
  const author = { id: PERSON, name: "Sam Field" };
  return phone.journal.record({ kind: "check_done", body, author, ...about, ...(draft ? { draft } : {}) });
}

/** Keeps made-up bytes as if they were a photo; says how the body refers to it. */
export async function keepPhoto(phone: TestPhone, size: number, seed = 1): Promise<PhotoRef> {
  const { sha256 } = await import("../canonical");
  const bytes = new ArrayBuffer(size);
  new Uint8Array(bytes).forEach((_, at, all) => {
    all[at] = (at * 31 + seed) % 251;
  });
  const hash = await sha256(bytes);
  await phone.photos.keep({ sha256: hash, type: "image/jpeg", size, width: 10, height: 10, bytes });
  return { sha256: hash, type: "image/jpeg", size, field: "" };
}
