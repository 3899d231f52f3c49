/**
 * The phone's store. Four rules:
 * what the person did (ops, photos, drafts) and what the server sent (docs, bodies) never share a write;
 * every write is strict, so that its promise means that it is on the disk;
 * a store that the browser closed is opened again and the work is tried again;
 * an upgrade adds, it never deletes a store that may hold unsent work.
 */

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import { EngineError, isFull, isLostConnection } from "./errors";
import type {
  BodyRow,
  BytesRow,
  DocBodies,
  DocKind,
  DocRow,
  DraftRow,
  MetaValues,
  OpRow,
  PersonRow,
  PhotoRow,
  Uuid,
} from "./rows";
import { W } from "./words";

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  people: { key: string; value: PersonRow };
  docs: { key: [string, string, string]; value: DocRow };
  bodies: { key: [string, string, string]; value: BodyRow };
  ops: { key: string; value: OpRow; indexes: { state: string } };
  photos: { key: string; value: PhotoRow };
  bytes: { key: string; value: BytesRow };
  drafts: { key: [string, string]; value: DraftRow };
}

export type StoreName = StoreNames<Schema>;
export type Writing = IDBPTransaction<Schema, StoreName[], "readwrite">;
export type Db = IDBPDatabase<Schema>;

export const STORE_NAME = "siteward-field";
const VERSION = 1;
const TRIES = 3;

function upgrade(db: Db, from: number): void {
  if (from < 1) {
    db.createObjectStore("meta");
    db.createObjectStore("people", { keyPath: "id" });
    db.createObjectStore("docs", { keyPath: ["person", "site", "kind"] });
    db.createObjectStore("bodies", { keyPath: ["person", "site", "kind"] });
    db.createObjectStore("ops", { keyPath: "id" }).createIndex("state", "state");
    db.createObjectStore("photos", { keyPath: "sha256" });
    db.createObjectStore("bytes", { keyPath: "sha256" });
    db.createObjectStore("drafts", { keyPath: ["person", "key"] });
  }
}

export class Store {
  private opening: Promise<Db> | null = null;

  constructor(private readonly name: string = STORE_NAME) {}

  /** Reads with a plain connection; tried again when the browser has closed it. */
  read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.again(work);
  }

  /**
   * One strict transaction over these stores. `work` must await nothing but the transaction's own requests.
   * Resolves when it is on the disk; throws EngineError "no-room" or "storage", and then nothing of it was kept.
   */
  write<T>(stores: StoreName[], work: (tx: Writing) => Promise<T>): Promise<T> {
    return this.again(async (db) => {
      const tx = db.transaction(stores, "readwrite", { durability: "strict" });
      // A commit that fails (a full disk) ends in abort alone, without an error at any request: wait for `done`.
      const done = tx.done.then(
        () => null,
        (error: unknown) => error ?? new DOMException("The store gave up.", "AbortError"),
      );
      let result: T;
      try {
        result = await work(tx);
      } catch (error) {
        abort(tx);
        const why = await done;
        throw why instanceof DOMException && why.name !== "AbortError" ? why : error;
      }
      const why = await done;
      if (why) throw why;
      return result;
    });
  }

  async meta<K extends keyof MetaValues>(name: K): Promise<MetaValues[K] | undefined> {
    return (await this.read((db) => db.get("meta", name))) as MetaValues[K] | undefined;
  }

  async setMeta<K extends keyof MetaValues>(name: K, value: MetaValues[K]): Promise<void> {
    await this.write(["meta"], (tx) => putMeta(tx, name, value));
  }

  async doc<K extends DocKind>(person: Uuid, site: Uuid, kind: K): Promise<DocRow<K> | undefined> {
    return (await this.read((db) => db.get("docs", [person, site, kind]))) as DocRow<K> | undefined;
  }

  async body<K extends DocKind>(person: Uuid, site: Uuid, kind: K): Promise<DocBodies[K] | undefined> {
    return (await this.read((db) => db.get("bodies", [person, site, kind])))?.body as DocBodies[K] | undefined;
  }

  async close(): Promise<void> {
    const opening = this.opening;
    this.opening = null;
    (await opening)?.close();
  }

  private async again<T>(work: (db: Db) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work(await this.open());
      } catch (error) {
        if (attempt >= TRIES || !isLostConnection(error)) throw inWords(error);
        await this.close().catch(() => undefined);
      }
    }
  }

  private open(): Promise<Db> {
    this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async connect(): Promise<Db> {
    return openDB<Schema>(this.name, VERSION, {
      upgrade: (db, from) => upgrade(db, from),
      // Another tab has a newer version: let it upgrade; this one says so at its next use.
      blocking: () => void this.close(),
      terminated: () => {
        this.opening = null;
      },
    });
  }
}

export async function getMeta<K extends keyof MetaValues>(tx: Writing, name: K): Promise<MetaValues[K] | undefined> {
  return (await tx.objectStore("meta").get(name)) as MetaValues[K] | undefined;
}

export async function putMeta<K extends keyof MetaValues>(tx: Writing, name: K, value: MetaValues[K]): Promise<void> {
  await tx.objectStore("meta").put(value, name);
}

/** The store's own count, one higher at each call: what came first is known even when the clock was changed. */
export async function nextTick(tx: Writing): Promise<number> {
  const tick = ((await getMeta(tx, "tick")) ?? 0) + 1;
  await putMeta(tx, "tick", tick);
  return tick;
}

function abort(tx: Writing): void {
  try {
    tx.abort();
  } catch {
    // It had already ended by itself.
  }
}

function inWords(error: unknown): unknown {
  if (error instanceof EngineError) return error;
  if (isFull(error)) {
    return new EngineError("no-room", W.engine.full);
  }
  if (error instanceof DOMException && error.name === "VersionError") {
    return new EngineError("storage", W.engine.newerOpen);
  }
  if (error instanceof DOMException || isLostConnection(error)) {
    return new EngineError("storage", W.engine.storage((error as Error).message));
  }
  return error;
}
