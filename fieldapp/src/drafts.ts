/** Half-finished work: written a moment after each keystroke, per person, gone only when it is saved or thrown away. */

import type { Store } from "./db";
import type { Draft } from "./types";
import type { World } from "./world";

const PAUSE = 150;

interface Pending {
  person: string;
  key: string;
  data: unknown;
}

export class Drafts {
  private pending = new Map<string, Pending>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly store: Store,
    private readonly world: World,
    /** Told when a draft could not be written (the phone is full). */
    private readonly failed: (error: unknown) => void = () => undefined,
  ) {}

  /** Cheap: the newest of each key is written within 150 ms. */
  save(person: string, key: string, data: unknown): void {
    this.pending.set(`${person} ${key}`, { person, key, data });
    this.timer ??= setTimeout(() => void this.flush(), PAUSE);
  }

  /** Writes what is pending, now. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const batch = this.pending;
    if (!batch.size) return;
    this.pending = new Map();
    const saved_at = this.world.now().toISOString();
    try {
      await this.store.write(["drafts"], async (tx) => {
        const drafts = tx.objectStore("drafts");
        for (const { person, key, data } of batch.values()) await drafts.put({ person, key, data, saved_at });
      });
    } catch (error) {
      // Kept in memory, unless something newer was typed meanwhile; the next keystroke tries again.
      for (const [name, one] of batch) if (!this.pending.has(name)) this.pending.set(name, one);
      this.failed(error);
    }
  }

  async read<T>(person: string, key: string): Promise<Draft<T> | null> {
    const typed = this.pending.get(`${person} ${key}`);
    if (typed) return { key, data: typed.data as T, saved_at: this.world.now().toISOString() };
    const row = await this.store.read((db) => db.get("drafts", [person, key]));
    return row ? { key, data: row.data as T, saved_at: row.saved_at } : null;
  }

  /** This person's drafts, newest first. */
  async list(person: string): Promise<Draft[]> {
    await this.flush();
    const range = IDBKeyRange.bound([person], [person, []]);
    const rows = await this.store.read((db) => db.getAll("drafts", range));
    return rows
      .map(({ key, data, saved_at }) => ({ key, data, saved_at }))
      .sort((a, b) => b.saved_at.localeCompare(a.saved_at));
  }

  /** What was typed is about to be saved as work: nothing pending may bring the draft back afterwards. */
  forget(person: string, key: string): void {
    this.pending.delete(`${person} ${key}`);
  }

  async drop(person: string, key: string): Promise<void> {
    this.forget(person, key);
    await this.store.write(["drafts"], (tx) => tx.objectStore("drafts").delete([person, key]));
  }
}
