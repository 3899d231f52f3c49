/** One live region for the whole app: what was saved, what is missing. */

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { tone } from "./sound";

let speak: (words: string) => void = () => undefined;

export function announce(words: string): void {
  speak("");
  setTimeout(() => speak(words), 60);
}

/** A short buzz where the phone has one, and a tone where somebody wants one. Several in a row: look again. */
export function buzz(pattern: number | number[] = 60): void {
  navigator.vibrate?.(pattern);
  tone(typeof pattern === "number");
}

export function Announcer() {
  const [words, setWords] = useState("");
  const [path] = useLocation();
  useEffect(() => {
    speak = setWords;
  }, []);
  useEffect(() => setWords(""), [path]); // what was said of one screen is not read at the end of the next
  return (
    <p class="unseen" aria-live="assertive">
      {words}
    </p>
  );
}
