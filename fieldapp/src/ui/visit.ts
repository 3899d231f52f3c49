/** How we came to stand before a thing: by its label, or by picking it. The record says which. */

import type { Presence, Uuid } from "../engine";

interface Visit {
  asset: Uuid;
  tag: string;
  presence: Presence;
  at: number;
}

const STALE = 30 * 60_000;
let visit: Visit | null = null;

/** A label was read (or its code typed) and it is on this asset. */
export function arrived(asset: Uuid, tag: string, presence: Presence): void {
  visit = { asset, tag, presence, at: Date.now() };
}

/** The label that proves presence at this asset, for half an hour after it was read. */
export function visitTo(asset: Uuid | null): { tag: string | null; presence: Presence } {
  const fresh = visit && asset && visit.asset === asset && Date.now() - visit.at < STALE;
  return fresh && visit ? { tag: visit.tag, presence: visit.presence } : { tag: null, presence: "typed" };
}
