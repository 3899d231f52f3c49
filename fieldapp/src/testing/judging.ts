/** Is all of it there, once, as it was? What a bad day's end is measured by; each function says in words what is wrong. */

import { canonical, sha256 } from "../canonical";
import { FIRST } from "../journal";
import type { DraftRow, OpRow } from "../rows";
import type { PhotoRef, Uuid } from "../types";
import { type Tab, unsent } from "./handset";
import type { Body, Office } from "./offices";

/** One thing that the caretaker wrote down. */
export interface Entry extends Body {
  id: Uuid | null;
  author: Uuid;
  key: string;
  text: string;
  photos: PhotoRef[];
  /** Said to be saved; given up by the phone with a refusal; or cut off, so that nobody knows yet. */
  state: "saved" | "refused" | "unknown";
  /** The draft was written before saving began. */
  drafted: boolean;
}

export interface Ledger {
  seed: number;
  device: Uuid;
  revoked: boolean;
  /** The phone was lost for good; a copy was taken in. */
  drowned: boolean;
  entries: Entry[];
  did: string[];
}

const named = (entry: Entry) => `${entry.key} (${entry.kind})`;

/** After a death: what was saved is there; what was cut off is either saved, which is noted now, or still a draft. */
export async function lookBack(tab: Tab, entries: readonly Entry[]): Promise<string[]> {
  const rows = await tab.store.read((db) => db.getAll("ops"));
  const wrong: string[] = [];
  for (const entry of entries) {
    const mine = rows.filter((row) => row.op.kind === entry.kind && canonical(row.op.body) === entry.text);
    const draft = await tab.store.read((db) => db.get("drafts", [entry.author, entry.key]));
    const fault = faultOf(entry, mine, draft);
    if (fault) wrong.push(`${named(entry)} ${fault}`);
    if (mine[0]) Object.assign(entry, { state: "saved", id: mine[0].id });
  }
  return wrong;
}

function faultOf(entry: Entry, rows: readonly OpRow[], draft: DraftRow | undefined): string | null {
  if (rows.length > 1) return "is twice on the phone";
  if (rows.length) return draft ? "is saved and still a draft" : null;
  if (entry.state === "saved") return "was saved and is gone from the phone";
  if (draft) return canonical(draft.data) === entry.text ? null : "has a draft that has changed";
  return entry.drafted ? "had a draft that is gone" : null;
}

/** The phone's own chain, and what it still has to send. */
export async function judgePhone(tab: Tab, ledger: Ledger): Promise<string[]> {
  const wrong: string[] = [];
  const rows = (await tab.store.read((db) => db.getAll("ops"))).sort((a, b) => a.op.seq - b.op.seq);
  let head = FIRST;
  for (const { op } of rows) {
    const hash = await sha256(head.hash + canonical(op.body));
    const follows = op.seq === head.seq + 1 && op.prev === head.hash && op.hash === hash;
    if (!follows) wrong.push(`the chain breaks at ${op.seq}`);
    head = { seq: op.seq, hash: op.hash };
  }
  const left = await unsent(tab);
  if (!ledger.drowned && left.length) wrong.push(`${left.length} left unsent: ${tab.desk.snapshot().sync.problem}`);
  if (rows.length !== ledger.entries.length) wrong.push(`${rows.length} on the phone, not ${ledger.entries.length}`);
  return wrong;
}

/** What the office has, where it can be asked from here (a real one's database is judged by tests/e2e/ledger.py). */
export function judgeOffice(office: Office, ledger: Ledger): string[] {
  const arrived = office.arrived();
  if (!arrived) return [];
  const wrong = ledger.entries.flatMap((entry) => {
    const there = [...arrived].filter(([, one]) => one.kind === entry.kind && canonical(one.body) === entry.text);
    const photos = entry.photos.filter((ref) => !office.hasPhoto(ref)).map(() => `lacks a photo`);
    return [...placed(entry, there), ...photos].map((fault) => `${named(entry)} ${fault}`);
  });
  const { length } = ledger.entries;
  return arrived.size === length ? wrong : [...wrong, `${arrived.size} arrived, not ${length}`];
}

function placed(entry: Entry, there: [Uuid, { author: Uuid }][]): string[] {
  const [first] = there;
  if (!first) return ["is lost"];
  if (there.length > 1) return ["is doubled"];
  const [id, { author }] = first;
  return id === entry.id && author === entry.author ? [] : ["has another number or author"];
}
