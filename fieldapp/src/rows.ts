/** What is kept in the phone's store, row by row (see db.ts). */

import type { DueDoc, FormsDoc, IsoTime, OutboxState, RegisterDoc, SiteRef, Uuid, WireOp } from "./types";

/** One piece of work, word for word as it goes to the server, and how far it has got. */
export interface OpRow {
  id: Uuid;
  op: WireOp;
  /** waiting, held or done; sending and photos are worked out for the screens. */
  state: Extract<OutboxState, "waiting" | "held" | "done">;
  held: { code: string; detail: string } | null;
  /** What the server noticed about it, in its words. Absent in rows of earlier versions, and where it noticed nothing. */
  notes?: string[];
  settled_at: IsoTime | null;
  /** The store's own count when the server's answer came: a pull asked for later knows of this work. */
  settled_tick: number | null;
  author_name: string;
  title: string;
  about: string;
  site: Uuid | null;
  asset: Uuid | null;
  plan: Uuid | null;
  photos: string[];
}

/** A photo or file; its bytes are kept apart so that lists need not load them. */
export interface PhotoRow {
  sha256: string;
  type: string;
  size: number;
  width: number;
  height: number;
  kept_at: IsoTime;
  /** True once saved work refers to it. */
  wanted: boolean;
  /** Bytes that the server says it has. */
  sent: number;
  /** True once the server has verified every byte. */
  done: boolean;
  /** Why the server would not take it, in its words; tried again later all the same. */
  problem: string | null;
}

export interface BytesRow {
  sha256: string;
  bytes: ArrayBuffer;
}

export interface DraftRow {
  person: Uuid;
  key: string;
  data: unknown;
  saved_at: IsoTime;
}

/** Somebody who has signed in on this phone. */
export interface PersonRow {
  id: Uuid;
  name: string;
  permits: string[];
  sites: SiteRef[];
  label_hosts: string[];
  demo: boolean;
  /** The site last chosen. */
  site: Uuid | null;
  /** The server knows that this person uses this phone, so that their work is believed on its signature alone. */
  registered: boolean;
}

export type { Uuid } from "./types";

export interface DocBodies {
  forms: FormsDoc;
  register: RegisterDoc;
  due: DueDoc;
}
export type DocKind = keyof DocBodies;
export const DOC_KINDS: readonly DocKind[] = ["forms", "register", "due"];

/** When and under which tag a document was last confirmed; its body is kept apart, for it is large and seldom new. */
export interface DocRow<K extends DocKind = DocKind> {
  person: Uuid;
  site: Uuid;
  kind: K;
  etag: string;
  checked_at: IsoTime;
  /** The store's count when this was asked for. */
  tick: number;
}

export interface BodyRow<K extends DocKind = DocKind> {
  person: Uuid;
  site: Uuid;
  kind: K;
  body: DocBodies[K];
}

export type LoadedDoc<K extends DocKind> = DocRow<K> & { body: DocBodies[K] };

/** The end of this phone's chain of work. */
export interface Head {
  seq: number;
  hash: string;
}

export interface DeviceRow {
  id: Uuid;
  keys: CryptoKeyPair;
  /** SPKI, base64. */
  public_key: string;
}

/** Single values, by name. */
export interface MetaValues {
  head: Head;
  device: DeviceRow;
  /** Whose phone it is just now. */
  person: Uuid | null;
  expired: boolean;
  /** Signed out without a network: the server is told at the next chance. */
  sign_out_pending: boolean;
  tick: number;
  last_sent_at: IsoTime;
  last_pulled_at: IsoTime;
  /** The chain's seq when unsent work was last saved as a file. */
  exported_seq: number;
  update_wanted: boolean;
  /** A lease for browsers without Web Locks: who is sending, and until when. */
  sender: { who: string; until: number };
}
