/**
 * The one door between the screens and the engine.
 *
 * Screens call `startEngine()` once, draw from `getSnapshot()`, and redraw when `subscribe` tells them to
 * (`hooks.ts` has `useAppState()` for that). Everything a screen reads is in memory, so reading is synchronous;
 * everything it writes is on the phone's disk when the promise resolves, whether there is a signal or not.
 * The network is never waited for, except in `signIn`, `signOut` and `pullNow`.
 */

import type { Verdict } from "./questions";
import type { ScannerOptions, ScannerOutcome } from "./scan";
import { start } from "./start";
import type {
  Answers,
  AppState,
  Asset,
  AssetView,
  CheckForm,
  Draft,
  Elsewhere,
  Found,
  OpBodies,
  OpKind,
  Outbox,
  OutboxItem,
  Photo,
  PhotoRef,
  Place,
  PlaceView,
  PlanView,
  Question,
  Today,
  Uuid,
} from "./types";

export { EngineError } from "./errors";
export { hasNfc, listenNfc } from "./nfc";
export type { AnswerProblem, Finding, Verdict } from "./questions";
export type { Hint, ScannerHandle, ScannerOptions, ScannerOutcome, Zoom } from "./scan";
export type * from "./types";

export interface RecordOptions {
  /** This draft is removed in the same transaction as the work is saved in. */
  draft?: string;
}

/** A piece of work that is to be saved. */
export type ToRecord = { [K in OpKind]: { id?: Uuid; kind: K; body: OpBodies[K] } }[OpKind];

export interface RecordWith extends RecordOptions {
  /** What else is saved in the same transaction, all of it or none, and names the first by its id: a label beside its asset. */
  also?: (id: Uuid) => ToRecord[];
}

export interface Engine {
  /* ----- the store ----- */

  /** Tells `listener` after every change; returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /** Everything the screens draw from. Never changed in place: the same object until something has changed. */
  getSnapshot(): AppState;

  /* ----- who and where ----- */

  /**
   * Needs the network. Throws EngineError: no-signal, wrong-password, too-many-tries, server.
   * Another person's unsent work, drafts and lists on this phone stay as they are.
   */
  signIn(email: string, password: string, code?: string): Promise<void>;
  /**
   * Sends first. Throws EngineError "unsent-work" while this person still has unsent work here, unless it has been
   * exported since (`exportUnsent`) and `exported` is true. The unsent work stays on the phone in any case.
   */
  signOut(options?: { exported?: boolean }): Promise<void>;
  /** Shows this site at once from what the phone has, and fetches what is newer. The choice is remembered. */
  chooseSite(id: Uuid): Promise<void>;

  /* ----- what is there (all synchronous, all offline) ----- */

  /** Everything for which a completion would count at `now`, most urgent first, grouped by place. */
  today(now?: Date): Today;
  /** A scanned label or a typed code. Spaces, dashes and case do not matter; O is read as 0, I and L as 1. */
  findTag(text: string): Found;
  /** A code that the chosen site does not know, in the other sites whose lists are here; null when none has it. */
  elsewhere(code: string): Promise<Elsewhere | null>;
  asset(id: Uuid, now?: Date): AssetView | null;
  /** A room or a building by its id: what its label opens. */
  placeAt(id: Uuid, now?: Date): PlaceView | null;
  plan(id: Uuid, now?: Date): PlanView | null;
  /** The form for a check, in this revision or, without one, the current one. */
  form(code: string, revision?: number): CheckForm | null;
  /** How many things of the check's kinds the register has in the plan's building, or on its site. */
  registered(view: PlanView): number;
  place(of: { building?: Uuid | null; space?: Uuid | null }): Place;
  /** Assets whose name, serial, place or code has all the words, best first; at most 50. */
  search(words: string): Asset[];
  /** Complete? Which answers are findings? Same rules as the server's (`rules/answers.py`). */
  judge(questions: Question[], answers: Answers, photos?: PhotoRef[]): Verdict;

  /* ----- drafts: per person, survive anything ----- */

  /** The half-finished work kept under this key by the person signed in. Keys are the screens' own, e.g. "check:<plan>". */
  draft<T>(key: string): Promise<Draft<T> | null>;
  /** Call it on every keystroke: it is written at most 150 ms later, and at once when the page is hidden. */
  saveDraft<T>(key: string, data: T): void;
  dropDraft(key: string): Promise<void>;
  /** The keys of this person's drafts, newest first: "You have 1 check half done". */
  drafts(): Promise<Draft[]>;

  /* ----- photos ----- */

  /**
   * Shrinks (long side 2,048 px), turns upright, takes location and other metadata out, and keeps the photo on the phone.
   * Put `{sha256, type, size, field}` into the draft and later into the body. Photos that no draft and no work
   * refers to are cleared after a day. Throws EngineError: not-a-photo, too-large (12 MB), no-room.
   */
  takePhoto(source: Blob): Promise<Photo>;
  /** A PDF (a certificate) is kept as it is, a picture as takePhoto does. Throws EngineError: not-a-photo, too-large, no-room. */
  takeFile(source: Blob): Promise<Photo>;
  /** An address for <img>; give it back with URL.revokeObjectURL. Null when the bytes are no longer on the phone. */
  photoUrl(sha256: string): Promise<string | null>;

  /* ----- saving work ----- */

  /**
   * Saves work on this phone and returns when it is safe there: never waits for the network. The id that it returns
   * is the id of the record (for defect_reported the defect's, for asset_added the asset's). The photos named in
   * `body.photos` must have come from takePhoto. Throws EngineError: not-signed-in, no-room, storage.
   */
  record<K extends OpKind>(kind: K, body: OpBodies[K], options?: RecordWith): Promise<{ id: Uuid; seq: number }>;

  /**
   * Saves several pieces of the same kind, each as its own record, all of them or none. Answers their ids in the same
   * order. Throws as `record` does.
   */
  recordAll<K extends OpKind>(kind: K, bodies: OpBodies[K][], options?: RecordOptions): Promise<Uuid[]>;

  /* ----- the outbox ----- */

  /** The same as getSnapshot().outbox. */
  outbox(): Outbox;
  /** One item with the answers that were given. */
  outboxItem(id: Uuid): Promise<{ item: OutboxItem; body: OpBodies[OpKind] } | null>;
  /** "Send now": tries at once, whatever the back-off; resolves when the attempt is over, never throws. */
  pushNow(): Promise<void>;
  /** Fetches the lists of the chosen site now. Throws EngineError: no-signal, not-signed-in, server. */
  pullNow(): Promise<void>;
  /** "Save a copy": one JSON file with everybody's unsent work and photos; the office can import it, twice if need be. */
  exportUnsent(): Promise<{ name: string; blob: Blob }>;

  /* ----- scanning ----- */

  /**
   * Opens the camera once and reads labels until stopped. `onFound` gets each label once every two seconds at most.
   * Refusals of the camera are outcomes, not errors; always offer the typed code beside the picture.
   * Stops by itself when the page is hidden: then `onStopped` is called, and the screen offers to start again.
   */
  openScanner(
    video: HTMLVideoElement,
    onFound: (found: Found) => void,
    options?: ScannerOptions,
  ): Promise<ScannerOutcome>;

  /* ----- the app itself ----- */

  /** Tell the engine that a form has something typed in it (true) or not (false): updates wait for that. */
  formOpen(open: boolean): void;
  /** Starts the waiting version and reloads. Throws EngineError "form-open" while a form is half filled. */
  applyUpdate(): Promise<void>;
  /** Shows the browser's own install question, where there is one. False: refused, or there is none. */
  install(): Promise<boolean>;
  /** Asks the browser to keep this app's storage; call it from a tap, once, after the first sign-in. */
  persist(): Promise<boolean>;
}

/** Opens the phone's store and starts sending and fetching. Never throws: a phone without storage says so in `phase`. */
export function startEngine(): Promise<Engine> {
  return start();
}
