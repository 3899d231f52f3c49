/** Waits that run while one goes on with something else: each leads back to its form, and buzzes when it is up. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Answers, Draft, Engine, Uuid } from "../engine";
import { W } from "../words";
import { announce, buzz } from "./announce";
import { useEngine, useLoaded } from "./engine";
import { clock } from "./say";

interface Wait {
  key: string;
  href: string;
  words: string;
  ends: number;
}

/** `except`: the plan whose form shows its own. */
export function Timers({ except }: { except?: Uuid }) {
  const engine = useEngine();
  const drafts = useLoaded(() => engine.drafts(), []);
  const waits = (drafts?.value ?? []).flatMap((draft) => waitsOf(engine, draft, except));
  const now = useNow(waits.length > 0);
  const rung = useRef<Set<string> | null>(null);
  useEffect(() => {
    const up = waits.filter((wait) => wait.ends <= now);
    // what was up when the screen opened has buzzed before
    const fresh = up.filter((wait) => rung.current && !rung.current.has(wait.key));
    if (drafts) rung.current = new Set(up.map((wait) => wait.key));
    for (const wait of fresh) {
      buzz([200, 100, 200]);
      announce(W.walk.timeUp(wait.words));
    }
  });
  if (waits.length === 0) return null;
  return (
    <section class="note soon waits">
      <h2>{W.walk.timers}</h2>
      <ul class="rows">
        {waits.map((wait) => {
          const left = Math.max(0, Math.ceil((wait.ends - now) / 1000));
          return (
            <li key={wait.key}>
              <Link href={wait.href} class="row">
                <span class={`left ${left ? "" : "good"}`}>{left ? clock(left) : "●"}</span>
                <span class="row-words">{left ? wait.words : W.walk.timeUp(wait.words)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What a draft waits for, as long as the reading is not in. */
export function waitsOf(engine: Engine, { key, data }: Draft, except: Uuid | undefined): Wait[] {
  const [kind, plan = ""] = key.split(":");
  const view = kind === "check" && plan !== except ? engine.plan(plan) : null;
  const { timers = {}, answers = {} } = data as { timers?: Record<string, string>; answers?: Answers };
  if (!view) return [];
  return view.form.questions.flatMap((question) => {
    const started = timers[question.key];
    if (!started || answers[question.key] !== undefined) return [];
    const ends = Date.parse(started) + (question.wait_seconds ?? 0) * 1000;
    const words = `${view.asset?.name ?? view.form.title}: ${question.label}`;
    return [{ key: `${plan} ${question.key}`, href: `/check/${plan}`, words, ends }];
  });
}

function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const beat = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(beat);
  }, [running]);
  return now;
}
