/** The app as an app: new versions, installing, the browser's promise to keep its storage. */

import type { StorageState } from "./types";

const WAIT_FOR_CHANGE = 2_000;
const LOW_SHARE = 0.1;
const LOW_BYTES = 50 * 1024 * 1024;
const HOUR = 3_600_000;

interface InstallQuestion extends Event {
  prompt(): Promise<{ outcome: string }>;
}

export class AppShell {
  private registration: ServiceWorkerRegistration | null = null;
  private question: InstallQuestion | null = null;
  private looked = 0;
  ready = false;

  constructor(private readonly changed: () => void) {}

  async start(): Promise<void> {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.question = event as InstallQuestion;
      this.changed();
    });
    addEventListener("appinstalled", () => {
      this.question = null;
      this.changed();
    });
    if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
    const scope = import.meta.env.BASE_URL;
    const registration = await navigator.serviceWorker.register(`${scope}sw.js`, { scope }).catch(() => null);
    if (!registration) return;
    this.registration = registration;
    this.looked = Date.now();
    this.note();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", () => this.note());
    });
    // What could not be fetched when it was installed (the scanner, on a poor line) is fetched now.
    registration.active?.postMessage("fill");
  }

  /** Looks for a new version, once an hour at most. */
  look(): void {
    if (!this.registration || Date.now() - this.looked < HOUR) return;
    this.looked = Date.now();
    this.registration.update().catch(() => undefined);
  }

  /** A first installation is no update: only one that waits behind a working version is. */
  private note(): void {
    const ready = Boolean(this.registration?.waiting && navigator.serviceWorker.controller);
    if (ready === this.ready) return;
    this.ready = ready;
    this.changed();
  }

  /** Lets the waiting version take over and loads it. On iOS the event may not come, so it is not waited for long. */
  async update(reload: () => void = () => location.reload()): Promise<void> {
    const waiting = this.registration?.waiting;
    if (!waiting) return reload();
    const taken = new Promise<void>((done) => {
      navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true });
      setTimeout(done, WAIT_FOR_CHANGE);
    });
    waiting.postMessage("take-over");
    await taken;
    reload();
  }

  async install(): Promise<boolean> {
    const question = this.question;
    if (!question) return false;
    this.question = null;
    const { outcome } = await question.prompt();
    this.changed();
    return outcome === "accepted";
  }

  /** What the browser says about room and about keeping it. `refused`: the last photo found no room. */
  async storage(refused: boolean): Promise<StorageState> {
    const manager: StorageManager | undefined = navigator.storage;
    const persisted = (await manager?.persisted?.().catch(() => null)) ?? null;
    const estimate = (await manager?.estimate?.().catch(() => null)) ?? null;
    const used = estimate?.usage ?? null;
    const quota = estimate?.quota ?? null;
    const installed = isInstalled();
    return { persisted, used, quota, room: roomOf(used, quota, refused), installed, install: this.way(installed) };
  }

  private way(installed: boolean): StorageState["install"] {
    if (installed) return "installed";
    if (this.question) return "button";
    return isApple() ? "ios" : "none";
  }
}

export function roomOf(used: number | null, quota: number | null, refused: boolean): StorageState["room"] {
  if (refused) return "full";
  if (used === null || quota === null) return "ok";
  const left = quota - used;
  return left < LOW_BYTES || left < quota * LOW_SHARE ? "low" : "ok";
}

function isInstalled(): boolean {
  const apple = (navigator as { standalone?: boolean }).standalone === true;
  return apple || matchMedia("(display-mode: standalone)").matches;
}

function isApple(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}
