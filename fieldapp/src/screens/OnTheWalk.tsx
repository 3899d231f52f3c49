/** Where one is on the walk, on every form that is opened from it: how much is left, skip, leave. */

import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { alike, nearest } from "../alike";
import type { PlanView } from "../engine";
import { useEngine } from "../ui/engine";
import { Timers, waitsOf } from "../ui/Timers";
import { isOnWalk, reached, skip, walking, walkNow } from "../ui/walking";
import type { Walk } from "../walk";
import { W } from "../words";

export function progressWords(walk: Walk): string {
  const time = walk.minutes > 0 ? W.walk.time(W.walk.minutes(walk.minutes)) : "";
  const unknown = walk.unknown > 0 ? W.walk.unknown(walk.unknown) : "";
  const tried = walk.tried.length > 0 ? W.walk.tried(walk.tried.length) : "";
  const said = [W.walk.progress(walk.done, walk.of), tried, time, unknown].filter(Boolean).join(", ");
  return said.endsWith(".") ? said : `${said}.`; // Polish hours end with a full stop of their own
}

/** "Outlet 4, Room 12": the room only where it is another than this one; on the same thing the check's own name. */
export function nextWords(next: PlanView, from: PlanView | null): string {
  if (next.asset && next.asset.id === from?.asset?.id) return next.form.title;
  const here = next.place.space?.id === from?.place.space?.id && next.place.building?.id === from?.place.building?.id;
  const where = here ? "" : (next.place.space?.name ?? next.place.building?.name ?? "");
  return [next.asset?.name ?? next.form.title, where].filter(Boolean).join(", ");
}

let lastForm = "";

/**
 * The same form again, and nothing to be warned of: it opens at its first question (the thing itself is named already).
 * Only the picture moves; a screen reader still begins at the heading.
 */
function useFirstQuestion(view: PlanView, on: boolean) {
  const engine = useEngine();
  useEffect(() => {
    const again = on && lastForm === view.form.code;
    lastForm = on ? view.form.code : "";
    const { asset, place } = view;
    const calm = place.warnings.length === 0 && asset?.status === "in-use" && !engine.asset(asset.id)?.defects.length;
    const first = view.form.questions.find((question) => question.type !== "asset-ref");
    if (!again || !calm || !first) return;
    const show = () => document.querySelector(`[data-question="${first.key}"]`)?.scrollIntoView();
    // a wait that runs elsewhere stands at the top and stays in sight
    const waiting = engine.drafts().then((all) => all.some((draft) => waitsOf(engine, draft, view.plan.id).length > 0));
    waiting.then((some) => some || show());
  }, []);
}

export function OnTheWalk({ view }: { view: PlanView }) {
  const engine = useEngine();
  const [, go] = useLocation();
  const [walk] = useState(() => {
    const now = walking(engine);
    if (now && !isOnWalk(engine, now, view.plan.id)) return null;
    if (now) reached(engine, now, view.plan.id);
    return now;
  });
  useFirstQuestion(view, walk !== null);
  const others = <Timers except={view.plan.id} />;
  if (!walk) return others;
  const now = walkNow(engine, walk);
  const group = nearest(view, alike(view, now.left));
  const put = () => {
    skip(engine, walk, view.plan.id);
    const next = walkNow(engine, walk).left.find((one) => one.plan.id !== view.plan.id);
    go(next ? `/check/${next.plan.id}` : "/walk", { replace: true });
  };
  return (
    <>
      <div class="on-walk">
        <Link href="/walk">{W.walk.progress(now.done, now.of)}</Link>
        <button type="button" class="btn slim" onClick={put}>
          {W.walk.skip}
        </button>
      </div>
      {group.length > 1 && (
        <Link href={`/together/${view.plan.id}`} class="btn wide">
          {W.together.open(group.length)}
        </Link>
      )}
      {others}
    </>
  );
}
