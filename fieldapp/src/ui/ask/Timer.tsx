/** A wait that belongs to a reading: run the tap for a minute, then read. The phone may be put away meanwhile. */

import { useEffect, useState } from "preact/hooks";
import type { Question } from "../../engine";
import { W } from "../../words";
import { announce, buzz } from "../announce";
import { Icon } from "../Icon";
import { clock } from "../say";
import type { AskForm } from "./ask";

export function Timer({ question, form }: { question: Question; form: AskForm }) {
  const wait = question.wait_seconds ?? 0;
  const started = form.timers[question.key];
  const left = useLeft(started, wait);
  useEffect(() => {
    if (!started || left !== 0 || Date.now() - Date.parse(started) > (wait + 5) * 1000) return;
    buzz([200, 100, 200]);
    announce(W.check.timeUp);
  }, [left === 0, started]);
  if (!started)
    return (
      <div class="timer">
        <button type="button" class="btn" onClick={() => form.setTimer(question.key, new Date().toISOString())}>
          <Icon name="clock" />
          {W.check.startTimer(clock(wait))}
        </button>
      </div>
    );
  if (left > 0)
    return (
      <div class="timer" role="timer">
        <span class="left">{clock(left)}</span>
        <button type="button" class="btn slim" onClick={() => form.setTimer(question.key, null)}>
          {W.check.stopTimer}
        </button>
      </div>
    );
  return (
    <p class="verdict good">
      <span aria-hidden="true">● </span>
      {W.check.timeUp}
    </p>
  );
}

/** Whole seconds still to wait; counts by the clock, so a phone that slept is right when it wakes. */
function useLeft(started: string | undefined, wait: number): number {
  const measure = () => (started ? Math.max(0, Math.ceil(wait - (Date.now() - Date.parse(started)) / 1000)) : wait);
  const [left, setLeft] = useState(measure);
  useEffect(() => {
    setLeft(measure());
    if (!started) return;
    const beat = setInterval(() => {
      const now = measure();
      setLeft(now);
      if (now === 0) clearInterval(beat);
    }, 250);
    return () => clearInterval(beat);
  }, [started, wait]);
  return left;
}
