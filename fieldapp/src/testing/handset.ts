/** A phone whose pages may die, and the network between it and the office, which fails as it is told to. */

import { canonical } from "../canonical";
import { Desk } from "../desk";
import { Network } from "../network";
import { buildEngine } from "../phone";
import type { OpRow } from "../rows";
import type { Uuid } from "../types";
import type { World } from "../world";
import { Chance } from "./chance";
import { Life, Locks, MortalStore, type Room } from "./mortal";
import { Cookies, type Office } from "./offices";

export const BEFORE = ["drop", "captive", "captive-json", "502", "503", "413", "429", "401"] as const;
export const AFTER = ["drop-after", "half-after", "twin", "die-after", "restart"] as const;
export type Fault = (typeof BEFORE)[number] | (typeof AFTER)[number];

export interface Tab {
  life: Life;
  store: MortalStore;
  desk: Desk;
  network: Network;
  engine: ReturnType<typeof buildEngine>;
}

const JSON_TYPE = { "Content-Type": "application/json" };

export class Handset {
  readonly room: Room = { full: false, closed: 0 };
  readonly cookies = new Cookies();
  readonly name: string;
  readonly wrong: string[] = [];
  online = true;
  /** Milliseconds by which its clock is ahead. */
  ahead = 0;
  /** What becomes of the next calls. */
  faults: Fault[] = [];
  tabs: Tab[] = [];
  private readonly locks: Locks | null;
  private readonly sent = new Map<Uuid, string>();
  private opened = 1;

  constructor(
    private readonly seed: number,
    private readonly office: Office,
    private readonly chance: Chance,
  ) {
    this.name = `bad-day-${seed}-${Math.random()}`;
    this.locks = chance.often(0.6) ? new Locks() : null;
  }

  now(): Date {
    return new Date(this.office.now().getTime() + this.ahead);
  }

  tab(): Tab {
    const tab = this.tabs.at(-1);
    if (!tab) throw new Error("no page is open");
    return tab;
  }

  async open(): Promise<void> {
    const life = new Life();
    const store = new MortalStore(this.name, life, this.room, new Chance(this.seed + this.opened++));
    const world = this.world(life);
    const desk = new Desk(store, world);
    const changed = () => {
      const others = this.tabs.filter((tab) => tab.life !== life);
      for (const tab of others) void tab.desk.refreshWork().catch(() => undefined);
    };
    const outside = { store, world, desk, changed, isFormOpen: () => false };
    const network = new Network(outside);
    const engine = buildEngine({ ...outside, network: async () => network, formOpen: () => undefined });
    await desk.refresh();
    this.tabs.push({ life, store, desk, network, engine });
  }

  world(life: Life): World {
    return {
      fetch: (input, init) => this.fetch(life, String(input), init ?? {}),
      now: () => this.now(),
      elapsed: () => 1000,
      locks: this.locks?.of(life) ?? null,
      host: "checks.example.org",
      visible: () => true,
      online: () => this.online,
      cookie: () => this.cookies.header(),
      app: "1.0.0",
    };
  }

  /** The battery is flat: every page is gone, and the phone is switched on again. */
  async kill(): Promise<void> {
    for (const tab of this.tabs) close(tab);
    this.tabs = [];
    this.room.closed = 0;
    await this.open();
  }

  closeOldest(): void {
    const tab = this.tabs.shift();
    if (tab) close(tab);
  }

  /** Everything works again. */
  heal(): void {
    Object.assign(this, { online: true, faults: [], ahead: 0 });
    Object.assign(this.room, { full: false, closed: 0 });
  }

  async throwAway(): Promise<void> {
    for (const tab of this.tabs) {
      tab.network.traffic.stop();
      await tab.store.close();
      tab.life.die();
    }
    indexedDB.deleteDatabase(this.name);
  }

  private async fetch(life: Life, path: string, init: RequestInit): Promise<Response> {
    await life.step();
    if (!this.online) throw new TypeError("network");
    this.note(path, init);
    const fault = this.faults.shift();
    const spoilt = this.before(fault);
    if (spoilt) return spoilt;
    const response = await this.reach(fault, path, init);
    if (fault === "die-after") life.die();
    await life.step();
    if (fault === "drop-after") throw new TypeError("network");
    if (fault !== "half-after") return response;
    const text = await response.text();
    return new Response(response.status === 204 ? null : text.slice(0, text.length / 2), response);
  }

  private before(fault: Fault | undefined): Response | null {
    if (fault === "drop") throw new TypeError("network");
    if (fault === "captive") return new Response("<html>Hotel</html>", { headers: { "Content-Type": "text/html" } });
    if (fault === "captive-json") {
      const results = [...this.sent.keys()].map((id) => ({ id, outcome: "welcome" }));
      const body = { status: "ok", server_time: "now", results, offset: "all" };
      return new Response(JSON.stringify(body), { headers: JSON_TYPE });
    }
    if (!fault || !/^\d+$/.test(fault)) return null;
    return new Response(JSON.stringify({ code: "x" }), { status: Number(fault), headers: JSON_TYPE });
  }

  private async reach(fault: Fault | undefined, path: string, init: RequestInit): Promise<Response> {
    const go = () => this.office.fetch(path, init, this.cookies);
    if (fault === "restart") {
      const [answer] = await Promise.allSettled([go(), this.office.restart(this.chance)]);
      if (answer.status === "rejected") throw new TypeError("network");
      return answer.value;
    }
    if (fault !== "twin") return go();
    const [first, second] = await Promise.all([go(), go()]);
    return this.chance.often(0.5) ? first : second;
  }

  /** The same number never goes out with another content. */
  private note(path: string, init: RequestInit): void {
    if (!path.endsWith("/ops")) return;
    const { ops } = JSON.parse(String(init.body)) as { ops: { id: Uuid }[] };
    for (const op of ops) {
      const form = canonical(op);
      if ((this.sent.get(op.id) ?? form) !== form) this.wrong.push(`${op.id} was sent with two contents`);
      this.sent.set(op.id, form);
    }
  }
}

function close(tab: Tab): void {
  tab.life.die();
  tab.network.traffic.stop();
}

/** The work that is not yet safe with the office, its photos included: read from the store, not from what the page says. */
export async function unsent(tab: Tab): Promise<OpRow[]> {
  const [ops, photos] = await tab.store.read((db) => Promise.all([db.getAll("ops"), db.getAll("photos")]));
  const lacking = new Set(photos.filter((photo) => photo.wanted && !photo.done).map((photo) => photo.sha256));
  return ops.filter((row) => row.state === "waiting" || row.photos.some((sha) => lacking.has(sha)));
}
