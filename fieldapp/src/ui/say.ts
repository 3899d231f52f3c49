/** Dates, ages and sizes as a caretaker says them. */

import { W } from "../words";

const DAY = 86_400_000;

/** "Fri 27 Nov", with the year when it is not this one. Takes an ISO date or time. */
export function day(iso: string, now = new Date()): string {
  const d = iso.length === 10 ? new Date(`${iso}T12:00:00`) : new Date(iso);
  const words = `${W.days[d.getDay()]} ${d.getDate()} ${W.months[d.getMonth()]}`;
  return d.getFullYear() === now.getFullYear() ? words : `${words} ${d.getFullYear()}`;
}

/** "today at 10:42", "yesterday at 16:05", "Fri 27 Nov at 09:00" */
export function moment(iso: string, now = new Date()): string {
  const d = new Date(iso);
  const time = `${two(d.getHours())}:${two(d.getMinutes())}`;
  const apart = daysBetween(d, now);
  const when = apart === 0 ? W.today : apart === 1 ? W.yesterday : day(iso, now);
  return W.at(when, time);
}

/** Whole calendar days from one to the other, in the phone's own zone. */
export function daysBetween(from: Date, to: Date): number {
  const a = Date.UTC(from.getFullYear(), from.getMonth(), from.getDate());
  const b = Date.UTC(to.getFullYear(), to.getMonth(), to.getDate());
  return Math.round((b - a) / DAY);
}

/** Today's date here, "2026-11-27". */
export function isoDate(d = new Date()): string {
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/** "1:05" */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** "12 MB", "1.2 GB" */
export function bytes(n: number): string {
  return n >= 1e9 ? W.outbox.gb(Math.round(n / 1e8) / 10) : W.outbox.mb(Math.max(1, Math.round(n / 1e6)));
}

/** "satisfactory-with-advisories" as words, first letter large. Units and codes are left alone by their callers. */
export function plain(key: string): string {
  const words = key.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "Tap 2" before "Tap 10". */
export function natural(a: string, b: string): number {
  return a.localeCompare(b, "en-GB", { numeric: true });
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
