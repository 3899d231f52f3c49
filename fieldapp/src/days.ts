/** Days as ISO dates in London, whatever zone the phone is set to. */

import type { IsoDate, IsoTime } from "./types";

const london = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Europe/London",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/** The day it is in London at that moment. */
export function dayOf(moment: Date | IsoTime): IsoDate {
  const parts = london.formatToParts(typeof moment === "string" ? new Date(moment) : moment);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Whole days from one date to another; negative when the second is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
