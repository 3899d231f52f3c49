/** A bad day of one phone: saving work while everything goes wrong, and in the evening, when all works again, a reckoning. */

import { canonical } from "../canonical";
import { exportUnsent } from "../export";
import { photosOf } from "../journal";
import type { Uuid } from "../types";
import { Chance } from "./chance";
import { AFTER, BEFORE, type Fault, Handset, type Tab, unsent } from "./handset";
import { type Entry, judgeOffice, judgePhone, type Ledger, lookBack } from "./judging";
import type { Office } from "./offices";
import { refusal, somePhotos, someWork } from "./writing";

const STEPS = 14;
const JUMPS = [-7_200_000, -61_000, 61_000, 200_000];
/** Longer than a page that died while sending keeps the others from it. */
const LEASE = 61_000;

type Happening = [weight: number, name: string, what: () => Promise<unknown> | undefined];

export class BadDay {
  private readonly chance: Chance;
  private readonly phone: Handset;
  private who = 0;
  private copy: string | null = null;
  private marks = 0;
  readonly ledger: Ledger;

  constructor(
    seed: number,
    private readonly office: Office,
  ) {
    this.chance = new Chance(seed);
    this.phone = new Handset(seed, office, this.chance);
    this.ledger = { seed, device: "", revoked: false, drowned: false, entries: [], did: [] };
  }

  /** Lives through it. Resolves to what was wrong, in words; nothing when all is well. */
  async live(): Promise<string[]> {
    await this.phone.open();
    await this.signIn();
    await this.tab().engine.pushNow();
    this.ledger.device = (await this.tab().network.device.row()).id;
    for (let step = 0; step < STEPS; step++) await this.something();
    await this.evening();
    this.wrong.push(...(await judgePhone(this.tab(), this.ledger)), ...judgeOffice(this.office, this.ledger));
    await this.phone.throwAway();
    return this.wrong;
  }

  private get wrong(): string[] {
    return this.phone.wrong;
  }

  private tab(): Tab {
    return this.phone.tab();
  }

  /* ----- what happens ----- */

  private happenings(): Happening[] {
    const { chance, phone } = this;
    return [
      [26, "save", () => this.save()],
      [8, "save three at once", () => Promise.all([this.save(), this.save(), this.save()])],
      [12, "send", () => this.tab().engine.pushNow()],
      [8, "signal", () => void Object.assign(phone, { online: !phone.online })],
      [14, "faults", () => void Object.assign(phone, { faults: this.someFaults() })],
      [9, "kill", () => this.kill()],
      [14, "die soon", () => void this.tab().life.dieIn(chance.whole(1, 40))],
      [5, "restart", () => this.restart()],
      [6, "expire", () => void this.office.expire(phone.cookies)],
      [5, "sign in", () => this.signIn()],
      [4, "another person", () => this.another()],
      [3, "sign out", () => this.signOut()],
      [6, "full", () => void Object.assign(phone.room, { full: !phone.room.full })],
      [3, "store closed", () => void Object.assign(phone.room, { closed: chance.whole(1, 3) })],
      [6, "tab", () => this.otherTab()],
      [4, "clock", () => void Object.assign(phone, { ahead: phone.ahead + chance.pick(JUMPS) })],
      [3, "copy", () => this.saveCopy()],
      [1, "revoke", () => this.revoke()],
    ];
  }

  private async something(): Promise<void> {
    const all = this.happenings();
    const which = all.flatMap((one) => Array.from({ length: one[0] }, () => one));
    const [, name, what] = this.chance.pick(which);
    this.ledger.did.push(name);
    // Switching the phone off and on ends every page by itself.
    await (name === "kill" ? what() : this.through(what));
  }

  /** Goes through with it, unless a page dies in the middle: then the phone is switched off and on. */
  private async through(what: Happening[2]): Promise<void> {
    const going = Promise.resolve(what()).then(() => "done" as const);
    for (;;) {
      const deaths = this.phone.tabs.map((tab) => tab.life.died.then(() => "dead" as const));
      const end = await Promise.race([going, ...deaths]);
      if (this.phone.tabs.some((tab) => tab.life.dead)) break;
      if (end === "done") return;
    }
    this.ledger.did.push("died");
    await this.kill();
  }

  private async kill(): Promise<void> {
    await this.phone.kill();
    await this.lookBack();
  }

  private async lookBack(): Promise<void> {
    this.wrong.push(...(await lookBack(this.tab(), this.ledger.entries)));
  }

  private someFaults(): Fault[] {
    const fault = () => {
      const kind = this.chance.pick<Fault>([...BEFORE, ...AFTER, ...AFTER]);
      // A real server takes seconds to come back; a few restarts do.
      return kind === "restart" && this.office.slow && this.chance.often(0.8) ? "drop-after" : kind;
    };
    return Array.from({ length: this.chance.whole(1, 4) }, fault);
  }

  private async restart(): Promise<void> {
    if (this.office.slow && this.chance.often(0.85)) return;
    await this.office.restart(this.chance);
  }

  private async signIn(): Promise<void> {
    const email = this.office.people[this.who]?.email ?? "";
    await this.tab().engine.signIn(email, this.office.password).catch(refusal);
  }

  private async another(): Promise<void> {
    this.who = 1 - this.who;
    await this.signIn();
  }

  private async signOut(): Promise<void> {
    const tab = this.tab();
    const me = tab.desk.person?.id;
    if (!me) return;
    try {
      await tab.engine.signOut();
    } catch (error) {
      return refusal(error);
    }
    const left = await unsent(tab);
    if (left.some((row) => row.op.author === me)) this.wrong.push("signed out although work was unsent");
  }

  /** A second page of the app; when there are two, the older is closed. */
  private async otherTab(): Promise<void> {
    if (this.phone.tabs.length === 1) return this.phone.open();
    this.phone.closeOldest();
    await this.lookBack();
  }

  private async saveCopy(): Promise<void> {
    const { life, store, network } = this.tab();
    try {
      const saved = await exportUnsent(store, this.phone.world(life), network.device, network.photos);
      this.copy = await saved.blob.text();
    } catch (error) {
      refusal(error);
    }
  }

  private async revoke(): Promise<void> {
    if (this.ledger.revoked) return;
    this.ledger.revoked = true;
    await this.office.revoke(this.ledger.device);
  }

  /* ----- saving ----- */

  private async save(): Promise<void> {
    const tab = this.chance.pick(this.phone.tabs);
    const author = tab.desk.person?.id;
    if (!author) return;
    const key = `work:${++this.marks}`;
    const mark = `${this.phone.name}, ${key}: “ß” 😀 ${this.chance.next()}`;
    const refs = await somePhotos(tab, this.office.picture, this.chance, mark);
    const reported = this.ledger.entries.find((one) => one.kind === "defect_reported" && one.id)?.id ?? undefined;
    const made = someWork(this.office.subjects, this.chance, mark, this.phone.now(), refs, reported);
    const text = canonical(made.body);
    const photos = photosOf(made.body);
    const entry: Entry = { ...made, id: null, author, key, photos, text, state: "unknown", drafted: false };
    const { room } = this.phone;
    const sound = !room.full && room.closed === 0;
    this.ledger.entries.push(entry);
    tab.engine.saveDraft(key, made.body);
    await tab.engine.flush();
    entry.drafted = sound && !room.full;
    await this.record(tab, entry);
  }

  private async record(tab: Tab, entry: Entry): Promise<void> {
    entry.state = "unknown";
    try {
      const { id } = await tab.engine.record(entry.kind, entry.body, { draft: entry.key });
      Object.assign(entry, { id, state: "saved" });
    } catch (error) {
      refusal(error);
      entry.state = "refused";
    }
  }

  /* ----- the evening: everything works again ----- */

  private async evening(): Promise<void> {
    this.phone.heal();
    await this.office.ready();
    await this.kill();
    if (this.copy && this.chance.often(0.5)) await this.office.takeCopy(this.copy);
    await this.signIn();
    for (const entry of this.ledger.entries) if (entry.state !== "saved") await this.finish(entry);
    // On a phone that was taken out of use nobody signs in: what was never saved stays a draft.
    if (this.ledger.revoked) this.ledger.entries = this.ledger.entries.filter(({ state }) => state === "saved");
    if (this.chance.often(0.1)) return this.drown();
    for (let turn = 0; turn < 12; turn++) {
      await this.tab().engine.pushNow();
      if (!(await unsent(this.tab())).length) break;
      this.phone.ahead += LEASE;
    }
    // A phone that was taken out of use sends no photos: its owner gives the office a copy, as the app says.
    if (this.ledger.revoked && (await unsent(this.tab())).length) return this.drown();
    if (this.copy && this.chance.often(0.5)) await this.office.takeCopy(this.copy);
  }

  /** Whoever wrote it down saves what is still a draft. */
  private async finish(entry: Entry): Promise<void> {
    const tab = this.tab();
    this.who = this.office.people.findIndex((one) => one.id === entry.author);
    if (tab.desk.person?.id !== entry.author) await this.signIn();
    if (tab.desk.person?.id !== entry.author) {
      if (!this.ledger.revoked) this.wrong.push(`${entry.key}: its author could not sign in again`);
      return;
    }
    const shown = await tab.engine.drafts();
    if (shown.some(({ key }) => !this.isOf(key, entry.author))) this.wrong.push("another's draft is shown");
    await this.record(tab, entry);
  }

  private isOf(key: string, author: Uuid): boolean {
    return this.ledger.entries.some((one) => one.key === key && one.author === author);
  }

  /** The phone falls into the pond: the copy saved just before is all there is. It is taken in twice. */
  private async drown(): Promise<void> {
    await this.saveCopy();
    this.ledger.drowned = true;
    if (!this.copy) return;
    await this.office.takeCopy(this.copy);
    await this.office.takeCopy(this.copy);
  }
}
