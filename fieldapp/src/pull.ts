/**
 * Pulling: who I am, and three documents for each site, whole. They replace what was there in one transaction, which
 * opens neither the outbox nor the drafts.
 */

import { putMeta, type Store } from "./db";
import { call, inWords, isObject, type Reply } from "./net";
import { type BodyRow, DOC_KINDS, type DocBodies, type DocKind, type DocRow, type PersonRow } from "./rows";
import type { Me, Uuid } from "./types";
import type { World } from "./world";

export type Pulled<T> =
  | { kind: "ok"; value: T }
  | { kind: "signed-out" }
  /** The site is no longer this person's; what the phone had of it is gone. */
  | { kind: "gone" }
  | { kind: "trouble"; words: string };

export async function pullMe(world: World): Promise<Pulled<Me>> {
  const reply = await call(world, "/me");
  if (isSignedOut(reply)) return { kind: "signed-out" };
  const me = meIn(reply);
  return me ? { kind: "ok", value: me } : { kind: "trouble", words: trouble(reply) };
}

/** Our own answer about a person, or null. */
export function meIn(reply: Reply): Me | null {
  if (reply.kind !== "json" || reply.status !== 200) return null;
  const { person, permits, sites, label_hosts } = reply.body;
  const whole = isObject(person) && typeof person.id === "string" && [permits, sites, label_hosts].every(Array.isArray);
  return whole ? (reply.body as unknown as Me) : null;
}

/** Keeps what the server said about this person; sites that are no longer theirs lose their documents. */
export async function keepPerson(store: Store, me: Me): Promise<PersonRow> {
  return store.write(["people", "docs", "bodies", "meta"], async (tx) => {
    const people = tx.objectStore("people");
    const before = await people.get(me.person.id);
    const theirs = new Set(me.sites.map((site) => site.id));
    const { permits, sites, label_hosts, demo } = me;
    const site =
      before?.site && theirs.has(before.site) ? before.site : sites.length === 1 ? (sites[0]?.id ?? null) : null;
    const registered = before?.registered ?? false;
    const row: PersonRow = { ...me.person, permits, sites, label_hosts, demo: demo === true, site, registered };
    await people.put(row);
    const docs = tx.objectStore("docs");
    for (const key of await docs.getAllKeys(IDBKeyRange.bound([row.id], [row.id, []]))) {
      if (theirs.has(key[1])) continue;
      await docs.delete(key);
      await tx.objectStore("bodies").delete(key);
    }
    await putMeta(tx, "person", row.id);
    await putMeta(tx, "expired", false);
    return row;
  });
}

/** Fetches what has changed of one site, and puts it in place. */
export async function pullSite(store: Store, world: World, person: Uuid, site: Uuid): Promise<Pulled<boolean>> {
  // Work whose receipt came before this moment is in the documents that we are about to ask for.
  const tick = (await store.meta("tick")) ?? 0;
  const asked = await Promise.all(DOC_KINDS.map((kind) => pullDoc(store, world, person, site, kind)));
  if (asked.some(({ reply }) => isSignedOut(reply))) return { kind: "signed-out" };
  if (asked.some(({ reply }) => reply.kind === "json" && reply.status === 404)) {
    await forgetSite(store, person, site);
    return { kind: "gone" };
  }
  const checked_at = world.now().toISOString();
  let words: string | null = null;
  const rows: DocRow[] = [];
  const bodies: BodyRow[] = [];
  for (const { kind, reply, before } of asked) {
    const body = bodyIn(reply, kind, site);
    if (body) bodies.push({ person, site, kind, body });
    if (body) rows.push({ person, site, kind, etag: etagOf(reply), checked_at, tick });
    else if (reply.kind === "unchanged" && before) rows.push({ ...before, checked_at, tick });
    else words ??= trouble(reply);
  }
  await store.write(["docs", "bodies", "meta"], async (tx) => {
    for (const row of rows) await tx.objectStore("docs").put(row);
    for (const row of bodies) await tx.objectStore("bodies").put(row);
    if (words === null) await putMeta(tx, "last_pulled_at", checked_at);
  });
  return words === null
    ? { kind: "ok", value: asked.some(({ reply }) => reply.kind === "json") }
    : { kind: "trouble", words };
}

interface Asked {
  kind: DocKind;
  reply: Reply;
  before: DocRow | undefined;
}

async function pullDoc(store: Store, world: World, person: Uuid, site: Uuid, kind: DocKind): Promise<Asked> {
  const before = await store.doc(person, site, kind);
  const headers: Record<string, string> = before?.etag ? { "If-None-Match": before.etag } : {};
  return { kind, before, reply: await call(world, `/sites/${site}/${kind}`, { headers, timeout: 60_000 }) };
}

async function forgetSite(store: Store, person: Uuid, site: Uuid): Promise<void> {
  await store.write(["docs", "bodies"], async (tx) => {
    for (const kind of DOC_KINDS) {
      await tx.objectStore("docs").delete([person, site, kind]);
      await tx.objectStore("bodies").delete([person, site, kind]);
    }
  });
}

const LISTS: { [K in DocKind]: (keyof DocBodies[K])[] } = {
  forms: ["checks", "asset_types", "disciplines", "not_done_reasons"],
  register: ["buildings", "spaces", "assets", "tags", "people"],
  due: ["plans", "defects", "work_orders", "readings"],
};

/** The document, if it is whole, of our protocol and of this site. */
function bodyIn(reply: Reply, kind: DocKind, site: Uuid): DocBodies[DocKind] | null {
  if (reply.kind !== "json" || reply.status !== 200) return null;
  const { body } = reply;
  const about = isObject(body.site) ? body.site.id : body.site;
  const whole = body.protocol === 1 && about === site && LISTS[kind].every((list) => Array.isArray(body[list]));
  return whole ? (body as unknown as DocBodies[DocKind]) : null;
}

function etagOf(reply: Reply): string {
  return reply.kind === "json" ? (reply.headers.get("ETag") ?? "") : "";
}

/** 401, or Django's 403 for somebody who is not signed in. */
export function isSignedOut(reply: Reply): boolean {
  return (
    reply.kind === "json" && (reply.status === 401 || (reply.status === 403 && /auth/.test(String(reply.body.code))))
  );
}

function trouble(reply: Reply): string {
  return inWords(
    reply.kind === "json" && reply.status === 200 ? { kind: "nothing", why: "not-ours", status: 200 } : reply,
  );
}
