/** What the engine takes from outside, in one place, so that a test can put its own in. */

export interface World {
  fetch: typeof fetch;
  now(): Date;
  /** Milliseconds that only go forward, since the page was opened. */
  elapsed(): number;
  locks: LockManager | null;
  /** The host this app is served from, with its port: its own labels are trusted. */
  host: string;
  visible(): boolean;
  online(): boolean;
  cookie(): string;
  /** The version of this app. */
  app: string;
}

declare const __APP_VERSION__: string;

export function browserWorld(): World {
  return {
    fetch: (input, init) => fetch(input, init),
    now: () => new Date(),
    elapsed: () => performance.now(),
    locks: navigator.locks ?? null,
    host: location.host,
    visible: () => document.visibilityState === "visible",
    online: () => navigator.onLine,
    cookie: () => document.cookie,
    app: __APP_VERSION__,
  };
}
