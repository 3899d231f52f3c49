/** What a caretaker writes down on a bad day: words that are unlike any others, photos that are one plain picture each. */

import { sha256 } from "../canonical";
import { EngineError } from "../errors";
import type { PhotoRef, Uuid } from "../types";
import type { Chance } from "./chance";
import type { Tab } from "./handset";
import type { Body, Subjects } from "./offices";

/** The longest remark that a JPEG's head may hold is a little more. */
const REMARK = 60_000;
const SIZES = [40, 900, 30_000, 262_144, 600_000, 900_000];

/** A piece of work of any kind. `defect`: one that was reported earlier that day. */
export function someWork(
  of: Subjects,
  chance: Chance,
  mark: string,
  now: Date,
  photos: PhotoRef[],
  defect?: Uuid,
): Body {
  const { site, plan, check, asset, answers } = of;
  const started_at = new Date(now.getTime() - 600_000 - chance.whole(0, 99_999)).toISOString();
  const place = { site, building: null, space: null };
  const done = { plan, check_type: check, asset, building: null, tag: null, answers, photos, started_at };
  const choices: Body[] = [
    { kind: "defect_reported", body: { asset: null, place, summary: mark, severity: "low", unsafe: false, photos } },
    { kind: "check_done", body: { ...done, presence: "typed", late_entry: false } },
    { kind: "check_not_done", body: { plan, reason: "no-access", note: mark, photos } },
    { kind: "asset_changed", body: { asset, changes: { note: mark } } },
  ];
  if (defect) choices.push({ kind: "defect_updated", body: { defect, note: mark, photos } });
  return chance.pick(choices);
}

/** None to two photos, as far as the phone has room for them. */
export async function somePhotos(tab: Tab, picture: Uint8Array, chance: Chance, mark: string): Promise<PhotoRef[]> {
  const refs: PhotoRef[] = [];
  const count = chance.pick([0, 0, 0, 1, 1, 2]);
  for (let at = 0; at < count; at++) {
    const bytes = withRemarks(picture, `${mark} ${chance.next()} `.padEnd(chance.pick(SIZES), "."));
    const photo = { sha256: await sha256(bytes), type: "image/jpeg", size: bytes.length };
    try {
      await tab.network.photos.keep({ ...photo, width: 8, height: 8, bytes: bytes.buffer });
      refs.push({ ...photo, field: "" });
    } catch (error) {
      refusal(error);
    }
  }
  return refs;
}

/** The picture, made larger by remarks in its head, as JPEG has them: still one plain picture. */
function withRemarks(picture: Uint8Array, words: string): Uint8Array<ArrayBuffer> {
  const said = new TextEncoder().encode(words);
  const parts: Uint8Array[] = [picture.slice(0, 2)];
  for (let at = 0; at < said.length; at += REMARK) {
    const remark = said.slice(at, at + REMARK);
    const long = remark.length + 2;
    parts.push(Uint8Array.of(0xff, 0xfe, long >> 8, long & 255), remark);
  }
  parts.push(picture.slice(2));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A refusal in words is an answer; anything else is a fault of ours. */
export function refusal(error: unknown): void {
  if (!(error instanceof EngineError)) throw error;
}
