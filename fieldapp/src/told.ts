/** Being told things on this phone while the app is closed: what the browser can do, switching it on and off. */

import { inWords, isObject, type Reply } from "./net";
import { W } from "./words";

export type Told = "on" | "ready" | "denied" | "ios" | "never" | "off-here" | "unknown";

/** Milliseconds. */
const PATIENCE = 20_000;
const PAGE = "/account/notices/device/";

interface Abilities {
  worker: boolean;
  push: boolean;
  permission: string | null;
  apple: boolean;
}

/** What a browser lets us do. An iPhone does it in an installed app alone. */
export function ability({ worker, push, permission, apple }: Abilities): Told {
  if (!worker || !push || permission === null) return apple ? "ios" : "never";
  return permission === "denied" ? "denied" : "ready";
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(
    text
      .replaceAll("-", "+")
      .replaceAll("_", "/")
      .padEnd(Math.ceil(text.length / 4) * 4, "="),
  );
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function spelled(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function here(): Told {
  const { userAgent, maxTouchPoints } = navigator;
  const apple = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  const permission = "Notification" in self ? Notification.permission : null;
  return ability({ worker: "serviceWorker" in navigator, push: "PushManager" in self, permission, apple });
}

async function ask(body?: URLSearchParams): Promise<{ key: string; on: boolean }> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const token = /(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  if (body && token) headers["X-CSRFToken"] = token;
  const init: RequestInit = { headers, credentials: "same-origin", redirect: "error", cache: "no-store" };
  const answer = await fetch(PAGE, body ? { ...init, method: "POST", body } : init).catch(() => null);
  const nothing: Reply = { kind: "nothing", why: "no-signal", status: 0 };
  if (!answer) throw new Error(inWords(nothing));
  const said: unknown = await answer.json().catch(() => null);
  if (!isObject(said)) throw new Error(inWords({ ...nothing, why: "not-ours", status: answer.status }));
  if (!answer.ok) throw new Error(typeof said.detail === "string" ? said.detail : inWords(nothing));
  return { key: String(said.key), on: said.on === true };
}

/** How it stands on this phone. Without a signal nobody knows. */
export async function told(): Promise<Told> {
  const able = here();
  if (able !== "ready") return able;
  const said = await ask().catch(() => null);
  if (!said) return "unknown";
  if (said.on) return "on";
  return said.key ? "ready" : "off-here";
}

/** A browser that does not reach its own push service may never answer: then it is said, and can be tried again. */
function withinReach<T>(asked: Promise<T>): Promise<T> {
  const never = new Promise<never>((_, refuse) => {
    setTimeout(() => refuse(new Error(W.accountScreen.toldFailed)), PATIENCE);
  });
  return Promise.race([asked, never]);
}

/** Asks the person, then the browser, then tells the server. Throws with words for people. Call it from a press alone. */
export async function switchOn(): Promise<Told> {
  if ((await Notification.requestPermission()) !== "granted") return here();
  const { key } = await ask();
  const registration = await navigator.serviceWorker.ready;
  // One that was made for another key, or that the server has forgotten, is of no use.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  const made = await withinReach(registration.pushManager.subscribe(options));
  const [point, secret] = [made.getKey("p256dh"), made.getKey("auth")];
  if (!point || !secret) throw new Error(W.engine.noKey);
  const body = { endpoint: made.endpoint, key: spelled(point), secret: spelled(secret) };
  const { on } = await ask(new URLSearchParams(body));
  return on ? "on" : "ready";
}

/** The browser gives its address up; the server forgets it when it next finds nobody there. */
export async function switchOff(): Promise<Told> {
  const registration = await navigator.serviceWorker.ready;
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  await ask(new URLSearchParams({ off: "yes" }));
  return here();
}
