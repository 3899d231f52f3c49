/** Light, dark or as the phone: remembered on this phone, for nobody else's business. */

import { remember, remembered } from "./remember";

export type Theme = "system" | "light" | "dark";
const KEY = "siteward-theme";

export function theme(): Theme {
  const kept = remembered(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(choice: Theme): void {
  remember(KEY, choice === "system" ? null : choice);
  show(choice);
}

export function show(choice = theme()): void {
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}
