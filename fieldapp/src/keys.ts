/**
 * This phone's own key: its work is believed on the signature even when the sign-in has run out in a basement.
 * The private half cannot leave the phone: the browser keeps it, and we can only ask it to sign.
 */

import { base64, newId } from "./canonical";
import { getMeta, putMeta, type Store } from "./db";
import { call } from "./net";
import type { DeviceRow, PersonRow } from "./rows";
import type { World } from "./world";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };

export class Device {
  private known: Promise<DeviceRow> | null = null;

  constructor(
    private readonly store: Store,
    private readonly world: World,
  ) {}

  row(): Promise<DeviceRow> {
    this.known ??= this.load().catch((error: unknown) => {
      this.known = null;
      throw error;
    });
    return this.known;
  }

  /** Base64 ECDSA P-256/SHA-256 signature (r and s, 64 bytes) over exactly these bytes. */
  async sign(content: string | ArrayBuffer): Promise<string> {
    const { keys } = await this.row();
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    return base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, bytes));
  }

  /** The headers by which a call is believed without a session. */
  async proof(content: string | ArrayBuffer): Promise<Record<string, string>> {
    const [{ id }, signature] = await Promise.all([this.row(), this.sign(content)]);
    return { "X-Device": id, "X-Device-Signature": signature };
  }

  /** Tells the server, once for each person who signs in here. False when it could not be told now. */
  async register(person: PersonRow): Promise<boolean> {
    if (person.registered) return true;
    const { id, public_key } = await this.row();
    const body = JSON.stringify({ id, public_key, label: labelOf(navigator.userAgent), app: this.world.app });
    const reply = await call(this.world, "/devices", { method: "POST", body });
    if (reply.kind !== "json" || reply.status >= 300) return false;
    await this.store.write(["people"], async (tx) => {
      const people = tx.objectStore("people");
      const row = await people.get(person.id);
      if (row) await people.put({ ...row, registered: true });
    });
    return true;
  }

  private async load(): Promise<DeviceRow> {
    const found = await this.store.meta("device");
    if (found) return found;
    const keys = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    const public_key = base64(await crypto.subtle.exportKey("spki", keys.publicKey));
    const made: DeviceRow = { id: newId(this.world.now().getTime()), keys, public_key };
    return this.store.write(["meta"], async (tx) => {
      // Another tab may have made one meanwhile; the first stays.
      const first = await getMeta(tx, "device");
      if (first) return first;
      await putMeta(tx, "device", made);
      return made;
    });
  }
}

/** "iPhone", "Android phone, Pixel 8": how the office tells phones apart. */
export function labelOf(agent: string): string {
  if (/iPhone|iPad/.test(agent)) return /iPad/.test(agent) ? "iPad" : "iPhone";
  const android = /Android [^;)]*; ([^;)]+?)(?: Build|\))/.exec(agent);
  if (android) return `Android, ${android[1]}`;
  return /Windows|Macintosh|Linux|CrOS/.exec(agent)?.[0]?.replace("Macintosh", "Mac") ?? "Phone";
}
