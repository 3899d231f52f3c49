/**
 * Photos and files: kept by what they are (SHA-256), apart from the work that refers to them, sent in pieces after it.
 * Bytes are kept as ArrayBuffer: WebKit fails to store Blobs.
 */

import { putMeta, type Store } from "./db";
import { EngineError } from "./errors";
import type { Device } from "./keys";
import { type Call, call, inWords, isObject, type Reply } from "./net";
import type { PhotoRow } from "./rows";
import type { Outcome } from "./sync";
import type { Photo } from "./types";
import { W } from "./words";
import type { World } from "./world";

const PIECE = 256 * 1024;
/** Enough for a piece on the slowest line that still works. */
const PIECE_TIMEOUT = 120_000;
const ASK_AT_ONCE = 100;
const DAY = 86_400_000;
/** Photos that are safe with the office stay a while, for looking at. */
const KEEP_SENT = 7 * DAY;
const KEEP_UNUSED = DAY;

export class Photos {
  constructor(
    private readonly store: Store,
    private readonly world: World,
    private readonly device: Device,
    private readonly progress: () => Promise<void> | void = () => undefined,
  ) {}

  /** Keeps it on this phone; makes room once by letting go of photos that are safe already. */
  async keep(photo: Photo): Promise<void> {
    try {
      await this.put(photo);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "no-room") throw error;
      if (!(await this.letGo(0))) throw noRoom();
      await this.put(photo).catch((again: unknown) => {
        throw again instanceof EngineError && again.code === "no-room" ? noRoom() : again;
      });
    }
  }

  async bytes(sha256: string): Promise<{ type: string; bytes: ArrayBuffer } | null> {
    const [row, kept] = await this.store.read((db) => Promise.all([db.get("photos", sha256), db.get("bytes", sha256)]));
    return row && kept ? { type: row.type, bytes: kept.bytes } : null;
  }

  /**
   * Sends what saved work needs and the server lacks. One that the server refused is tried again only when asked to
   * (`refused`): it would cost the same data each time. Never throws for what the network or the server does.
   */
  async upload({ refused = false } = {}): Promise<Outcome> {
    const outcome: Outcome = { settled: 0, trouble: null, expired: false };
    const rows = (await this.store.read((db) => db.getAll("photos"))).filter(
      (row) => row.wanted && !row.done && (refused || row.problem === null),
    );
    for (let at = 0; at < rows.length; at += ASK_AT_ONCE) {
      const some = rows.slice(at, at + ASK_AT_ONCE);
      const offsets = await this.ask(some, outcome);
      if (!offsets) return outcome;
      for (const row of some) {
        const sent = await this.send(row, offsets.get(row.sha256) ?? 0, outcome);
        if (sent === "stop") return outcome;
      }
    }
    return outcome;
  }

  /** Which of these has the server, and how much of each? */
  private async ask(rows: readonly PhotoRow[], outcome: Outcome): Promise<Map<string, number> | null> {
    const body = JSON.stringify({ sha256: rows.map((row) => row.sha256) });
    const reply = await this.call("/files/have", { method: "POST", body }, body, outcome);
    const offsets = reply.kind === "json" && reply.status === 200 ? reply.body.offsets : null;
    if (!isObject(offsets)) {
      outcome.trouble = inWords(reply.kind === "json" && reply.status === 200 ? NOT_OURS : reply);
      return null;
    }
    return new Map(Object.entries(offsets).map(([sha, offset]) => [sha, wholeNumber(offset) ?? 0]));
  }

  /** Sends one from where the server is. "stop": the line is gone. "next": go on with the others. */
  private async send(row: PhotoRow, from: number, outcome: Outcome): Promise<"next" | "stop"> {
    if (from >= row.size) return this.finished(row, outcome);
    const kept = await this.bytes(row.sha256);
    if (!kept) return this.refused(row, W.engine.photoGone, outcome);
    let offset = from;
    // The server knows better how far it is; when it says so again and again without coming on, something is wrong.
    let surprises = 0;
    while (offset < row.size) {
      if (surprises === 3) return this.refused(row, W.engine.photoDisagree, outcome);
      const reply = await this.piece(row, kept.bytes, offset, outcome);
      const reached = reachedIn(reply);
      if (typeof reached === "string") return this.stopped(row, reply, reached, outcome);
      if (reached <= offset) surprises++;
      offset = reached;
      if (offset < row.size) await this.note(row, { sent: offset });
    }
    return this.finished(row, outcome);
  }

  private async stopped(row: PhotoRow, reply: Reply, why: Unreached, outcome: Outcome): Promise<"next" | "stop"> {
    if (why === "refused") return this.refused(row, detailOf(reply), outcome);
    outcome.trouble = inWords(why === "not-ours" ? NOT_OURS : reply);
    return "stop";
  }

  private piece(row: PhotoRow, bytes: ArrayBuffer, offset: number, outcome: Outcome): Promise<Reply> {
    const body = bytes.slice(offset, Math.min(offset + PIECE, row.size));
    const headers = {
      "Content-Type": row.type,
      "Upload-Offset": String(offset),
      "Upload-Length": String(row.size),
    };
    const options: Call = { method: "PUT", body, headers, timeout: PIECE_TIMEOUT };
    return this.call(`/files/${row.sha256}`, options, body, outcome);
  }

  /** With the session and the signature; once more by the signature alone when the session is not taken. */
  private async call(path: string, options: Call, signed: string | ArrayBuffer, outcome: Outcome): Promise<Reply> {
    const headers = { ...options.headers, ...(await this.device.proof(signed)) };
    const reply = await call(this.world, path, { ...options, headers });
    if (reply.kind !== "json" || (reply.status !== 401 && reply.status !== 403)) return reply;
    if (reply.status === 401) outcome.expired = true;
    return call(this.world, path, { ...options, headers, session: false });
  }

  private async finished(row: PhotoRow, outcome: Outcome): Promise<"next"> {
    await this.note(row, { sent: row.size, done: true, problem: null });
    outcome.settled++;
    return "next";
  }

  private async refused(row: PhotoRow, problem: string, outcome: Outcome): Promise<"next"> {
    await this.note(row, { sent: 0, problem });
    outcome.trouble = `A photo was not taken by the server: ${problem}`;
    return "next";
  }

  private async note(row: PhotoRow, news: Partial<PhotoRow>): Promise<void> {
    await this.store.write(["photos", "meta"], async (tx) => {
      const photos = tx.objectStore("photos");
      const now = await photos.get(row.sha256);
      if (now) await photos.put({ ...now, ...news });
      await putMeta(tx, "last_sent_at", this.world.now().toISOString());
    });
    await this.progress();
  }

  private async put(photo: Photo): Promise<void> {
    const { bytes, ...about } = photo;
    const kept_at = this.world.now().toISOString();
    await this.store.write(["photos", "bytes"], async (tx) => {
      const before = await tx.objectStore("photos").get(photo.sha256);
      const fresh = { wanted: false, sent: 0, done: false, problem: null };
      await tx.objectStore("photos").put({ ...fresh, ...before, ...about, kept_at });
      await tx.objectStore("bytes").put({ sha256: photo.sha256, bytes });
    });
  }

  /** Clears photos that nothing refers to, and the bytes of those that have long been safe. */
  async tidy(): Promise<void> {
    const old = new Date(this.world.now().getTime() - KEEP_UNUSED).toISOString();
    await this.store.write(["photos", "bytes", "drafts"], async (tx) => {
      const drafts = JSON.stringify(await tx.objectStore("drafts").getAll());
      for (const row of await tx.objectStore("photos").getAll()) {
        if (row.wanted || row.kept_at > old || drafts.includes(row.sha256)) continue;
        await tx.objectStore("photos").delete(row.sha256);
        await tx.objectStore("bytes").delete(row.sha256);
      }
    });
    await this.letGo(KEEP_SENT);
  }

  /** Lets the bytes go of photos that the server has verified and that are older than this; says how many. */
  private async letGo(age: number): Promise<number> {
    const before = new Date(this.world.now().getTime() - age).toISOString();
    return this.store.write(["photos", "bytes", "drafts"], async (tx) => {
      const drafts = JSON.stringify(await tx.objectStore("drafts").getAll());
      let gone = 0;
      for (const row of await tx.objectStore("photos").getAll()) {
        if (!row.done || row.kept_at > before || drafts.includes(row.sha256)) continue;
        if ((await tx.objectStore("bytes").getKey(row.sha256)) === undefined) continue;
        await tx.objectStore("bytes").delete(row.sha256);
        gone++;
      }
      return gone;
    });
  }
}

const NOT_OURS: Reply = { kind: "nothing", why: "not-ours", status: 200 };

function noRoom(): EngineError {
  return new EngineError("no-room", W.engine.noRoomPhoto);
}

type Unreached = "trouble" | "refused" | "not-ours";

/** How far the server says it has come (in the body or in the header that asked), or why it does not say. */
function reachedIn(reply: Reply): number | Unreached {
  if (reply.kind !== "json" || reply.status >= 500 || reply.status === 401 || reply.status === 403) return "trouble";
  if (reply.status >= 400 && reply.status !== 409) return "refused";
  return wholeNumber(reply.body.offset) ?? wholeNumber(reply.headers.get("Upload-Offset")) ?? "not-ours";
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

function detailOf(reply: Reply): string {
  if (reply.kind !== "json") return "no answer";
  return String(reply.body.detail ?? reply.body.title ?? `answer ${reply.status}`);
}
