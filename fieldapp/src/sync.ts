/**
 * Pushing: work leaves the outbox only on a receipt of its own. Whatever else comes back changes nothing here, and the
 * work goes again under the same ids, so it is applied once however often it is sent.
 */

import { getMeta, nextTick, putMeta, type Store } from "./db";
import { FIRST } from "./journal";
import type { Device } from "./keys";
import { call, inWords, isObject, type Reply } from "./net";
import type { OpRow } from "./rows";
import { W } from "./words";
import type { World } from "./world";

/** The server takes 500; fewer lose less when the line breaks. */
const BATCH = 100;
/** The server takes 2 MB. */
const BATCH_BYTES = 1_500_000;

/** Settled work is shown for thirty days, what the office looks at a little longer. */
const KEEP_SETTLED = 60 * 86_400_000;

export interface Outcome {
  /** How much got through. */
  settled: number;
  /** Why it stopped before everything was through; null when nothing is left. */
  trouble: string | null;
  /** The server no longer knows the session. */
  expired: boolean;
}

interface Receipt {
  id: string;
  settled: "done" | "held";
  held: OpRow["held"];
  notes: string[];
}

export class Pusher {
  constructor(
    private readonly store: Store,
    private readonly world: World,
    private readonly device: Device,
    /** Told which ids are on their way, and after each answer an empty list. */
    private readonly progress: (sending: readonly string[]) => Promise<void> | void = () => undefined,
  ) {}

  /** Sends everything that waits, oldest first. Never throws for what the network or the server does. */
  async push(): Promise<Outcome> {
    const outcome: Outcome = { settled: 0, trouble: null, expired: false };
    const skipped = new Set<string>();
    let most = BATCH;
    for (;;) {
      const batch = await this.batch(most, skipped);
      if (!batch.length) return outcome;
      await this.progress(batch.map((row) => row.id));
      const reply = await this.post(batch, outcome);
      const receipts = receiptsIn(reply, batch);
      if (receipts.length) outcome.settled += await this.settle(receipts, reply);
      await this.progress([]);
      if (tooLarge(reply)) {
        most = Math.max(1, Math.floor(batch.length / 2));
        if (batch.length === 1) skip(batch, [], skipped, outcome, W.engine.tooLargeWork);
      } else if (receipts.length) {
        skip(batch, receipts, skipped, outcome, W.engine.notAll);
      } else {
        return { ...outcome, trouble: inWords(notOurs(reply)) };
      }
    }
  }

  private async batch(most: number, skipped: ReadonlySet<string>): Promise<OpRow[]> {
    const waiting = await this.store.read((db) => db.getAllFromIndex("ops", "state", "waiting"));
    const rows = waiting.filter((row) => !skipped.has(row.id)).sort((a, b) => a.op.seq - b.op.seq);
    let bytes = 0;
    const fits = rows.slice(0, most).findIndex((row) => {
      bytes += JSON.stringify(row.op).length * 2;
      return bytes > BATCH_BYTES;
    });
    return rows.slice(0, fits < 0 ? most : Math.max(1, fits));
  }

  /** One attempt; a second without the session when the server will not have it: the signature is enough. */
  private async post(batch: readonly OpRow[], outcome: Outcome): Promise<Reply> {
    const body = await envelope(this.store, this.device, this.world, batch);
    const headers = await this.device.proof(body);
    const reply = await call(this.world, "/ops", { method: "POST", body, headers });
    if (reply.kind !== "json" || (reply.status !== 401 && reply.status !== 403)) return reply;
    if (reply.status === 401) outcome.expired = true;
    return call(this.world, "/ops", { method: "POST", body, headers, session: false });
  }

  private async settle(receipts: readonly Receipt[], reply: Reply): Promise<number> {
    const settled_at = this.world.now().toISOString();
    return this.store.write(["ops", "meta"], async (tx) => {
      const settled_tick = await nextTick(tx);
      const ops = tx.objectStore("ops");
      let count = 0;
      for (const { id, settled, held, notes } of receipts) {
        const row = await ops.get(id);
        if (row?.state !== "waiting") continue;
        await ops.put({ ...row, state: settled, held, settled_at, settled_tick, ...(notes.length ? { notes } : {}) });
        count++;
      }
      await putMeta(tx, "last_sent_at", settled_at);
      if (reply.kind === "json") await putMeta(tx, "update_wanted", reply.body.update === true);
      return count;
    });
  }
}

/** What got no receipt stays in the outbox, and is left out of this run so that the others get through. */
function skip(
  batch: readonly OpRow[],
  receipts: readonly Receipt[],
  skipped: Set<string>,
  outcome: Outcome,
  why: string,
): void {
  const answered = new Set(receipts.map((receipt) => receipt.id));
  const left = batch.filter((row) => !answered.has(row.id));
  for (const row of left) skipped.add(row.id);
  if (left.length) outcome.trouble ??= why;
}

/** The body of a push, word for word; it carries the end of the chain, so that lost work is noticed. */
export async function envelope(store: Store, device: Device, world: World, rows: readonly OpRow[]): Promise<string> {
  const [{ id }, head] = await Promise.all([device.row(), store.meta("head")]);
  const { seq, hash } = head ?? FIRST;
  const ops = rows.map((row) => row.op);
  return JSON.stringify({ device: id, app: world.app, sent_at: world.now().toISOString(), seq, head: hash, ops });
}

function tooLarge(reply: Reply): boolean {
  return reply.kind !== "unchanged" && reply.status === 413;
}

/** A 200 that held no receipt of ours did not come from our server. */
function notOurs(reply: Reply): Reply {
  const status = reply.kind === "unchanged" ? 304 : reply.status;
  return reply.kind === "json" && status === 200 ? { kind: "nothing", why: "not-ours", status } : reply;
}

/** The receipts in a reply that are for this batch and of a shape that we know; nothing else counts. */
function receiptsIn(reply: Reply, batch: readonly OpRow[]): Receipt[] {
  if (reply.kind !== "json" || reply.status !== 200) return [];
  const { results, server_time } = reply.body;
  if (!Array.isArray(results) || typeof server_time !== "string") return [];
  const sent = new Set(batch.map((row) => row.id));
  return results.flatMap((result: unknown): Receipt[] => {
    if (!isObject(result) || typeof result.id !== "string" || !sent.has(result.id)) return [];
    const notes = Array.isArray(result.notes) ? result.notes.filter((note) => typeof note === "string") : [];
    const outcome = result.outcome === "again" ? (result.was ?? "applied") : result.outcome;
    if (outcome === "applied") return [{ id: result.id, settled: "done", held: null, notes }];
    if (outcome !== "held" && outcome !== "conflict") return [];
    const code = String(result.code ?? outcome);
    const held = { code, detail: String(result.detail ?? W.engine.somebodyLooks) };
    return [{ id: result.id, settled: "held", held, notes }];
  });
}

/** Clears work that has long been safe with the office, so that the outbox stays quick. */
export async function tidyWork(store: Store, world: World): Promise<void> {
  const old = new Date(world.now().getTime() - KEEP_SETTLED).toISOString();
  await store.write(["ops", "photos"], async (tx) => {
    const lacking = new Set<string>();
    for (const photo of await tx.objectStore("photos").getAll()) if (!photo.done) lacking.add(photo.sha256);
    for (const row of await tx.objectStore("ops").getAll()) {
      const safe = row.state !== "waiting" && !row.photos.some((sha) => lacking.has(sha));
      if (safe && row.settled_at !== null && row.settled_at < old) await tx.objectStore("ops").delete(row.id);
    }
  });
}

/** Runs `work` if no other tab is sending. Returns null when one is. */
export async function asOnlySender<T>(store: Store, world: World, work: () => Promise<T>): Promise<T | null> {
  if (world.locks) {
    return world.locks.request("siteward-sender", { ifAvailable: true }, (lock) => (lock ? work() : null));
  }
  const who = Math.random().toString(36).slice(2);
  const now = world.now().getTime();
  const mine = await store.write(["meta"], async (tx) => {
    const sender = await getMeta(tx, "sender");
    if (sender && sender.until > now && sender.until < now + LEASE * 2) return false;
    await putMeta(tx, "sender", { who, until: now + LEASE });
    return true;
  });
  if (!mine) return null;
  try {
    return await work();
  } finally {
    await store.setMeta("sender", { who, until: 0 });
  }
}

/** A tab that was killed while sending holds the others up no longer than this. Twins are harmless: ids are unique. */
const LEASE = 60_000;
