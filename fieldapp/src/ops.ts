/** What the phone sends: every kind of operation and its body, field by field as in the field protocol, version 1. */

import type { IsoDate, IsoTime, Severity, Uuid } from "./documents";

export interface PhotoRef {
  sha256: string;
  type: string;
  size: number;
  /** The key of the question it answers, or "" for a photo of the thing as such. */
  field: string;
}

export type Answers = Record<string, unknown>;
export type Presence = "typed" | "tag" | "tag_photo" | "nfc";
export type NotDoneReason = "no-access" | "out-of-service" | "part-missing" | "unsafe" | "no-time" | "other";

export interface PlaceRef {
  site: Uuid;
  building: Uuid | null;
  space: Uuid | null;
}

export interface CheckDone {
  /** Null only for a check that an event calls for; then asset, building or site names what it was done on. */
  plan: Uuid | null;
  check_type: { code: string; revision: number };
  asset: Uuid | null;
  building: Uuid | null;
  site?: Uuid;
  /** The code as scanned or typed; null when the check was opened from the list. */
  tag: string | null;
  answers: Answers;
  photos: PhotoRef[];
  presence: Presence;
  started_at: IsoTime;
  /** True when it is written down later than it was done; then `done_at` says when that really was. */
  late_entry: boolean;
  done_at?: IsoTime;
  supersedes?: Uuid;
  /** With supersedes: why the earlier record is wrong. */
  reason?: string;
  /** True for a check done although nothing was owed. */
  ad_hoc?: boolean;
  /** Shared by the checks that were answered in one go; each is a record of its own. */
  together?: Uuid;
}

export interface CheckNotDone {
  plan: Uuid;
  reason: NotDoneReason;
  note: string;
  photos: PhotoRef[];
  try_again_on?: IsoDate;
}

/** The operation's id becomes the defect's id. */
export interface DefectReported {
  asset: Uuid | null;
  place: PlaceRef | null;
  summary: string;
  severity: Severity;
  unsafe: boolean;
  photos: PhotoRef[];
  made_safe?: string;
}

export interface DefectUpdated {
  defect: Uuid;
  note: string;
  photos: PhotoRef[];
  minutes?: number;
}

export interface WorkDone {
  work_order: Uuid;
  note: string;
  photos: PhotoRef[];
  minutes?: number;
}

export interface TagClaimed {
  tag: string;
  asset: Uuid;
  /** The label whose place it takes: that one is out of use from then on. */
  replaces?: string;
  why?: "lost" | "damaged";
}

/** The operation's id becomes the asset's id. */
export interface AssetAdded {
  site: Uuid;
  building: Uuid | null;
  space: Uuid | null;
  type: string;
  name: string;
  make?: string;
  model?: string;
  serial?: string;
  installed_on?: IsoDate;
  facts?: Record<string, unknown>;
  note?: string;
  /** Of its rating plate (`field` "plate"), or of the thing. */
  photos?: PhotoRef[];
}

export interface AssetChanged {
  asset: Uuid;
  changes: {
    name?: string;
    building?: Uuid | null;
    space?: Uuid | null;
    make?: string;
    model?: string;
    serial?: string;
    note?: string;
    facts?: Record<string, unknown>;
    status?: string;
  };
}

export interface ReadingTaken {
  asset: Uuid;
  value: number;
  unit: string;
  photos: PhotoRef[];
}

/** Every kind of operation, and its body. */
export interface OpBodies {
  check_done: CheckDone;
  check_not_done: CheckNotDone;
  defect_reported: DefectReported;
  defect_updated: DefectUpdated;
  work_done: WorkDone;
  tag_claimed: TagClaimed;
  asset_added: AssetAdded;
  asset_changed: AssetChanged;
  reading_taken: ReadingTaken;
}
export type OpKind = keyof OpBodies;

/** An operation exactly as it goes over the wire. */
export interface WireOp<K extends OpKind = OpKind> {
  id: Uuid;
  kind: K;
  author: Uuid;
  made_at: IsoTime;
  /** Minutes to add to UTC for the phone's local time. */
  offset_min: number;
  zone: string;
  /** Milliseconds on the phone's monotonic clock since its boot mark. */
  mono_ms: number;
  boot: string;
  seq: number;
  prev: string;
  hash: string;
  body: OpBodies[K];
}
