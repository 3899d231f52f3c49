/** A clear tick, where it is now, and what is next here. */

import { useMemo } from "preact/hooks";
import { Link, useSearchParams } from "wouter-preact";
import type { CheckDone, OutboxItem, PlanView } from "../engine";
import { formFor } from "../today";
import { useApp, useEngine, useLoaded } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { Timers } from "../ui/Timers";
import { isOnWalk, leave, passed, walking, walkNow } from "../ui/walking";
import type { Walk } from "../walk";
import { W } from "../words";
import { Found, unreadOf } from "./check/Found";
import { nextWords, progressWords } from "./OnTheWalk";
import { isNext, shelfOf } from "./shelves";
import { PlanRow } from "./TodayRows";

/** `?n=14`: it was answered together with others. */
export function Saved({ op }: { op: string }) {
  const engine = useEngine();
  const app = useApp();
  const [search] = useSearchParams();
  const n = Number(search.get("n") ?? 1);
  const { unsent, held, recent } = app.outbox;
  const item = [...unsent, ...held, ...recent].find((one) => one.id === op) ?? null;
  const walk = useMemo(() => {
    const now = walking(engine);
    if (now && item?.plan && n === 1) passed(engine, now, item.plan);
    return now && n === 1 && item?.plan && !isOnWalk(engine, now, item.plan) ? null : now;
  }, [op]);
  const about = n > 1 ? W.together.saved(n) : item?.about;
  return (
    <Screen name={W.saved.title} back="/" bottom={walk ? <OnWalk item={item} walk={walk} /> : <Here item={item} />}>
      <div class="saved">
        <span class="tick">
          <Icon name="tick" />
        </span>
        <h1>{title(item)}</h1>
        {item && (
          <p>
            <strong>{item.title}</strong>
            {about && `. ${about}`}
          </p>
        )}
        <p class="muted">{where(item)}</p>
      </div>
      {item?.kind === "check_done" && n === 1 && <FoundThen op={op} />}
      {walk ? <Progress walk={walkNow(engine, walk)} /> : <Nearby item={item} />}
      <Timers />
      <div class="acts">
        <Link href={`/work/${op}`} class="btn slim">
          {W.saved.look}
        </Link>
        {item?.kind === "check_done" && item.mine && n === 1 && (
          <Link href={`/correct/${op}`} class="btn slim">
            {W.saved.correct}
          </Link>
        )}
      </div>
    </Screen>
  );
}

/** What that check found wrong: the office has it, and whoever did it is not left to wonder. */
function FoundThen({ op }: { op: string }) {
  const engine = useEngine();
  const kept = useLoaded(() => engine.outboxItem(op), [op])?.value;
  const body = kept?.body as CheckDone | undefined;
  const whole = body && engine.form(body.check_type.code, body.check_type.revision);
  const form = whole && formFor(whole, engine.asset(body.asset ?? "")?.asset ?? null);
  if (!body || !form) return null;
  const { findings } = engine.judge(form.questions, body.answers, body.photos);
  return <Found findings={findings} unread={unreadOf(form.questions, body.answers)} title={W.saved.found} />;
}

type Of = { item: OutboxItem | null };

/** On a walk: the next on it, in one tap; leaving is one too. */
function OnWalk({ item, walk }: Of & { walk: string }) {
  const engine = useEngine();
  const next = walkNow(engine, walk).left.find((view) => view.plan.id !== item?.plan);
  return (
    <>
      <Link href="/" class="btn" onClick={() => leave(engine)}>
        {W.walk.leave}
      </Link>
      {next ? (
        <Start plan={next.plan.id} words={W.walk.on(nextWords(next, engine.plan(item?.plan ?? "")))} />
      ) : (
        <ScanNext />
      )}
    </>
  );
}

/** Otherwise what else is due here, or the next label. */
function Here({ item }: Of) {
  const { here, near } = useNearby(item);
  const next = here.find(isNext) ?? near.find(isNext);
  return (
    <>
      <Link href="/" class="btn">
        {W.saved.today}
      </Link>
      {next ? <Start plan={next.plan.id} words={W.saved.start(next.form.title)} /> : <ScanNext />}
    </>
  );
}

function Start({ plan, words }: { plan: string; words: string }) {
  return (
    <Link href={`/check/${plan}`} class="btn main main-act">
      <span class="clamp">{words}</span>
    </Link>
  );
}

function ScanNext() {
  return (
    <Link href="/scan" class="btn main main-act">
      <Icon name="scan" />
      {W.saved.scan}
    </Link>
  );
}

function Progress({ walk }: { walk: Walk }) {
  return (
    <Link href="/walk" class="center">
      {walk.left.length > 0 ? progressWords(walk) : W.walk.done}
    </Link>
  );
}

function Nearby({ item }: Of) {
  const { here, near } = useNearby(item);
  return (
    <>
      <Next title={W.saved.next} views={here} plain />
      <Next title={W.saved.nextSpot} views={near} />
      {item?.kind.startsWith("check") && here.length + near.length === 0 && <p class="muted">{W.saved.nothing}</p>}
    </>
  );
}

function useNearby(item: OutboxItem | null) {
  const engine = useEngine();
  const space = item?.asset ? engine.asset(item.asset)?.place.space?.id : undefined;
  const due = engine.today().groups.flatMap((group) => group.items);
  return nextTo(due, item, space);
}

function Next({ title: heading, views, plain }: { title: string; views: PlanView[]; plain?: boolean }) {
  if (views.length === 0) return null;
  return (
    <section>
      <h2>{heading}</h2>
      <ul class="rows">
        {views.slice(0, 5).map((view) => (
          <li key={view.plan.id}>
            <PlanRow view={view} plain={plain} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function title(item: OutboxItem | null): string {
  if (item?.state === "held") return W.saved.held;
  return item?.state === "done" ? W.saved.sent : W.saved.title;
}

function where(item: OutboxItem | null): string {
  if (item?.state === "held") return item.held?.detail ?? "";
  if (item?.state === "done") return "";
  if (item?.state === "photos") return W.saved.photos(item.photos.sent, item.photos.of);
  return item?.state === "sending" ? W.saved.sending : W.saved.waiting;
}

/** What else is due on this thing, and in the same room. */
function nextTo(items: PlanView[], item: OutboxItem | null, space: string | undefined) {
  const open = items.filter((view) => !view.done_here && view.status !== "paused" && view.plan.id !== item?.plan);
  const owed = open.filter((view) => shelfOf(view) === "now").sort((a, b) => Number(isNext(b)) - Number(isNext(a)));
  const here = item?.asset ? owed.filter((view) => view.asset?.id === item.asset) : [];
  const near = space ? owed.filter((view) => view.place.space?.id === space && !here.includes(view)) : [];
  return { here, near };
}
