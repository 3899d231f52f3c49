/** The server's side of a bad day: the one in memory, or a real Siteward over HTTP. */

import { readFileSync } from "node:fs";
import type { OpBodies, OpKind, PhotoRef, Uuid } from "../types";
import type { Chance } from "./chance";
import { ASSET, FakeServer, PERSON, PLAN, SITE } from "./server";

export interface Body<K extends OpKind = OpKind> {
  kind: K;
  body: OpBodies[K];
}

/** What a caretaker could write about. */
export interface Subjects {
  site: Uuid;
  plan: Uuid;
  check: { code: string; revision: number };
  asset: Uuid;
  answers: Record<string, unknown>;
}

export interface Office {
  readonly subjects: Subjects;
  /** The picture that every photo begins with. */
  readonly picture: Uint8Array;
  readonly people: readonly { id: Uuid; email: string }[];
  readonly password: string;
  /** A restart takes seconds. */
  readonly slow: boolean;
  now(): Date;
  /** A phone's call as it arrives; `cookies` are the phone's. */
  fetch(path: string, init: RequestInit, cookies: Cookies): Promise<Response>;
  /** The web process is killed and started again. */
  restart(chance: Chance): Promise<void>;
  /** Resolves when it is up again after every restart. */
  ready(): Promise<void>;
  /** The session is no longer known; nobody has told the phone. */
  expire(cookies: Cookies): void;
  revoke(device: Uuid): Promise<void>;
  takeCopy(copy: string): Promise<void>;
  /** Every operation that arrived, by its id; null when this cannot be asked here. */
  arrived(): Map<Uuid, { kind: string; author: Uuid; body: unknown }> | null;
  hasPhoto(ref: PhotoRef): boolean | null;
}

export class Cookies {
  readonly kept = new Map<string, string>();

  header(): string {
    return [...this.kept].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  take(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name && value !== undefined) this.kept.set(name, value);
    }
  }

  session(): string | undefined {
    return [...this.kept.keys()].find((name) => name.includes("session"));
  }
}

/** The server in memory. */
export class MemoryOffice implements Office {
  readonly server = new FakeServer();
  readonly subjects = {
    site: SITE,
    plan: PLAN,
    check: { code: "fire-alarm-weekly", revision: 1 },
    asset: ASSET,
    answers: { sounder: "pass" },
  };
  readonly picture = new Uint8Array([0xff, 0xd8, 0xff]);
  readonly password = "right";
  readonly people = [
    { id: PERSON, email: "sam@example.org" },
    { id: "99999999-9999-4999-8999-999999999999", email: "ann@example.org" },
  ];
  readonly slow = false;
  private down = 0;

  now(): Date {
    return new Date("2026-11-24T09:00:00Z");
  }

  async fetch(path: string, init: RequestInit): Promise<Response> {
    if (this.down > 0) {
      this.down--;
      throw new TypeError("connection refused");
    }
    if (path.endsWith("/sign-in")) {
      const { email } = JSON.parse(String(init.body)) as { email: string };
      const at = this.people.findIndex((one) => one.email === email);
      this.server.me = { ...this.server.me, person: { id: this.people[at]?.id ?? PERSON, name: `Person ${at}` } };
    }
    return this.server.fetch(path, init);
  }

  async restart(chance: Chance): Promise<void> {
    this.down = chance.whole(1, 4);
  }

  async ready(): Promise<void> {
    this.down = 0;
  }

  expire(): void {
    this.server.signedIn = false;
  }

  /** Pushes of a phone that was taken out of use are kept whole all the same; its sign-in is over. */
  async revoke(): Promise<void> {
    this.server.signedIn = false;
    this.server.hold = { has: () => true } as unknown as Set<string>;
  }

  async takeCopy(copy: string): Promise<void> {
    const { envelopes, files } = JSON.parse(copy) as {
      envelopes: { body: string; signature: string }[];
      files: { sha256: string; size: number; data: string }[];
    };
    const proof = { "X-Device-Signature": "copied" };
    for (const { body } of envelopes) {
      await this.server.fetch("/api/v1/field/ops", { method: "POST", body, headers: proof, credentials: "omit" });
    }
    for (const { sha256, size, data } of files) {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const here = this.server.files.get(sha256)?.bytes.length ?? 0;
      if (here >= size) continue;
      const headers = { "Upload-Offset": String(here), "Upload-Length": String(size) };
      const body = bytes.slice(here).buffer;
      await this.server.fetch(`/api/v1/field/files/${sha256}`, { method: "PUT", body, headers });
    }
  }

  arrived() {
    return new Map(
      [...this.server.ops].map(([id, { op }]) => [id, { kind: op.kind, author: op.author, body: op.body }]),
    );
  }

  hasPhoto(ref: PhotoRef): boolean {
    const file = this.server.files.get(ref.sha256);
    return file?.done === true && file.bytes.length === ref.size;
  }
}

interface Told {
  url: string;
  control: string;
  password: string;
  people: { id: Uuid; email: string }[];
  office: string;
  subjects: Subjects;
  picture: string;
}

/** A real Siteward. `told` is the file in which the test says where it is and what is in it. */
export class RealOffice implements Office {
  readonly slow = true;
  private restarting: Promise<unknown> = Promise.resolve();
  private readonly told: Told;
  readonly subjects: Subjects;
  readonly picture: Uint8Array;
  readonly people;
  readonly password;
  /** Sessions that were begun before: signing in is counted, and a thousand days have many mornings. */
  private readonly begun = new Map<string, string>();

  constructor(file: string) {
    this.told = JSON.parse(readFileSync(file, "utf8")) as Told;
    this.subjects = this.told.subjects;
    this.picture = Uint8Array.from(atob(this.told.picture), (letter) => letter.charCodeAt(0));
    this.people = this.told.people;
    this.password = this.told.password;
  }

  now(): Date {
    return new Date();
  }

  async fetch(path: string, init: RequestInit, cookies: Cookies): Promise<Response> {
    if (path.endsWith("/sign-in")) {
      const { email } = JSON.parse(String(init.body)) as { email: string };
      return this.signIn(email, init, cookies);
    }
    return this.ask(path, init, cookies);
  }

  private async ask(path: string, init: RequestInit, cookies: Cookies): Promise<Response> {
    const headers = new Headers(init.headers);
    if (init.credentials !== "omit" && cookies.kept.size) headers.set("Cookie", cookies.header());
    const response = await fetch(this.told.url + path, { ...init, headers });
    if (init.credentials !== "omit") cookies.take(response);
    return response;
  }

  private async signIn(email: string, init: RequestInit, cookies: Cookies): Promise<Response> {
    const before = this.begun.get(email);
    if (before) {
      cookies.kept.set("sessionid", before);
      for (const name of [...cookies.kept.keys()]) if (name.includes("session")) cookies.kept.set(name, before);
      const me = await this.ask("/api/v1/field/me", { headers: { Accept: "application/json" } }, cookies);
      if (me.status === 200) return me;
      this.begun.delete(email);
    }
    for (const name of [...cookies.kept.keys()]) cookies.kept.delete(name);
    const answer = await this.ask("/api/v1/field/sign-in", init, cookies);
    const name = cookies.session();
    if (answer.status === 200 && name) this.begun.set(email, cookies.kept.get(name) ?? "");
    return answer;
  }

  expire(cookies: Cookies): void {
    const name = cookies.session();
    if (name) cookies.kept.set(name, "x".repeat(32));
  }

  async restart(): Promise<void> {
    this.restarting = Promise.all([this.restarting, fetch(`${this.told.control}/restart`, { method: "POST" })]);
    await this.restarting;
  }

  async ready(): Promise<void> {
    await this.restarting;
  }

  async revoke(device: Uuid): Promise<void> {
    await fetch(`${this.told.control}/revoke`, { method: "POST", body: device });
  }

  async takeCopy(copy: string): Promise<void> {
    const answer = await fetch(`${this.told.control}/copy`, { method: "POST", body: copy });
    if (answer.status !== 200) throw new Error(`the office could not take in the copy: ${await answer.text()}`);
  }

  arrived(): null {
    return null;
  }

  hasPhoto(): null {
    return null;
  }
}
