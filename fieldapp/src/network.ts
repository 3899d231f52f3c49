/**
 * Everything that the first picture can do without, in a chunk of its own: sending and fetching, signing in, photos,
 * the app's own updates. Loaded as soon as the first picture stands.
 */

import { AppShell } from "./app-shell";
import type { Store } from "./db";
import type { Desk } from "./desk";
import { EngineError } from "./errors";
import { exportUnsent } from "./export";
import { Device } from "./keys";
import { isUnsent } from "./outbox";
import { Photos } from "./photos";
import { signIn, signOut } from "./session";
import { asFile, shrink } from "./shrink";
import { Pusher, tidyWork } from "./sync";
import { Traffic } from "./traffic";
import type { Photo, Uuid } from "./types";
import { W } from "./words";
import type { World } from "./world";

export interface Outside {
  store: Store;
  world: World;
  desk: Desk;
  /** Tells the app's other tabs. */
  changed: (what: "work" | "all") => void;
  /** Whether a form has something typed in it. */
  isFormOpen: () => boolean;
}

export class Network {
  readonly device: Device;
  readonly photos: Photos;
  readonly traffic: Traffic;
  readonly shell: AppShell;

  constructor(private readonly outside: Outside) {
    const { store, world, desk } = outside;
    this.device = new Device(store, world);
    this.photos = new Photos(store, world, this.device, () => desk.refreshWork());
    const pusher = new Pusher(store, world, this.device, (sending) => desk.refreshWork(sending));
    this.traffic = new Traffic(outside, this.device, pusher, this.photos);
    this.shell = new AppShell(() => void this.noteStorage());
  }

  /** Asks the browser again how much room there is. `refused`: something has just found none. */
  async noteStorage(refused = false): Promise<void> {
    const storage = await this.shell.storage(refused);
    this.outside.desk.set({ storage, update_ready: this.shell.ready });
  }

  async noteFull(error: unknown): Promise<void> {
    if (error instanceof EngineError && error.code === "no-room") await this.noteStorage(true);
  }

  async signIn(email: string, password: string, code?: string): Promise<void> {
    const { store, world, desk, changed } = this.outside;
    await signIn(store, world, email, password, code);
    await desk.refresh();
    changed("all");
    void this.traffic.kick({ pull: true });
  }

  async signOut(person: Uuid, exported: boolean): Promise<void> {
    const { store, world, desk, changed } = this.outside;
    await this.traffic.kick({ refused: true });
    await desk.refreshWork(); // another tab may have saved something that this one has not heard of
    const left = desk.items.filter((item) => item.author === person && isUnsent(item)).length;
    if (left > 0 && !(exported && (await desk.exportedAll()))) {
      throw new EngineError("unsent-work", W.engine.unsent(left));
    }
    await signOut(store, world);
    await desk.refresh();
    changed("all");
  }

  async takePhoto(source: Blob): Promise<Photo> {
    return this.keep(await shrink(source));
  }

  async takeFile(source: Blob): Promise<Photo> {
    return this.keep(await asFile(source));
  }

  private async keep(photo: Photo): Promise<Photo> {
    try {
      await this.photos.keep(photo);
    } catch (error) {
      await this.noteFull(error);
      throw error;
    }
    return photo;
  }

  exportUnsent(): Promise<{ name: string; blob: Blob }> {
    return exportUnsent(this.outside.store, this.outside.world, this.device, this.photos);
  }

  async persist(): Promise<boolean> {
    const kept = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
    await this.noteStorage();
    return kept;
  }

  /** What can wait until the phone has nothing better to do. */
  async settle(): Promise<void> {
    await this.shell.start();
    await this.noteStorage();
    await this.photos.tidy();
    await tidyWork(this.outside.store, this.outside.world);
  }
}
