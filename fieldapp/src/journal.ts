/**
 * Saving work: one strict transaction holds the work, its place in the phone's chain, the photos that it needs and the
 * end of its draft. Whoever asked may move on when the promise resolves.
 */

import { canonical, newId, sha256 } from "./canonical";
import { getMeta, putMeta, type Store } from "./db";
import { EngineError } from "./errors";
import type { Head, OpRow } from "./rows";
import type { OpBodies, OpKind, PhotoRef, Uuid, WireOp } from "./types";
import type { World } from "./world";

export const FIRST: Head = { seq: 0, hash: "0".repeat(64) };

export interface NewWork<K extends OpKind = OpKind> {
  /** Its id, when other work of the same transaction already names it; else one is made. */
  id?: Uuid;
  kind: K;
  body: OpBodies[K];
  author: { id: Uuid; name: string };
  /** How the outbox shows it, whatever site is chosen by then. */
  title: string;
  about: string;
  site: Uuid | null;
  asset: Uuid | null;
  plan: Uuid | null;
  draft?: string;
}

type Made = Omit<WireOp, "seq" | "prev" | "hash">;

export class Journal {
  private last: Promise<unknown> = Promise.resolve();
  private readonly boot = Math.random().toString(36).slice(2, 8);

  constructor(
    private readonly store: Store,
    private readonly world: World,
  ) {}

  /** Saves it on this phone. One at a time on this page, because each hash needs the one before. */
  async record(work: NewWork): Promise<OpRow> {
    const [row] = await this.recordAll([work]);
    return row as OpRow;
  }

  /** Saves several pieces of work in one transaction: all of them, or none. */
  recordAll(works: readonly NewWork[]): Promise<OpRow[]> {
    const made = works.map((work) => ({ work, op: this.made(work) }));
    const saved = this.last.then(() => this.append(made));
    this.last = saved.catch(() => undefined);
    return saved;
  }

  private made(work: NewWork): Made {
    const now = this.world.now();
    // JSON is what goes over the wire: what it would drop or change is dropped or changed now, before it is hashed.
    const body = JSON.parse(JSON.stringify(work.body)) as OpBodies[OpKind];
    return {
      id: work.id ?? newId(now.getTime()),
      kind: work.kind,
      author: work.author.id,
      made_at: now.toISOString(),
      offset_min: -now.getTimezoneOffset(),
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
      mono_ms: Math.round(this.world.elapsed()),
      boot: this.boot,
      body,
    };
  }

  private async append(all: readonly { work: NewWork; op: Made }[]): Promise<OpRow[]> {
    const forms = all.map(({ op }) => canonical(op.body));
    for (;;) {
      const head = (await this.store.meta("head")) ?? FIRST;
      // The hashes cannot be worked out inside the transaction (it would end while we wait), so the head is compared
      // again inside: another tab may have saved something in between.
      const rows: OpRow[] = [];
      let { seq, hash: prev } = head;
      for (const [at, { work, op }] of all.entries()) {
        const hash = await sha256(prev + forms[at]);
        seq += 1;
        rows.push(rowOf(work, { ...op, seq, prev, hash }));
        prev = hash;
      }
      const drafts = all.flatMap(({ work }) => (work.draft === undefined ? [] : [work.draft]));
      if (await this.commit(rows, head, drafts)) return rows;
    }
  }

  private commit(rows: readonly OpRow[], before: Head, drafts: readonly string[]): Promise<boolean> {
    const last = rows.at(-1);
    if (!last) return Promise.resolve(true);
    return this.store.write(["ops", "meta", "photos", "drafts"], async (tx) => {
      // There already: the answer to the first attempt was lost with the connection.
      if ((await tx.objectStore("ops").getKey(last.id)) !== undefined) return true;
      const head = (await getMeta(tx, "head")) ?? FIRST;
      if (head.seq !== before.seq || head.hash !== before.hash) return false;
      const photos = tx.objectStore("photos");
      for (const sha of new Set(rows.flatMap((row) => row.photos))) {
        const photo = await photos.get(sha);
        if (!photo) throw new EngineError("storage", "A photo is no longer on this phone. Take it again, then save.");
        await photos.put({ ...photo, wanted: true });
      }
      for (const row of rows) await tx.objectStore("ops").add(row);
      await putMeta(tx, "head", { seq: last.op.seq, hash: last.op.hash });
      for (const draft of drafts) await tx.objectStore("drafts").delete([last.op.author, draft]);
      return true;
    });
  }
}

function rowOf(work: NewWork, op: WireOp): OpRow {
  const { title, about, site, asset, plan } = work;
  const photos = [...new Set(photosOf(op.body).map((photo) => photo.sha256))];
  const fresh = { state: "waiting", held: null, settled_at: null, settled_tick: null } as const;
  return { id: op.id, op, ...fresh, author_name: work.author.name, title, about, site, asset, plan, photos };
}

export function photosOf(body: OpBodies[OpKind]): PhotoRef[] {
  return "photos" in body && Array.isArray(body.photos) ? body.photos : [];
}
