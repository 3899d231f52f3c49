/**
 * What the screens draw from, put together from the store: who is signed in, the chosen site with this phone's own
 * work over it, the outbox. Read again after every change; nothing in it is ever changed in place.
 */

import type { Store } from "./db";
import { FIRST } from "./journal";
import { countsOf, outboxItem, outboxOf } from "./outbox";
import { DOC_KINDS, type DocKind, type LoadedDoc, type OpRow, type PersonRow, type PhotoRow } from "./rows";
import { checkedAt, type SiteDocs, siteData, withLocalWork } from "./site";
import { type LocalByPlan, localByPlan } from "./today";
import type { AppState, Outbox, OutboxItem, Session, SiteData, SyncState, Uuid } from "./types";
import type { World } from "./world";

const NOBODY: Session = { person: null, permits: [], sites: [], demo: false, expired: false };
const EMPTY: Outbox = { unsent: [], held: [], recent: [], overdue_to_send: 0 };

export class Desk {
  private listeners = new Set<() => void>();
  private state: AppState;
  private base: { docs: SiteDocs; data: SiteData } | null = null;
  private shown: { mark: string; base: SiteData; data: SiteData } | null = null;
  private sending: ReadonlySet<Uuid> = new Set();
  person: PersonRow | null = null;
  ops: OpRow[] = [];
  items: OutboxItem[] = [];
  local: LocalByPlan = new Map();

  constructor(
    private readonly store: Store,
    private readonly world: World,
  ) {
    this.state = {
      phase: "starting",
      trouble: null,
      session: NOBODY,
      site: null,
      site_id: null,
      outbox: EMPTY,
      sync: {
        online: world.online(),
        sending: false,
        pulling: false,
        waiting: 0,
        photos_waiting: 0,
        held: 0,
        last_sent_at: null,
        last_pulled_at: null,
        oldest_unsent_at: null,
        problem: null,
        update_wanted: false,
      },
      storage: { persisted: undefined, used: null, quota: null, room: "ok", installed: false, install: "none" },
      update_ready: false,
      app: world.app,
    };
  }

  snapshot(): AppState {
    return this.state;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(news: Partial<AppState>): void {
    this.state = { ...this.state, ...news };
    for (const listener of [...this.listeners]) listener();
  }

  sync(news: Partial<SyncState>): void {
    const changed = Object.entries(news).some(([key, value]) => this.state.sync[key as keyof SyncState] !== value);
    if (changed) this.set({ sync: { ...this.state.sync, ...news } });
  }

  /** Hosts whose labels are ours. */
  hosts(): string[] {
    return [...(this.person?.label_hosts ?? []), this.world.host];
  }

  /** Everything again, from the store. */
  async refresh(): Promise<void> {
    await this.readPerson();
    await this.readSite();
    await this.readWork();
  }

  /** The outbox again, after something was saved or sent. */
  async refreshWork(sending?: readonly Uuid[]): Promise<void> {
    if (sending) this.sending = new Set(sending);
    await this.readWork();
  }

  private async readPerson(): Promise<void> {
    const [id, expired] = await Promise.all([this.store.meta("person"), this.store.meta("expired")]);
    const person = id ? ((await this.store.read((db) => db.get("people", id))) ?? null) : null;
    this.person = person;
    const session = person
      ? {
          person: { id: person.id, name: person.name },
          permits: person.permits,
          sites: person.sites,
          demo: person.demo,
          expired: expired ?? false,
        }
      : NOBODY;
    const same = JSON.stringify(session) === JSON.stringify(this.state.session);
    const site_id = person?.site ?? null;
    if (!same || site_id !== this.state.site_id) this.set({ session: same ? this.state.session : session, site_id });
  }

  private async readSite(): Promise<void> {
    const docs = this.person?.site
      ? await readDocs(this.store, this.person.id, this.person.site, this.base?.docs)
      : null;
    if (!docs) this.base = null;
    else if (docs !== this.base?.docs) this.base = { docs, data: sameBodies(docs, this.base) ?? siteData(docs) };
  }

  private async readWork(): Promise<void> {
    const [ops, photos, sent, pulled, wanted] = await Promise.all([
      this.store.read((db) => db.getAll("ops")),
      this.store.read((db) => db.getAll("photos")),
      this.store.meta("last_sent_at"),
      this.store.meta("last_pulled_at"),
      this.store.meta("update_wanted"),
    ]);
    this.ops = ops.sort((a, b) => a.op.seq - b.op.seq);
    const settled = new Map((this.base?.docs.due.body.settled ?? []).map((one) => [one.op, one]));
    const byHash = new Map(photos.map((photo): [string, PhotoRow] => [photo.sha256, photo]));
    this.items = this.ops.map((row) => outboxItem(row, byHash, this.sending, this.person?.id ?? null, settled));
    const outbox = outboxOf(this.items, this.world.now());
    const sync: SyncState = {
      ...this.state.sync,
      ...countsOf(this.items),
      last_sent_at: sent ?? null,
      last_pulled_at: pulled ?? null,
      oldest_unsent_at: outbox.unsent[0]?.made_at ?? null,
      update_wanted: wanted ?? false,
    };
    this.set({ site: this.siteNow(), outbox, sync, phase: "ready" });
  }

  /** The chosen site with this phone's own work; the same object while neither has changed. */
  private siteNow(): SiteData | null {
    if (!this.base) {
      this.local = new Map();
      return null;
    }
    const { docs, data } = this.base;
    const mark = this.ops.map((row) => `${row.id}${row.state}${row.settled_tick}`).join();
    if (this.shown?.base === data && this.shown.mark === mark) return this.shown.data;
    this.local = localByPlan(this.ops, docs.due.tick);
    const seen = withLocalWork(data, this.ops, { register: docs.register.tick, due: docs.due.tick });
    this.shown = { mark, base: data, data: seen };
    return seen;
  }

  /** Has this person saved anything since the last export? */
  async exportedAll(): Promise<boolean> {
    const [head, exported] = await Promise.all([this.store.meta("head"), this.store.meta("exported_seq")]);
    return (exported ?? 0) >= (head ?? FIRST).seq;
  }
}

/** The look-ups that stand already, when the server has only confirmed the documents. */
function sameBodies(docs: SiteDocs, base: { docs: SiteDocs; data: SiteData } | null): SiteData | null {
  const same = base !== null && DOC_KINDS.every((kind) => docs[kind].body === base.docs[kind].body);
  return same ? { ...base.data, checked_at: checkedAt(docs) } : null;
}

/** The three documents of a site, `known` itself if nothing has changed; bodies are read only when they are new. */
/** What is kept of a site, or null when it was never fetched whole. `known` is given back where nothing changed. */
export async function readDocs(store: Store, person: Uuid, site: Uuid, known?: SiteDocs): Promise<SiteDocs | null> {
  const [forms, register, due] = await Promise.all([
    readDoc(store, person, site, "forms", known?.forms),
    readDoc(store, person, site, "register", known?.register),
    readDoc(store, person, site, "due", known?.due),
  ]);
  if (!forms || !register || !due) return null;
  return known && forms === known.forms && register === known.register && due === known.due
    ? known
    : { forms, register, due };
}

async function readDoc<K extends DocKind>(
  store: Store,
  person: Uuid,
  site: Uuid,
  kind: K,
  known: LoadedDoc<K> | undefined,
): Promise<LoadedDoc<K> | null> {
  const row = await store.doc(person, site, kind);
  if (!row) return null;
  const mine = known?.person === person && known.site === site ? known : undefined;
  const sameBody = mine !== undefined && row.etag !== "" && row.etag === mine.etag;
  if (sameBody && row.tick === mine.tick && row.checked_at === mine.checked_at) return mine;
  const body = sameBody ? mine.body : await store.body(person, site, kind);
  return body ? { ...row, body } : null;
}
