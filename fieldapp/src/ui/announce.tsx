/** One live region for the whole app: what was saved, what is missing. */

import { useEffect, useState } from "preact/hooks";

let speak: (words: string) => void = () => undefined;

export function announce(words: string): void {
  speak("");
  setTimeout(() => speak(words), 60);
}

/** A short buzz, where the phone has one. */
export function buzz(pattern: number | number[] = 60): void {
  navigator.vibrate?.(pattern);
}

export function Announcer() {
  const [words, setWords] = useState("");
  useEffect(() => {
    speak = setWords;
  }, []);
  return (
    <p class="unseen" aria-live="assertive">
      {words}
    </p>
  );
}
