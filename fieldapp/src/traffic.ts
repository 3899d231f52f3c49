/** Everything that goes over the network by itself: one turn sends what waits, then fetches what is new. */

import { EngineError } from "./errors";
import type { Device } from "./keys";
import { Loop } from "./loop";
import { csrfToken } from "./net";
import type { Outside } from "./network";
import type { Photos } from "./photos";
import { keepPerson, type Pulled, pullMe, pullSite } from "./pull";
import { finishSignOut } from "./session";
import { asOnlySender, type Outcome, type Pusher } from "./sync";
import { W } from "./words";

const PULL_AFTER = 5 * 60_000;
/** People of a few sites carry them all; a trust-wide person fetches a site when choosing it. */
const SITES_CARRIED = 4;

export interface Reason {
  /** Fetch the lists too. */
  pull?: boolean;
  /** Try photos again that the server refused. */
  refused?: boolean;
}

export class Traffic {
  private readonly loop: Loop;
  private wanted: Reason = {};
  private pulling: Promise<Pulled<unknown>> | null = null;

  constructor(
    private readonly outside: Outside,
    private readonly device: Device,
    private readonly pusher: Pusher,
    private readonly photos: Photos,
  ) {
    this.loop = new Loop(outside.world, () => this.turn());
  }

  kick(reason: Reason = {}): Promise<void> {
    this.wanted = { pull: this.wanted.pull || reason.pull, refused: this.wanted.refused || reason.refused };
    return this.loop.kick();
  }

  /** The app came to the front: send, and fetch if the lists are more than five minutes old. */
  wake(): void {
    const pulled = this.outside.desk.snapshot().sync.last_pulled_at;
    const old = !pulled || Math.abs(this.outside.world.now().getTime() - Date.parse(pulled)) > PULL_AFTER;
    void this.kick({ pull: old });
  }

  stop(): void {
    this.loop.stop();
  }

  async pullNow(): Promise<void> {
    const pulled = await this.pull();
    if (pulled.kind === "signed-out") throw new EngineError("not-signed-in", W.engine.signInAgain);
    if (pulled.kind === "trouble") throw new EngineError("no-signal", pulled.words);
  }

  /** One turn. True when nothing is left to do. */
  private async turn(): Promise<boolean> {
    const { pull, refused } = this.wanted;
    this.wanted = {};
    const sent = await asOnlySender(this.outside.store, this.outside.world, () => this.send(refused ?? false));
    let problem = sent?.trouble ?? null;
    if (pull || (sent && sent.settled > 0)) {
      const pulled = await this.pull();
      if (pulled.kind === "trouble") {
        problem ??= pulled.words;
        this.wanted.pull = true;
      }
    }
    if (sent) this.outside.desk.sync({ problem });
    const { waiting, photos_waiting } = this.outside.desk.snapshot().sync;
    // Another tab sends: look again later whether it got everything through.
    if (!sent) return waiting + photos_waiting === 0 && !this.wanted.pull;
    return problem === null;
  }

  private async send(refused: boolean): Promise<Outcome> {
    this.outside.desk.sync({ sending: true });
    try {
      await finishSignOut(this.outside.store, this.outside.world);
      const { person } = this.outside.desk;
      if (person && !this.outside.desk.snapshot().session.expired && (await this.device.register(person))) {
        person.registered = true;
      }
      const ops = await this.pusher.push();
      const files = await this.photos.upload({ refused });
      if (ops.settled || files.settled) this.outside.changed("work");
      if (ops.expired || files.expired) await this.expire();
      await this.outside.desk.refreshWork([]);
      return { settled: ops.settled + files.settled, trouble: ops.trouble ?? files.trouble, expired: ops.expired };
    } finally {
      this.outside.desk.sync({ sending: false });
    }
  }

  private pull(): Promise<Pulled<unknown>> {
    this.pulling ??= this.pullAll().finally(() => {
      this.pulling = null;
    });
    return this.pulling;
  }

  /** Signed out here, or a browser in which nobody ever signed in: no need to ask the server who it is. */
  private async nobody(): Promise<boolean> {
    const { store, desk, world } = this.outside;
    if (await store.meta("sign_out_pending")) return true;
    return desk.person === null && !csrfToken(world.cookie());
  }

  private async pullAll(): Promise<Pulled<unknown>> {
    if (await this.nobody()) return { kind: "signed-out" };
    this.outside.desk.sync({ pulling: true });
    try {
      const me = await pullMe(this.outside.world);
      if (me.kind === "signed-out") await this.expire();
      if (me.kind !== "ok") return me;
      // Somebody else has signed in in this browser: not under the hands of whoever is typing.
      const other = this.outside.desk.person !== null && this.outside.desk.person.id !== me.value.person.id;
      if (other && this.outside.isFormOpen()) return { kind: "trouble", words: W.engine.somebodyElse };
      const person = await keepPerson(this.outside.store, me.value);
      await this.outside.desk.refresh();
      const chosen = person.site;
      if (!chosen) return me;
      const pulled = await pullSite(this.outside.store, this.outside.world, person.id, chosen);
      await this.outside.desk.refresh();
      this.outside.changed("all");
      if (pulled.kind === "ok" && person.sites.length <= SITES_CARRIED) {
        for (const { id } of person.sites)
          if (id !== chosen) await pullSite(this.outside.store, this.outside.world, person.id, id);
      }
      return pulled;
    } finally {
      this.outside.desk.sync({ pulling: false });
    }
  }

  /** The sign-in has run out: work goes on and is sent by signature; only fresh lists need a new one. */
  private async expire(): Promise<void> {
    if (!this.outside.desk.person) return;
    await this.outside.store.setMeta("expired", true);
    await this.outside.desk.refresh();
  }
}
