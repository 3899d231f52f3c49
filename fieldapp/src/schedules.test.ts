/**
 * Random bad days of a phone. `SITEWARD_SCHEDULES=1000 npx vitest run src/schedules.test.ts` lives through a thousand,
 * `SITEWARD_SEED=123 SITEWARD_SCHEDULES=1` through that one again. With SITEWARD_OFFICE (tests/field) the server is real.
 */

import "fake-indexeddb/auto";
import { appendFileSync } from "node:fs";
import { expect, it } from "vitest";
import { BadDay } from "./testing/badday";
import { MemoryOffice, RealOffice } from "./testing/offices";

const { SITEWARD_SCHEDULES, SITEWARD_SEED, SITEWARD_OFFICE, SITEWARD_LEDGER } = process.env;
const HOW_MANY = Number(SITEWARD_SCHEDULES ?? 60);
// A few days are the same each time; many are other ones each time.
const FIRST_SEED = Number(SITEWARD_SEED ?? (SITEWARD_SCHEDULES ? Math.floor(Math.random() * 1_000_000_000) : 1));
/** A day with a real server may hold several restarts, each as slow as the machine is busy. */
const LONGEST = SITEWARD_OFFICE ? 240_000 : 60_000;

// What a browser has and Node has not; no bad day turns on it.
Object.assign(globalThis, { matchMedia: () => ({ matches: false }) });

const office = SITEWARD_OFFICE ? new RealOffice(SITEWARD_OFFICE) : null;

it(`${HOW_MANY} bad days lose, double and change nothing`, { timeout: HOW_MANY * LONGEST }, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + HOW_MANY; seed++) {
    const day = new BadDay(seed, office ?? new MemoryOffice());
    const wrong = await Promise.race([day.live().catch((error: unknown) => [String((error as Error).stack)]), hung()]);
    if (SITEWARD_LEDGER) appendFileSync(SITEWARD_LEDGER, `${JSON.stringify(day.ledger)}\n`);
    const again = `again: SITEWARD_SEED=${seed} SITEWARD_SCHEDULES=1`;
    expect(wrong, `seed ${seed}; ${again}; ${day.ledger.did.join(", ")}`).toEqual([]);
  }
});

function hung(): Promise<string[]> {
  return new Promise((done) => setTimeout(() => done(["it hung"]), LONGEST).unref());
}
