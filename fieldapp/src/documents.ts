/**
 * What the server sends, field by field as in the field protocol, version 1. Every id is a UUID string, every `…_on` an
 * ISO date (Europe/London), every `…_at` an ISO time in UTC.
 */

export type Uuid = string;
/** "2026-11-27" */
export type IsoDate = string;
/** "2026-11-27T08:02:11.003Z" */
export type IsoTime = string;

export interface SiteRef {
  id: Uuid;
  name: string;
  school: string;
}

/** GET /api/v1/field/me, and the answer of /api/v1/field/sign-in. */
export interface Me {
  person: { id: Uuid; name: string };
  permits: string[];
  sites: SiteRef[];
  server_time: IsoTime;
  minimum_app: string;
  label_hosts: string[];
  demo: boolean;
}

export type QuestionType =
  | "pass-fail"
  | "boolean"
  | "number"
  | "text"
  | "choice"
  | "date"
  | "photo"
  | "file"
  | "asset-ref"
  | "asset-list"
  | "defect-list"
  | "action-list"
  | "table";

/** What makes an answer good. Anything outside it is a finding, never a refusal. */
export interface PassRule {
  equals?: unknown;
  equals_question?: string;
  in?: unknown[];
  at_least?: number;
  at_most?: number;
  between?: [number, number];
}

export interface Question {
  key: string;
  label: string;
  help?: string;
  type: QuestionType;
  required: boolean;
  required_when?: "any-defect";
  /** The key of another question: this one has to be answered unless that one is. */
  required_unless?: string;
  /** For a number: "°C", "ppm"… */
  unit?: string;
  pass?: PassRule;
  /** A critical question cannot be answered "na", and its failure makes the whole check unsatisfactory. */
  critical?: boolean;
  /** It only sums up what a defect list of the same record names. */
  summary?: boolean;
  options?: string[];
  /** For asset-ref and asset-list: the kind of asset to offer. */
  asset_type?: string;
  /** For a table. */
  columns?: string[];
  /** The least time that must pass before the answer can be given (running a tap, a timed discharge). */
  wait_seconds?: number;
  /** A meter, which only ever counts up. */
  counts_up?: boolean;
  /** Asked of these kinds of asset alone. */
  only_for?: string[];
  /** How many the register has there is filled in beforehand. */
  from_register?: boolean;
  /** For asset-list: every thing whose `facts.role` is (or holds) this must be in the answer. */
  must_include?: string;
}

/** A kind of check in one revision: what the phone calls a form. */
export interface CheckForm {
  code: string;
  revision: number;
  /** False for an older revision that is kept because something still uses it. */
  current: boolean;
  title: string;
  discipline: string;
  /** False: nobody has verified it against its source yet; every screen that shows it says so. */
  verified: boolean;
  minutes: number | null;
  standing: string;
  law: string[];
  on: "asset" | "building" | "site";
  asset_types: string[];
  also_covers: string[];
  /** Not null: it has no rule and is never due by itself; the words say what calls for it. */
  event: string | null;
  competence: { level: string; detail: string };
  evidence: string[];
  questions: Question[];
}

/** Something that is asked of a kind of thing: a number with its unit and limits, yes or no, a choice, words, a day. */
export interface KindFact {
  key: string;
  label: string;
  type: "number" | "boolean" | "choice" | "choices" | "text" | "date";
  unit?: string;
  options?: string[];
  /** The options as they are shown, in their order. */
  words?: string[];
  least?: number;
  /** Of a text: how many letters. */
  most?: number;
}

export interface AssetType {
  key: string;
  name: string;
  discipline: string;
  /** Not from servers of earlier versions. */
  facts?: KindFact[];
}

export interface FormsDoc {
  protocol: 1;
  site: Uuid;
  checks: CheckForm[];
  asset_types: AssetType[];
  disciplines: { key: string; title: string }[];
  not_done_reasons: { key: string; words: string }[];
}

export interface Building {
  id: Uuid;
  name: string;
  /** For instance asbestos: shown before anything is done there. */
  warning: string;
}

export interface Space {
  id: Uuid;
  building: Uuid;
  name: string;
  floor: string;
  warning: string;
}

export interface Asset {
  id: Uuid;
  name: string;
  type: string;
  status: string;
  status_reason: string;
  building: Uuid | null;
  space: Uuid | null;
  parent: Uuid | null;
  make: string;
  model: string;
  serial: string;
  facts: Record<string, unknown>;
}

export interface Tag {
  code: string;
  asset: Uuid | null;
  /** The label of a building; with `space`, of that room in it. */
  building?: Uuid;
  space?: Uuid | null;
}

/** A label that was taken out of use, and the code of the one that came in its place. */
export interface OldTag {
  code: string;
  by: string | null;
}

export interface Colleague {
  id: Uuid;
  name: string;
  competences: { name: string; covers: string[]; expires_on: IsoDate | null }[];
}

export interface RegisterDoc {
  protocol: 1;
  site: SiteRef;
  buildings: Building[];
  spaces: Space[];
  assets: Asset[];
  tags: Tag[];
  /** Absent in a list that was fetched before labels could be replaced. */
  old_tags?: OldTag[];
  people: Colleague[];
}

export interface DueWindow {
  counts_from: IsoDate;
  due_on: IsoDate;
  overdue_from: IsoDate;
  closes_on: IsoDate | null;
}

export interface Plan {
  id: Uuid;
  check: string;
  revision: number;
  asset: Uuid | null;
  building: Uuid | null;
  due_on: IsoDate | null;
  overdue_from: IsoDate | null;
  soon_from: IsoDate | null;
  /** Both days included; null: no end known yet. */
  pauses: [IsoDate, IsoDate | null][];
  /** Why it is due then, in one plain sentence. */
  sentence: string;
  windows: DueWindow[];
  last: { on: IsoDate; outcome: string; by: string } | null;
  /** The last value of each number question, shown beside its field. */
  last_answers: Record<string, number>;
  /** The last readings of each number question, oldest first, six at most. Absent where there is no trend. */
  trend?: Record<string, [IsoDate, number][]>;
  /** How long it takes here, where the office says so; the form's own minutes otherwise. */
  minutes?: number;
  /** The next visit that is booked for it. Absent where none is, and in older lists. */
  booked?: { on: IsoDate; at: string | null; person: Uuid | null; who: string; note: string };
  /** An attempt that came to nothing since it was last done. Absent where there was none, and in older lists. */
  attempt?: Attempt;
  /** For an asset-ref question: whose turn it is in the rotation. */
  suggest: Record<string, Uuid>;
  /** 1 (least) to 5 (most urgent to safety). */
  weight: number;
}

/** When it was tried and could not be done, why, by whom, and when it is to be tried again. */
export interface Attempt {
  on: IsoDate;
  reason: string;
  by: string;
  again_on: IsoDate | null;
}

/** What the office made of an op that was held: taken in after all, or put aside, and why. */
export interface Settled {
  op: Uuid;
  how: "applied" | "aside";
  on: IsoDate;
  why: string;
}

export type Severity = "low" | "medium" | "high";

export interface OpenDefect {
  id: Uuid;
  asset: Uuid | null;
  building: Uuid | null;
  space: Uuid | null;
  summary: string;
  severity: Severity;
  /** It must not be used. */
  unsafe: boolean;
  found_on: IsoDate;
  /** From this day on it must not be used. */
  do_not_use_from?: IsoDate | null;
  /** What was done to make it safe for now. */
  made_safe?: string;
  /** Names of its photos, to be fetched where there is a signal. */
  photos?: string[];
}

export interface WorkOrder {
  id: Uuid;
  defect: Uuid | null;
  title: string;
  assigned_to: string | null;
  target_on: IsoDate | null;
  /** What follows is absent in a list that was fetched before jobs said so much. */
  asset?: Uuid | null;
  building?: Uuid | null;
  space?: Uuid | null;
  /** What is wrong, as the problem says it. */
  problem?: string;
  priority?: "emergency" | "urgent" | "routine" | "planned";
  instructions?: string;
  /** What must be shown when it is done. */
  proof?: "words" | "photo" | "certificate";
  begun?: boolean;
  /** What was not right when it was last said to be done. */
  sent_back?: string;
  /** A name, of a person or a firm. */
  whose?: string;
}

export interface Reading {
  asset: Uuid;
  /** As the server keeps it, for instance "12.3". */
  value: string;
  unit: string;
  taken_at: IsoTime;
}

/** An ordered walk of checks, as the office laid it out. */
export interface Round {
  id: Uuid;
  name: string;
  often: string;
  /** Weekdays, Monday is 1; none: any day. */
  days: number[];
  person: Uuid | null;
  /** In walking order. */
  plans: Uuid[];
}

export interface DueDoc {
  protocol: 1;
  site: Uuid;
  as_of: IsoDate;
  plans: Plan[];
  /** Absent in a list that was fetched before there were rounds. */
  rounds?: Round[];
  defects: OpenDefect[];
  work_orders: WorkOrder[];
  readings: Reading[];
  /** Absent in older lists. */
  settled?: Settled[];
}
