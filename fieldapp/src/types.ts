/**
 * The words that screens and engine share: what the server sends (documents.ts), what the phone sends (ops.ts), and
 * below what the phone makes of both for the screens.
 */

import type {
  Asset,
  AssetType,
  Attempt,
  Building,
  CheckForm,
  Colleague,
  IsoDate,
  IsoTime,
  OpenDefect,
  Plan,
  Reading,
  Round,
  Settled,
  SiteRef,
  Space,
  Tag,
  Uuid,
  WorkOrder,
} from "./documents";
import type { NotDoneReason, OpKind } from "./ops";

export type * from "./documents";
export type * from "./ops";

export type DueStatus = "overdue" | "due" | "due-soon" | "in-date" | "paused";

/** A label of another of the person's sites: which, and what it is on. */
export interface Elsewhere {
  site: SiteRef;
  name: string;
}

/** Where something is, ready to be shown. */
export interface Place {
  building: Building | null;
  space: Space | null;
  /** "Main building, Boiler room", or the site's name when neither is known. */
  words: string;
  /** Every warning of the place, the building's first. */
  warnings: string[];
}

export interface PlanView {
  plan: Plan;
  /** The form that this plan is recorded on: the revision it is pinned to, or the newest we hold. */
  form: CheckForm;
  asset: Asset | null;
  place: Place;
  status: DueStatus;
  /** The date to show: that of the oldest window still open and not served here; null when the calendar knows none. */
  due_on: IsoDate | null;
  /** Whole days past `due_on`, 0 when not late. */
  days_late: number;
  /** True when a completion today would count (so it belongs in Today). */
  counts_today: boolean;
  /** The latest thing done about this plan on this phone that the server's dates do not know of yet. */
  local: LocalWork | null;
  /** True while unsent or not-yet-pulled work here has done what the server still shows as due. */
  done_here: boolean;
  /** The attempt that came to nothing since it was last done, here or elsewhere. It changes neither status nor date. */
  attempt: Attempt | null;
}

/** Work done on this phone, sent or not. */
export interface LocalWork {
  op: Uuid;
  kind: OpKind;
  made_at: IsoTime;
  state: OutboxState;
}

export interface TodayGroup {
  /** Stable for lists: the building's id, or "site". */
  key: string;
  place: Place;
  /** Most urgent first. */
  items: PlanView[];
}

export interface Today {
  date: IsoDate;
  /** The group with the most urgent item first. */
  groups: TodayGroup[];
  counts: Record<"overdue" | "due" | "due-soon" | "in-date", number>;
  /** How many of the site's plans were done today, by anybody as far as this phone knows. */
  done: number;
}

export interface Covered {
  plan: PlanView;
  /** The question of that check which this thing answers; null when none asks for one. */
  fill: string | null;
}

export interface AssetView {
  asset: Asset;
  type: AssetType | null;
  place: Place;
  parent: Asset | null;
  parts: Asset[];
  tags: string[];
  /** Most urgent first; paused and not-yet-due ones are in it too. */
  plans: PlanView[];
  /** Checks planned elsewhere that cover this kind of thing, most urgent first (a call point in the weekly alarm test). */
  covered: Covered[];
  defects: OpenDefect[];
  work_orders: WorkOrder[];
  readings: Reading[];
  /** Checks that only an event calls for and that fit this kind of asset: they can be recorded at any time. */
  event_checks: CheckForm[];
  /** What this phone did here lately, newest first. */
  recent: OutboxItem[];
}

/** A room or a building: what is due there and what stands there. */
export interface PlaceView {
  place: Place;
  /** Most urgent first; what can be done now comes before what is later. */
  plans: PlanView[];
  assets: Asset[];
  defects: OpenDefect[];
}

export type Found =
  | { kind: "asset"; code: string; asset: Asset }
  /** The label of a room or a building. */
  | { kind: "place"; code: string; id: Uuid; name: string }
  /** A label of ours that was taken out of use; `by` is the one that came in its place, `found` what that one is. */
  | { kind: "replaced"; code: string; by: string | null; found: Found | null }
  /** A good label of ours that is on nothing yet. */
  | { kind: "unassigned"; code: string }
  /** A good code that this phone does not know: another site's, or newer than the last pull. */
  | { kind: "unknown"; code: string }
  /** Typed or read wrongly: the check character does not fit. */
  | { kind: "bad-code" }
  /** A QR code, but not one of our labels. */
  | { kind: "not-ours" };

/**
 * waiting: on this phone only. sending: on its way now. photos: the words are safe, photos are still going.
 * held: safe with the office, somebody there must look. done: safe, applied.
 */
export type OutboxState = "waiting" | "sending" | "photos" | "held" | "done";

export interface OutboxItem {
  id: Uuid;
  kind: OpKind;
  /** "Fire alarm test" or "Problem reported" */
  title: string;
  /** "Fire alarm panel, Main building, Entrance hall" */
  about: string;
  author: Uuid;
  author_name: string;
  /** True when it is the work of the person who is signed in. */
  mine: boolean;
  made_at: IsoTime;
  state: OutboxState;
  photos: { sent: number; of: number };
  /** Why the server would not take a photo of it, in words; null when all is well. */
  photo_problem: string | null;
  /** For held: the server's code and its sentence. */
  held: { code: string; detail: string } | null;
  /** What the server noticed about it, in its words. */
  notes: readonly string[];
  /** What the office made of it, where it was held; null while it has not, and where it never was. */
  settled: Settled | null;
  asset: Uuid | null;
  plan: Uuid | null;
}

export interface Outbox {
  /** Not yet safe with the office, oldest first: states waiting, sending and photos. */
  unsent: OutboxItem[];
  /** "The office is looking at these", newest first. */
  held: OutboxItem[];
  /** Safe, newest first, the last 30 days at most. */
  recent: OutboxItem[];
  /** Made more than 24 hours ago and still not safe. */
  overdue_to_send: number;
}

/** A photo made ready for the outbox: already shrunk, and already kept on the phone. */
export interface Photo {
  sha256: string;
  /** "image/jpeg" or "image/webp" */
  type: string;
  size: number;
  width: number;
  height: number;
  bytes: ArrayBuffer;
}

export interface Draft<T = unknown> {
  key: string;
  data: T;
  saved_at: IsoTime;
}

/* ---------- what the screens read ---------- */

export interface Session {
  /** Whose phone this is just now; null: nobody has signed in. */
  person: { id: Uuid; name: string } | null;
  permits: string[];
  sites: SiteRef[];
  demo: boolean;
  /** True: the sign-in has run out. Work goes on and still sends; fresh lists need a new sign-in. */
  expired: boolean;
}

/** One site as this phone knows it; ready-made look-ups so that no screen has to search. */
export interface SiteData {
  site: SiteRef;
  /** When each of the three documents was last confirmed by the server. */
  checked_at: IsoTime;
  /** The day the server worked the dates out. */
  as_of: IsoDate;
  buildings: Map<Uuid, Building>;
  spaces: Map<Uuid, Space>;
  assets: Map<Uuid, Asset>;
  /** By code. */
  tags: Map<string, Tag>;
  /** Code of a label out of use -> code of the one in its place. */
  old_tags: Map<string, string | null>;
  plans: Map<Uuid, Plan>;
  rounds: Round[];
  people: Map<Uuid, Colleague>;
  defects: Map<Uuid, OpenDefect>;
  work_orders: Map<Uuid, WorkOrder>;
  readings: Reading[];
  checks: CheckForm[];
  asset_types: Map<string, AssetType>;
  disciplines: Map<string, string>;
  not_done_reasons: { key: NotDoneReason; words: string }[];
}

export interface SyncState {
  online: boolean;
  sending: boolean;
  pulling: boolean;
  /** Operations not yet acknowledged, of everybody on this phone. */
  waiting: number;
  /** Photos not yet acknowledged. */
  photos_waiting: number;
  held: number;
  last_sent_at: IsoTime | null;
  last_pulled_at: IsoTime | null;
  /** When the oldest unsent thing was made. */
  oldest_unsent_at: IsoTime | null;
  /** Why the last attempt did not get through, in plain words; null when it did. */
  problem: string | null;
  /** The server says that this app is old. */
  update_wanted: boolean;
}

export interface StorageState {
  /** null: this browser will not say; undefined: it has not been asked yet. */
  persisted: boolean | null | undefined;
  used: number | null;
  quota: number | null;
  /** ok, low (under a tenth or 50 MB left), full (the last save of a photo was refused). */
  room: "ok" | "low" | "full";
  /** True when running from the home screen. */
  installed: boolean;
  /** How to install from here: a button will do, by hand on an iPhone, or not at all. */
  install: "installed" | "button" | "ios" | "none";
}

export interface AppState {
  /** starting: opening the store. ready. broken: `trouble` says why and what to do. */
  phase: "starting" | "ready" | "broken";
  trouble: string | null;
  session: Session;
  /** The chosen site; null: none chosen, or nothing pulled for it yet. */
  site: SiteData | null;
  /** The chosen site's id, even before its data has arrived. */
  site_id: Uuid | null;
  outbox: Outbox;
  sync: SyncState;
  storage: StorageState;
  /** A new version waits; see Engine.applyUpdate. */
  update_ready: boolean;
  app: string;
}
