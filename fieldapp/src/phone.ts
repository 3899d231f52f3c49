/** The engine: each thing a screen may ask for, in a few lines over the module that does it. */

import { aboutOf } from "./about";
import { newId } from "./canonical";
import { dayOf } from "./days";
import { Drafts } from "./drafts";
import type { Engine, ToRecord } from "./engine";
import { EngineError } from "./errors";
import { Journal } from "./journal";
import type { Network, Outside } from "./network";
import { judge } from "./questions";
import { assetView, foundBy, placeView, registeredAt } from "./register";
import { placeOf, searchAssets } from "./site";
import { formOf, planView, todayOf } from "./today";
import type { Reason } from "./traffic";
import type { Found, Place, Uuid } from "./types";
import { W } from "./words";

export interface Parts extends Outside {
  /** The part that talks to the server, as soon as it is there. */
  network(): Promise<Network>;
  formOpen(open: boolean): void;
}

const NOWHERE: Place = { building: null, space: null, words: "", warnings: [] };

export function buildEngine(parts: Parts): Engine & { flush(): Promise<void>; kick(reason?: Reason): Promise<void> } {
  const { store, world, desk, network, changed } = parts;
  const journal = new Journal(store, world);
  const drafts = new Drafts(store, world, (error) => void network().then((net) => net.noteFull(error)));
  const kick = async (reason?: Reason) => (await network()).traffic.kick(reason);
  /** Tries to send without anybody waiting for it. */
  const send = (reason?: Reason) => void kick(reason).catch(() => undefined);
  const site = () => desk.snapshot().site;
  const me = () => {
    const { person } = desk.snapshot().session;
    if (!person) throw new EngineError("not-signed-in", W.engine.signInFirst);
    return person;
  };
  const view = (id: Uuid, now: Date) => {
    const here = site();
    const plan = here?.plans.get(id);
    return here && plan ? planView(here, plan, desk.local.get(id) ?? [], dayOf(now)) : null;
  };
  const saved = async (news: readonly ToRecord[], draft?: string) => {
    const author = me();
    await drafts.flush();
    const works = news.map((one) => ({ ...one, author, ...aboutOf(one.kind, one.body, site()) }));
    const rows = await journal.recordAll(draft === undefined ? works : works.map((work) => ({ ...work, draft })));
    if (draft !== undefined) drafts.forget(author.id, draft);
    await desk.refreshWork();
    changed("work");
    send();
    return rows;
  };
  const findTag = (text: string): Found => foundBy(text, desk.hosts(), site());

  return {
    subscribe: (listener) => desk.subscribe(listener),
    getSnapshot: () => desk.snapshot(),

    async signIn(email, password, code) {
      await drafts.flush();
      await (await network()).signIn(email, password, code);
    },

    async signOut({ exported = false } = {}) {
      const { id } = me();
      await drafts.flush();
      await (await network()).signOut(id, exported);
    },

    async chooseSite(id) {
      const { id: person } = me();
      await store.write(["people"], async (tx) => {
        const row = await tx.objectStore("people").get(person);
        if (row) await tx.objectStore("people").put({ ...row, site: id });
      });
      await desk.refresh();
      send({ pull: true });
    },

    today(now = world.now()) {
      const here = site();
      const counts = { overdue: 0, due: 0, "due-soon": 0, "in-date": 0 };
      return here ? todayOf(here, desk.local, now) : { date: dayOf(now), groups: [], counts, done: 0 };
    },
    findTag,
    async elsewhere(code) {
      const { elsewhere } = await import("./elsewhere");
      return elsewhere(store, desk.snapshot().session, desk.snapshot().site_id, code);
    },
    asset(id, now = world.now()) {
      const here = site();
      return here ? assetView(here, id, (plan) => view(plan, now), desk.items) : null;
    },
    placeAt(id, now = world.now()) {
      const here = site();
      return here ? placeView(here, id, (plan) => view(plan, now)) : null;
    },
    plan: (id, now = world.now()) => view(id, now),
    form(code, revision) {
      const here = site();
      return here ? formOf(here, code, revision) : null;
    },
    registered(view) {
      const here = site();
      return here ? registeredAt(here, view) : 0;
    },
    place(of) {
      const here = site();
      return here ? placeOf(here, of) : NOWHERE;
    },
    search(words) {
      const here = site();
      return here ? searchAssets(here, words) : [];
    },
    judge,

    draft: (key) => drafts.read(me().id, key),
    saveDraft: (key, data) => drafts.save(me().id, key, data),
    dropDraft: (key) => drafts.drop(me().id, key),
    drafts: () => drafts.list(me().id),

    takePhoto: async (source) => (await network()).takePhoto(source),
    takeFile: async (source) => (await network()).takeFile(source),
    async photoUrl(sha256) {
      const kept = await (await network()).photos.bytes(sha256);
      return kept ? URL.createObjectURL(new Blob([kept.bytes], { type: kept.type })) : null;
    },

    async record(kind, body, { draft, also } = {}) {
      const id = newId(world.now().getTime());
      const [row] = await saved([{ id, kind, body } as ToRecord, ...(also?.(id) ?? [])], draft);
      return { id: row?.id ?? "", seq: row?.op.seq ?? 0 };
    },
    async recordAll(kind, bodies, { draft } = {}) {
      const rows = await saved(
        bodies.map((body) => ({ kind, body }) as ToRecord),
        draft,
      );
      return rows.map((row) => row.id);
    },

    outbox: () => desk.snapshot().outbox,
    async outboxItem(id) {
      const row = desk.ops.find((one) => one.id === id);
      const item = desk.items.find((one) => one.id === id);
      return row && item?.mine ? { item, body: row.op.body } : null;
    },
    pushNow: () => kick({ refused: true }).catch(() => undefined),
    pullNow: async () => (await network()).traffic.pullNow(),
    exportUnsent: async () => (await network()).exportUnsent(),

    async openScanner(video, onFound, options) {
      const { openScanner } = await import("./scan");
      return openScanner(video, findTag, onFound, options);
    },

    formOpen: (open) => parts.formOpen(open),
    async applyUpdate() {
      await drafts.flush();
      if (parts.isFormOpen()) {
        throw new EngineError("form-open", W.engine.formOpen);
      }
      await (await network()).shell.update();
    },
    install: async () => (await network()).shell.install(),
    persist: async () => (await network()).persist(),

    flush: () => drafts.flush(),
    kick,
  };
}
