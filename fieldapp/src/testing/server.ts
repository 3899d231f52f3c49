/** A server that keeps the field protocol, in memory, and fails on demand: what the phone's tests talk to. */

import { sha256 } from "../canonical";
import type { DueDoc, FormsDoc, Me, RegisterDoc, WireOp } from "../types";

export const PERSON = "11111111-1111-4111-8111-111111111111";
export const SITE = "22222222-2222-4222-8222-222222222222";
export const PLAN = "33333333-3333-4333-8333-333333333333";
export const ASSET = "44444444-4444-4444-8444-444444444444";
export const BUILDING = "55555555-5555-4555-8555-555555555555";

/** What goes wrong with a call. `after`: the server has done it, but its reply is lost or spoilt. */
export type Fault =
  | { kind: "drop" }
  | { kind: "drop-after" }
  | { kind: "half-after" }
  | { kind: "captive" }
  | { kind: "captive-json" }
  | { kind: "status"; status: number };

interface Got {
  method: string;
  path: string;
  headers: Record<string, string>;
  credentials: string;
  body: string | ArrayBuffer;
}

export class FakeServer {
  ops = new Map<string, { op: WireOp; times: number }>();
  files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; done: boolean }>();
  calls: Got[] = [];
  /** Taken in turn by calls whose path begins so. */
  faults: { path: string; fault: Fault }[] = [];
  /** Ids that are held rather than applied. */
  hold = new Set<string>();
  /** What it notices about everything that it takes in. */
  notes: string[] = [];
  signedIn = true;
  mostOps = 500;
  me: Me;
  docs: { forms: FormsDoc; register: RegisterDoc; due: DueDoc };
  version = 1;

  constructor() {
    const site = { id: SITE, name: "Oakfield", school: "Oakfield Primary" };
    const when = {
      server_time: "2026-11-22T09:00:00Z",
      minimum_app: "0.0.0",
      label_hosts: ["Q.SITE.DEMO"],
      demo: true,
    };
    this.me = { person: { id: PERSON, name: "Sam Field" }, permits: ["record_check"], sites: [site], ...when };
    this.docs = { forms: forms(), register: register(), due: due() };
  }

  fail(path: string, ...faults: Fault[]): void {
    this.faults.push(...faults.map((fault) => ({ path, fault })));
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const path = String(input).replace("/api/v1/field", "");
    const headers = Object.fromEntries(new Headers(init.headers).entries());
    const { method = "GET", credentials = "same-origin" } = init;
    const call: Got = { method, path, headers, credentials, body: (init.body ?? "") as string | ArrayBuffer };
    this.calls.push(call);
    const at = this.faults.findIndex((one) => path.startsWith(one.path));
    const fault = at >= 0 ? this.faults.splice(at, 1)[0]?.fault : undefined;
    if (fault && !fault.kind.endsWith("-after")) return failing(fault);
    const response = await this.answer(call);
    if (fault?.kind === "drop-after") throw new TypeError("network");
    if (fault?.kind === "half-after") return new Response((await response.text()).slice(0, 40), response);
    return response;
  };

  private async answer(call: Got): Promise<Response> {
    const { method, path } = call;
    if (path === "/ops") return this.push(call);
    if (path === "/files/have") return this.have(call);
    if (path.startsWith("/files/") && method === "PUT") return this.piece(call);
    if (path === "/sign-in") return this.signIn(call);
    if (path === "/sign-out") return this.signOut();
    if (path === "/devices") return this.signedIn ? json({ id: "d" }, 201) : json({ code: "not_authenticated" }, 401);
    if (!this.signedIn) return json({ code: "not_authenticated", title: "Sign in." }, 401);
    if (path === "/me") return json(this.me);
    const doc = /^\/sites\/([^/]+)\/(forms|register|due)$/.exec(path);
    if (doc?.[1] !== SITE) return json({ code: "not_found" }, 404);
    return this.document(call, doc[2] as "forms" | "register" | "due");
  }

  private document(call: Got, kind: "forms" | "register" | "due"): Response {
    const etag = `"${kind}-${this.version}"`;
    if (call.headers["if-none-match"] === etag) return new Response(null, { status: 304 });
    return json(this.docs[kind], 200, { ETag: etag });
  }

  private push(call: Got): Response {
    if (!call.headers["x-device-signature"]) return json({ code: "not_authenticated" }, 401);
    if (!this.signedIn && call.credentials !== "omit") return json({ code: "not_authenticated" }, 401);
    const { ops } = JSON.parse(String(call.body)) as { ops: WireOp[] };
    if (ops.length > this.mostOps) return json({ code: "too_large" }, 413);
    const results = ops.map((op) => {
      const held = this.hold.has(op.id);
      const end = held ? { was: "held", code: "asset_retired", detail: "It was retired." } : { was: "applied" };
      const before = this.ops.get(op.id);
      if (before) before.times++;
      else this.ops.set(op.id, { op, times: 1 });
      if (before) return { id: op.id, outcome: "again", ...end };
      return {
        id: op.id,
        outcome: end.was,
        code: end.code,
        detail: end.detail,
        notes: this.notes,
        receipt: { entry: 1, hash: "0" },
      };
    });
    return json({ server_time: "2026-11-22T09:00:00Z", results });
  }

  private have(call: Got): Response {
    const asked = (JSON.parse(String(call.body)) as { sha256: string[] }).sha256;
    const offsets = Object.fromEntries(asked.map((sha) => [sha, this.files.get(sha)?.bytes.length ?? 0]));
    return json({ offsets });
  }

  private async piece(call: Got): Promise<Response> {
    const sha = call.path.slice("/files/".length);
    const kept = this.files.get(sha)?.bytes ?? new Uint8Array();
    const offset = Number(call.headers["upload-offset"]);
    if (offset !== kept.length) return json({ code: "wrong_offset", offset: kept.length }, 409);
    const piece = new Uint8Array(call.body as ArrayBuffer);
    const bytes = new Uint8Array(kept.length + piece.length);
    bytes.set(kept);
    bytes.set(piece, kept.length);
    const whole = bytes.length === Number(call.headers["upload-length"]);
    if (whole && (await sha256(bytes)) !== sha) {
      this.files.delete(sha);
      return json({ code: "hash_mismatch", detail: "The bytes are not those of the hash." }, 422);
    }
    this.files.set(sha, { bytes, done: whole });
    return json({ offset: bytes.length });
  }

  private signIn(call: Got): Response {
    const { password, code } = JSON.parse(String(call.body)) as { password: string; code?: string };
    if (password === "right and a code" && code !== "123456") return json({ code: "second_factor" }, 403);
    if (password !== "right" && password !== "right and a code") return json({ code: "wrong_password" }, 400);
    this.signedIn = true;
    return json(this.me);
  }

  private signOut(): Response {
    this.signedIn = false;
    return new Response(null, { status: 204 });
  }
}

function failing(fault: Fault): Response {
  if (fault.kind === "drop") throw new TypeError("network");
  if (fault.kind === "captive") {
    return new Response("<html>Welcome to Hotel Wi-Fi</html>", { headers: { "Content-Type": "text/html" } });
  }
  if (fault.kind === "captive-json") return json({ status: "ok", results: [{ id: "x", outcome: "applied" }] });
  const status = (fault as { status: number }).status;
  return status >= 500 ? new Response("bad gateway", { status }) : json({ code: "refused" }, status);
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

function forms(): FormsDoc {
  const question = { key: "sounder", label: "Did it sound?", type: "pass-fail", required: true } as const;
  const check = {
    code: "fire-alarm-weekly",
    revision: 1,
    current: true,
    title: "Fire alarm test",
    discipline: "fire",
    verified: true,
    minutes: 10,
    standing: "law",
    law: [],
    on: "asset",
    asset_types: ["fire-alarm-panel"],
    also_covers: [],
    event: null,
    competence: { level: "anyone", detail: "" },
    evidence: [],
    questions: [{ ...question, pass: { equals: "pass" } }],
  } as const;
  const lists = {
    asset_types: [{ key: "fire-alarm-panel", name: "Fire alarm panel", discipline: "fire" }],
    disciplines: [{ key: "fire", title: "Fire" }],
    not_done_reasons: [{ key: "no-access", words: "No access" }],
  };
  return structuredClone({ protocol: 1, site: SITE, checks: [check], ...lists }) as unknown as FormsDoc;
}

function register(): RegisterDoc {
  const blank = { status_reason: "", parent: null, make: "", model: "", serial: "", facts: {} };
  const panel = { id: ASSET, name: "Fire alarm panel", type: "fire-alarm-panel", status: "in-use", ...blank };
  return {
    protocol: 1,
    site: { id: SITE, name: "Oakfield", school: "Oakfield Primary" },
    buildings: [{ id: BUILDING, name: "Main building", warning: "" }],
    spaces: [],
    assets: [{ ...panel, building: BUILDING, space: null }],
    tags: [
      { code: "M9S346Q0", asset: ASSET },
      { code: "3D25VT4W", asset: null },
    ],
    people: [],
  };
}

function due(): DueDoc {
  return {
    protocol: 1,
    site: SITE,
    as_of: "2026-11-22",
    plans: [
      {
        id: PLAN,
        check: "fire-alarm-weekly",
        revision: 1,
        asset: ASSET,
        building: null,
        due_on: "2026-11-27",
        overdue_from: "2026-11-28",
        soon_from: "2026-11-25",
        pauses: [],
        sentence: "Due by Fri 27 Nov 2026: weekly.",
        windows: [
          { counts_from: "2026-11-23", due_on: "2026-11-27", overdue_from: "2026-11-28", closes_on: "2026-11-29" },
          { counts_from: "2026-11-30", due_on: "2026-12-04", overdue_from: "2026-12-05", closes_on: "2026-12-06" },
        ],
        last: null,
        last_answers: {},
        suggest: {},
        weight: 5,
      },
    ],
    defects: [],
    work_orders: [],
    readings: [],
  };
}
