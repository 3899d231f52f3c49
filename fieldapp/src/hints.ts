/** Why nothing is read: judged from the frames themselves, and told only after some looking. */

import type { Look } from "./frames";

export type Hint = "dark" | "blurred" | "distance";

export const PATIENCE = 4_000;
/** Below this the brightest tenth of the picture is dark. */
const DARK = 60;
/** A sharp picture's steepest edges cross four fifths of its range within two points; a blurred one's less than half. */
const SHARP = 0.5;

export class Hints {
  private since: number;
  private light = 0;
  private edges = 0;
  private seen = 0;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.since = now();
  }

  /** Something was read, or the person changed something: look anew. */
  restart(): void {
    this.since = this.now();
    this.seen = 0;
  }

  /** One more frame without a label; what to tell the person, if it is time. */
  missed(look: Look): Hint | null {
    const share = this.seen++ ? 0.2 : 1;
    this.light += (look.light - this.light) * share;
    this.edges += (look.edges - this.edges) * share;
    if (this.now() - this.since < PATIENCE) return null;
    if (this.light < DARK) return "dark";
    return this.edges < SHARP ? "blurred" : "distance";
  }
}
