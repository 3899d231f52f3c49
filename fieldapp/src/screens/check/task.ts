/** What is being recorded, on what: the same form serves a plan, an event's check and a correction. */

import type { Asset, CheckForm, Place, PlanView, Uuid } from "../../engine";

export interface CheckTask {
  /** Where its draft is kept. */
  key: string;
  form: CheckForm;
  /** Null for a check that an event calls for. */
  view: PlanView | null;
  asset: Asset | null;
  building: Uuid | null;
  site: Uuid | null;
  place: Place;
  /** Its plan is in the lists no longer: what was begun can be saved all the same, and the office settles it. */
  gone?: boolean;
  /** A question that the thing we came from answers. */
  fill?: { question: string; thing: Uuid };
  /** For a correction: the record that it takes the place of, and when that was done. */
  supersedes?: { op: Uuid; done_at: string };
}
