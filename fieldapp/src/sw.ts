/**
 * The service worker: keeps the app itself on the phone, and nothing else. What the server says lives in the app's own
 * store; calls to the API pass by here untouched. A new version waits until the person takes it.
 */

/**
 * Put in by the build (build/precache.ts). `later`: needed offline, but not for the first picture. `languages`: other
 * than English; a phone keeps those that were used on it.
 */
declare const __PRECACHE__: { version: string; shell: string[]; later: string[]; languages: string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;
const { version, shell, later, languages } = __PRECACHE__;
const PREFIX = "siteward-app-";
const CACHE = PREFIX + version;
const SCOPE = new URL(worker.registration.scope).pathname;

worker.addEventListener("install", (event) => {
  event.waitUntil(spoken().then((mine) => fill([...shell, ...mine]).then(() => fill(later).catch(() => undefined))));
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

/** A line from the server while the app is closed. A browser wants one shown for each that comes, so an empty one says so. */
worker.addEventListener("push", (event) => {
  const body = lineOf(event.data) || "Something is waiting for you.";
  event.waitUntil(worker.registration.showNotification("Siteward", { body, tag: "siteward" }));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(bringForward());
});

function lineOf(data: PushMessageData | null): string {
  try {
    return String((data?.json() as { line?: unknown } | null)?.line ?? "").slice(0, 200);
  } catch {
    return "";
  }
}

/** The app as it stands open, else anew: whoever is in the middle of a form stays there. */
async function bringForward(): Promise<void> {
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const ours = open.find((client) => new URL(client.url).pathname.startsWith(SCOPE));
  if (ours) await ours.focus();
  else await worker.clients.openWindow(SCOPE);
}

/** "/field/assets/pl-1a2b.js" is "pl", in every version. */
function languageOf(path: string): string {
  return /\/(\w\w)-[^/]*\.js$/.exec(path)?.[1] ?? "";
}

/** The languages in use here: those kept by the version before, on a new phone the phone's own. */
async function spoken(): Promise<string[]> {
  const used = new Set(navigator.languages.map((code) => code.slice(0, 2)));
  for (const name of (await caches.keys()).filter((name) => name.startsWith(PREFIX)))
    for (const kept of await (await caches.open(name)).keys()) used.add(languageOf(kept.url));
  return languages.filter((path) => used.has(languageOf(path)));
}

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
  if (kept || !languages.includes(path)) return kept ?? fetch(request);
  const cache = await caches.open(CACHE);
  await keep(cache, path);
  return (await cache.match(path)) ?? fetch(request);
}

/** The version before this one stays, for tabs that still run it. */
async function clearOld(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}
