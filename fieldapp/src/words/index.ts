/**
 * The words of the person's language. English is words/en.ts, its shape is every language's shape: a missing word is a
 * type error. One file is fetched, before anything else of the app runs, so a module may use `W` at its top.
 */

import { remember, remembered } from "../ui/remember";
import type { English } from "./en";

export type Words = English;
export type Language = "en" | "pl";

/** Each under its own name, as its speakers write it. */
export const LANGUAGES: Record<Language, string> = { en: "English", pl: "Polski" };
const FILES: Record<Language, () => Promise<{ words: Words }>> = { en: () => import("./en"), pl: () => import("./pl") };
const KEY = "siteward-language";

export let W: Words;
/** What the words are in; the server's own words (titles, questions, law) stay English. */
export let language: Language = "en";

/** The person's choice on this phone, else the phone's own language where we have it, else English. */
export function wanted(): Language {
  const asked = [remembered(KEY), ...(globalThis.navigator?.languages ?? [])];
  const codes = asked.map((each) => each?.slice(0, 2).toLowerCase());
  return (codes.find((code) => code !== undefined && code in LANGUAGES) as Language | undefined) ?? "en";
}

export async function speak(choice: Language = wanted()): Promise<void> {
  try {
    W = (await FILES[choice]()).words;
    language = choice;
  } catch (error) {
    if (choice === "en") throw error;
    return speak("en");
  }
  if (typeof document !== "undefined") document.documentElement.lang = choice === "en" ? "en-GB" : choice;
}

/** The app starts anew in it. What stands half filled in is kept, as at any other start. */
export async function choose(choice: Language): Promise<void> {
  await FILES[choice]();
  remember(KEY, choice);
  location.reload();
}

/** For what the server says, when the app speaks something else: a screen reader changes its voice. */
export function english(): { lang?: string } {
  return language === "en" ? {} : { lang: "en-GB" };
}
