/**
 * One call to the server, and whether it was the server that answered. Anything that is not our JSON (a hotel's
 * sign-in page with status 200, a proxy's 502, half a reply, silence) comes back as "nothing", and changes nothing.
 */

import { W } from "./words";
import type { World } from "./world";

export const API = "/api/v1/field";

export type Reply =
  | { kind: "json"; status: number; body: Record<string, unknown>; headers: Headers }
  | { kind: "unchanged" }
  | { kind: "nothing"; why: "no-signal" | "too-slow" | "not-ours"; status: number };

export interface Call {
  method?: "GET" | "POST" | "PUT";
  body?: string | ArrayBuffer;
  headers?: Record<string, string>;
  /** False: leave the session's cookie at home (the signature speaks alone). */
  session?: boolean;
  timeout?: number;
}

const TIMEOUT = 30_000;

export async function call(world: World, path: string, options: Call = {}): Promise<Reply> {
  const { method = "GET", body, session = true, timeout = TIMEOUT } = options;
  const headers: Record<string, string> = { Accept: "application/json", "X-Siteward-Protocol": "1" };
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  const token = method === "GET" || !session ? null : csrfToken(world.cookie());
  if (token) headers["X-CSRFToken"] = token;
  Object.assign(headers, options.headers);
  const clock = new AbortController();
  const bell = setTimeout(() => clock.abort(), timeout);
  try {
    const credentials = session ? "same-origin" : "omit";
    const init: RequestInit = {
      method,
      headers,
      credentials,
      redirect: "error",
      cache: "no-store",
      signal: clock.signal,
    };
    if (body !== undefined) init.body = body;
    const response = await world.fetch(API + path, init);
    if (response.status === 304) return { kind: "unchanged" };
    return await ours(response);
  } catch {
    return { kind: "nothing", why: clock.signal.aborted ? "too-slow" : "no-signal", status: 0 };
  } finally {
    clearTimeout(bell);
  }
}

async function ours(response: Response): Promise<Reply> {
  const { status, headers } = response;
  if (status === 204) return { kind: "json", status, body: {}, headers };
  const text = await response.text();
  const body = parsed(text);
  if (!/json/.test(headers.get("Content-Type") ?? "") || !body) return { kind: "nothing", why: "not-ours", status };
  return { kind: "json", status, body, headers };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Django's token for calls that change something, from its cookie. */
export function csrfToken(cookies: string): string | null {
  const found = /(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/.exec(cookies);
  return found?.[1] ?? null;
}

/** Why nothing came, in plain words. */
export function inWords(reply: Reply): string {
  if (reply.kind === "json" && reply.status === 401) return W.engine.expired;
  if (reply.kind === "json") return W.engine.answered(reply.status);
  if (reply.kind === "unchanged") return "";
  if (reply.why === "too-slow") return W.engine.weak;
  if (reply.why === "no-signal") return W.engine.noSignal;
  if (reply.status >= 500) return W.engine.noServer;
  return W.engine.otherNetwork;
}
