/** When to send and when to fetch: at once when there is a reason, otherwise again and again with growing pauses. */

import type { World } from "./world";

const FIRST_PAUSE = 2_000;
const GROWTH = 1.7;
const LONGEST_SEEN = 15_000;
const LONGEST_HIDDEN = 300_000;

export class Loop {
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly world: Pick<World, "visible">,
    /** One attempt; true when there is nothing left to do. */
    private readonly attempt: () => Promise<boolean>,
    private readonly random: () => number = Math.random,
  ) {}

  /** There is a reason to try now: forget the pauses. Resolves when the attempt that this asked for is over. */
  kick(): Promise<void> {
    this.failures = 0;
    return this.run();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** The pause before the next attempt, in milliseconds: 2 s × 1.7ⁿ with jitter, to 15 s seen and 5 minutes hidden. */
  pause(): number {
    const longest = this.world.visible() ? LONGEST_SEEN : LONGEST_HIDDEN;
    const plain = Math.min(longest, FIRST_PAUSE * GROWTH ** this.failures);
    return Math.min(longest, plain * (0.75 + this.random() / 2));
  }

  private run(): Promise<void> {
    this.stop();
    if (this.running) {
      // Something new came while we were at it: once more afterwards, and whoever asked waits for that.
      this.again = true;
      return this.running;
    }
    this.running = this.turn().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async turn(): Promise<void> {
    let finished: boolean;
    do {
      this.again = false;
      finished = await this.attempt().catch(() => false);
    } while (this.again);
    if (finished) {
      this.failures = 0;
      return;
    }
    this.timer = setTimeout(() => void this.run(), this.pause());
    this.failures++;
  }
}
