/**
 * The service worker: keeps the app itself on the phone, and nothing else. What the server says lives in the app's own
 * store; calls to the API pass by here untouched. A new version waits until the person takes it.
 */

/** Put in by the build (build/precache.ts). `later`: needed offline, but not for the first picture. */
declare const __PRECACHE__: { version: string; shell: string[]; later: string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;
const { version, shell, later } = __PRECACHE__;
const PREFIX = "siteward-app-";
const CACHE = PREFIX + version;
const SCOPE = new URL(worker.registration.scope).pathname;

worker.addEventListener("install", (event) => {
  event.waitUntil(fill(shell).then(() => fill(later).catch(() => undefined)));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(clearOld().then(() => worker.clients.claim()));
});

worker.addEventListener("message", (event) => {
  if (event.data === "take-over") void worker.skipWaiting();
  if (event.data === "fill") event.waitUntil(fill([...shell, ...later]).catch(() => undefined));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin || !url.pathname.startsWith(SCOPE)) return;
  if (request.mode === "navigate") event.respondWith(fromCache(SCOPE, request));
  else event.respondWith(fromCache(url.pathname, request));
});

/** Fetches what is not kept yet. Fails as a whole when one of them fails, keeping what came. */
async function fill(paths: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  const have = new Set((await cache.keys()).map((kept) => new URL(kept.url).pathname));
  await Promise.all(paths.filter((path) => !have.has(path)).map((path) => keep(cache, path)));
}

async function keep(cache: Cache, path: string): Promise<void> {
  const response = await fetch(path, { cache: "no-cache", credentials: "same-origin", redirect: "error" });
  const type = response.headers.get("Content-Type") ?? "";
  // A hotel's sign-in page has status 200 too: only the app's own page may be HTML.
  if (!response.ok || (path !== SCOPE && type.includes("text/html"))) throw new Error(`${path}: ${response.status}`);
  if (path === SCOPE && !(await response.clone().text()).includes('id="app"')) throw new Error("Not our page.");
  await cache.put(path, response);
}

/** This version's copy; else the one before's (an open tab may still need it); else the network. */
async function fromCache(path: string, request: Request): Promise<Response> {
  const own = await (await caches.open(CACHE)).match(path);
  const kept = own ?? (path === SCOPE ? undefined : await caches.match(path));
  return kept ?? fetch(request);
}

/** The version before this one stays, for tabs that still run it. */
async function clearOld(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}
