/** Which checks are for now, which can wait in a fold, and which to begin with: Today as a list to work through. */

import type { PlanView } from "../engine";
import { byUrgency } from "../today";
import { isOutside } from "../ui/competence";

/** now: in the list. early: in date, could be done already. outside: a specialist does it, and it is not overdue. */
export type Shelf = "now" | "early" | "outside";

export function shelfOf(view: PlanView): Shelf {
  if (view.status === "overdue") return "now";
  if (isOutside(view.form)) return "outside";
  return view.status === "in-date" ? "early" : "now";
}

/** The caretaker's own work that is owed: what a headline or a main button may send somebody to. */
export function isNext(view: PlanView): boolean {
  return shelfOf(view) === "now" && !isOutside(view.form);
}

export interface PlaceRows {
  /** The building's id, or "site". */
  key: string;
  /** Null for what belongs to no building. */
  name: string | null;
  items: PlanView[];
}

/** By building: the one with the most urgent row first, and within each the most urgent row first. */
export function byPlace(views: readonly PlanView[]): PlaceRows[] {
  const places = new Map<string, PlaceRows>();
  for (const view of [...views].sort(byUrgency)) {
    const { building } = view.place;
    const key = building?.id ?? "site";
    const place = places.get(key) ?? { key, name: building?.name ?? null, items: [] };
    place.items.push(view);
    places.set(key, place);
  }
  return [...places.values()];
}
