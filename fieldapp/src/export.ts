/**
 * "Save a copy": everything unsent as one file. The office's import posts each envelope word for word with its
 * signature, then the files: the same door, the same ids, so doing it twice (or sending as well) changes nothing.
 *
 * {"siteward_export": 1, "device", "app", "exported_at", "work": ["Fire alarm test, Main building (Sam Field)"],
 *  "envelopes": [{"body": "<the raw body of POST /api/v1/field/ops>", "signature": "<X-Device-Signature>"}],
 *  "files": [{"sha256", "type", "size", "data": "<base64>"}]}
 */

import { base64 } from "./canonical";
import { dayOf } from "./days";
import type { Store } from "./db";
import { FIRST } from "./journal";
import type { Device } from "./keys";
import type { Photos } from "./photos";
import { envelope } from "./sync";
import type { World } from "./world";

const AT_ONCE = 100;

export async function exportUnsent(
  store: Store,
  world: World,
  device: Device,
  photos: Photos,
): Promise<{ name: string; blob: Blob }> {
  const head = (await store.meta("head")) ?? FIRST;
  const all = await store.read((db) => db.getAll("ops"));
  const lacking = new Set(
    (await store.read((db) => db.getAll("photos"))).filter((row) => row.wanted && !row.done).map((row) => row.sha256),
  );
  const rows = all
    .filter((row) => row.state === "waiting" || row.photos.some((sha) => lacking.has(sha)))
    .sort((a, b) => a.op.seq - b.op.seq);
  const envelopes: { body: string; signature: string }[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const body = await envelope(store, device, world, rows.slice(at, at + AT_ONCE));
    envelopes.push({ body, signature: await device.sign(body) });
  }
  const about = {
    siteward_export: 1,
    device: (await device.row()).id,
    app: world.app,
    exported_at: world.now().toISOString(),
    work: rows.map((row) => `${row.title}, ${row.about} (${row.author_name})`),
    envelopes,
  };
  // Written piece by piece: twenty photos in one string would be too much for an old phone.
  const parts: string[] = [JSON.stringify(about).slice(0, -1), ',"files":['];
  let comma = "";
  for (const sha256 of new Set(rows.flatMap((row) => row.photos).filter((sha) => lacking.has(sha)))) {
    const kept = await photos.bytes(sha256);
    if (!kept) continue;
    const size = kept.bytes.byteLength;
    parts.push(`${comma}${JSON.stringify({ sha256, type: kept.type, size, data: base64(kept.bytes) })}`);
    comma = ",";
  }
  parts.push("]}");
  await store.setMeta("exported_seq", head.seq);
  const name = `siteward-unsent-${dayOf(world.now())}.json`;
  return { name, blob: new Blob(parts, { type: "application/json" }) };
}
