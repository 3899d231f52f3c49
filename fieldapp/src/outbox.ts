/** The outbox as it is shown: what is not yet safe, what the office is looking at, what was done lately. */

import type { OpRow, PhotoRow } from "./rows";
import type { Outbox, OutboxItem, OutboxState, Settled, SyncState, Uuid } from "./types";

const DAY = 86_400_000;
const RECENT_DAYS = 30;

/** A held op that only waits for another op to arrive: the server does it by itself then. */
const WAITS_FOR_ANOTHER = "waiting";

/** Of somebody else's work on a shared phone it says that there is some, whose and how far it is: not what they wrote. */
export function outboxItem(
  row: OpRow,
  photos: ReadonlyMap<string, PhotoRow>,
  sending: ReadonlySet<Uuid>,
  me: Uuid | null,
  settled: ReadonlyMap<Uuid, Settled> = new Map(),
): OutboxItem {
  const own = row.op.author === me;
  const mine = row.photos.map((sha) => photos.get(sha)).filter((photo) => photo !== undefined);
  const sent = mine.filter((photo) => photo.done).length;
  const { id, author_name, title, about, asset, plan, held } = row;
  const ended = held ? (settled.get(id) ?? null) : null;
  return {
    id,
    kind: row.op.kind,
    title: own ? title : "",
    about: own ? about : "",
    author: row.op.author,
    author_name,
    mine: own,
    made_at: row.op.made_at,
    state: stateOf(row, mine.length - sent, sending, ended !== null),
    photos: { sent, of: mine.length },
    photo_problem: mine.find((photo) => photo.problem && !photo.done)?.problem ?? null,
    held: held?.code === WAITS_FOR_ANOTHER || ended ? null : own ? held : held && { ...held, detail: "" },
    notes: own ? (row.notes ?? []) : [],
    settled: own ? ended : null,
    asset,
    plan,
  };
}

function stateOf(row: OpRow, unsentPhotos: number, sending: ReadonlySet<Uuid>, ended: boolean): OutboxState {
  if (row.state === "waiting") return sending.has(row.id) ? "sending" : "waiting";
  if (unsentPhotos > 0) return "photos";
  return row.state === "held" && row.held?.code !== WAITS_FOR_ANOTHER && !ended ? "held" : "done";
}

export function outboxOf(items: readonly OutboxItem[], now: Date): Outbox {
  const oldest = [...items].sort((a, b) => a.made_at.localeCompare(b.made_at));
  const newest = [...oldest].reverse();
  const since = new Date(now.getTime() - RECENT_DAYS * DAY).toISOString();
  const late = new Date(now.getTime() - DAY).toISOString();
  const unsent = oldest.filter((item) => isUnsent(item));
  return {
    unsent,
    held: newest.filter((item) => item.held !== null),
    recent: newest.filter((item) => item.state === "done" && item.made_at >= since),
    overdue_to_send: unsent.filter((item) => item.made_at < late).length,
  };
}

export function isUnsent(item: OutboxItem): boolean {
  return item.state === "waiting" || item.state === "sending" || item.state === "photos";
}

/** The figures of the status line. */
export function countsOf(items: readonly OutboxItem[]): Pick<SyncState, "waiting" | "photos_waiting" | "held"> {
  return {
    waiting: items.filter((item) => item.state === "waiting" || item.state === "sending").length,
    photos_waiting: items.reduce((sum, item) => sum + item.photos.of - item.photos.sent, 0),
    held: items.filter((item) => item.held !== null).length,
  };
}
