/**
 * A phone that dies: its store stays, everything that was in memory is gone. Nothing that a dead page had begun ever
 * comes back to it, so the page stops at whatever it awaits next, as when the battery is flat.
 */

import { type Db, Store, type StoreName, type Writing } from "../db";
import type { Chance } from "./chance";

const NEVER = new Promise<never>(() => undefined);

/** One page from its opening to its end. */
export class Life {
  dead = false;
  private left = Number.POSITIVE_INFINITY;
  private tell: () => void = () => undefined;
  readonly died = new Promise<void>((done) => {
    this.tell = done;
  });

  /** Dies at the `steps`-th thing from now that it asks of the store or the network. */
  dieIn(steps: number): void {
    this.left = steps;
  }

  die(): void {
    this.dead = true;
    this.tell();
  }

  /** Between two steps. */
  async step(): Promise<void> {
    if (this.comesNow()) this.die();
    if (this.dead) await NEVER;
  }

  comesNow(): boolean {
    return !this.dead && --this.left <= 0;
  }
}

/** What the phone's storage is like just now, for all its pages. */
export interface Room {
  full: boolean;
  /** The next so many writes find that the browser has closed the store. */
  closed: number;
}

export class MortalStore extends Store {
  constructor(
    name: string,
    private readonly life: Life,
    private readonly room: Room,
    private readonly chance: Chance,
  ) {
    super(name);
  }

  override async read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    await this.life.step();
    const found = await super.read(work).catch((error: unknown) => this.unlessDead(error));
    await this.life.step();
    return found;
  }

  override async write<T>(stores: StoreName[], work: (tx: Writing) => Promise<T>): Promise<T> {
    await this.life.step();
    const done = await super
      .write(stores, (tx) => this.mishap(tx, work))
      .catch((error: unknown) => this.unlessDead(error));
    // On the disk, and nobody knows yet.
    await this.life.step();
    return done;
  }

  private async mishap<T>(tx: Writing, work: (tx: Writing) => Promise<T>): Promise<T> {
    if (this.life.dead) throw new Error("dead");
    if (this.room.closed > 0) {
      this.room.closed--;
      throw new DOMException("The database connection is closing.", "InvalidStateError");
    }
    const early = this.room.full && this.chance.often(0.5);
    if (early) throw new DOMException("Quota exceeded", "QuotaExceededError");
    const done = await work(tx);
    if (this.life.comesNow()) {
      this.life.die();
      throw new Error("dead");
    }
    if (this.room.full) throw new DOMException("Quota exceeded", "QuotaExceededError");
    return done;
  }

  private unlessDead(error: unknown): never | Promise<never> {
    if (this.life.dead) return NEVER;
    throw error;
  }
}

/** Web Locks of one phone: a page that died holds nothing. */
export class Locks {
  private held: Life | null = null;

  of(life: Life): LockManager {
    const request = async (_name: string, _options: LockOptions, work: (lock: Lock | null) => Promise<unknown>) => {
      if (this.held && !this.held.dead) return work(null);
      this.held = life;
      try {
        return await work({ name: "siteward-sender", mode: "exclusive" });
      } finally {
        if (this.held === life) this.held = null;
      }
    };
    return { request, query: async () => ({}) } as unknown as LockManager;
  }
}
