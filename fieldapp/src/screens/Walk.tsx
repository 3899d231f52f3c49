/** The school walked once: what is due by building, floor and room, from where one stopped. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { alike, nearest } from "../alike";
import { useApp, useEngine } from "../ui/engine";
import { Screen } from "../ui/Screen";
import { Badge } from "../ui/Status";
import { Timers } from "../ui/Timers";
import { begin, isSkipped, leave, WHOLE, walkedLast, walking, walkNow } from "../ui/walking";
import { roundsOf, type Spot, type Walk as WalkList } from "../walk";
import { W } from "../words";
import { nextWords, progressWords } from "./OnTheWalk";
import { PlanRow } from "./TodayRows";

const FIRST = 40;

export function Walk() {
  const engine = useEngine();
  const app = useApp();
  const me = app.session.person?.id ?? "";
  const rounds = app.site ? roundsOf(app.site, me, engine.today().date) : [];
  const ways = [...rounds, { id: WHOLE, name: W.walk.whole }].map((way) => ({ ...way, walk: walkNow(engine, way.id) }));
  const [chosen, choose] = useState(() => walking(engine) ?? firstOf(ways, walkedLast(engine)));
  const [limit, setLimit] = useState(FIRST);
  const way = ways.find((one) => one.id === chosen) ?? ways.at(-1);
  if (!way) return null;
  const { walk } = way;
  const next = walk.left[0];
  const on = walking(engine) === way.id;
  return (
    <Screen
      name={W.walk.title}
      back="/"
      heading={next ? W.walk.left(walk.left.length) : walk.of > 0 ? W.walk.done : W.walk.none}
      bottom={
        <>
          <Link href="/" class="btn" onClick={() => leave(engine)}>
            {on ? W.walk.leave : W.saved.today}
          </Link>
          {next && (
            <Link href={`/check/${next.plan.id}`} class="btn main main-act" onClick={() => begin(engine, way.id)}>
              <span class="clamp">{(on ? W.walk.on : W.walk.start)(nextWords(next, null))}</span>
            </Link>
          )}
        </>
      }
    >
      {ways.length > 1 && <Ways ways={ways} chosen={way.id} choose={choose} />}
      <Progress walk={walk} />
      <Timers />
      {!next && walk.tried.length === 0 && <p>{walk.done > 0 ? W.walk.doneBody : W.walk.noneBody}</p>}
      {/* wherever one taps, the walk goes on from there */}
      {walk.spots.slice(0, limit).map((spot) => (
        <SpotRows key={spot.key} spot={spot} walk={walk} way={way.id} />
      ))}
      {walk.tried.length > 0 && (
        <section class="place">
          <h2>{W.walk.triedTitle}</h2>
          <ul class="rows">
            {walk.tried.map((view) => (
              <li key={view.plan.id}>
                <PlanRow view={view} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {walk.spots.length > limit && (
        <button type="button" class="btn wide" onClick={() => setLimit(limit + FIRST)}>
          {W.todayScreen.more(Math.min(FIRST, walk.spots.length - limit))}
        </button>
      )}
    </Screen>
  );
}

type Way = { id: string; name: string; walk: WalkList };

/** The one that was walked last if anything is left of it, else today's first round, else the whole school. */
function firstOf(ways: readonly Way[], last: string | null): string {
  const left = ways.filter((way) => way.walk.left.length > 0);
  return (left.find((way) => way.id === last) ?? left[0])?.id ?? WHOLE;
}

function Ways({ ways, chosen, choose }: { ways: Way[]; chosen: string; choose: (id: string) => void }) {
  return (
    <fieldset class="seg">
      <legend class="unseen">{W.walk.which}</legend>
      {ways.map(({ id, name, walk }) => (
        <button key={id} type="button" aria-pressed={id === chosen} onClick={() => choose(id)}>
          {name} {walk.left.length}
        </button>
      ))}
    </fieldset>
  );
}

function Progress({ walk }: { walk: WalkList }) {
  if (walk.of === 0) return null;
  return (
    <div>
      <p>{progressWords(walk)}</p>
      <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <path d={`M0 .5H${(walk.done / walk.of) * 100}`} />
      </svg>
    </div>
  );
}

function SpotRows({ spot, walk, way }: { spot: Spot; walk: WalkList; way: string }) {
  const engine = useEngine();
  const { building, space } = spot.place;
  return (
    <section class="place">
      <h2>{space?.name ?? building?.name ?? W.todayScreen.site}</h2>
      <p class="muted small">
        {[space && building?.name, spot.floor && W.walk.floor(spot.floor)].filter(Boolean).join(", ")}
      </p>
      {groupsOf(spot, walk).map(({ view, n }) => (
        <Link key={view.plan.id} href={`/together/${view.plan.id}`} class="btn wide" onClick={() => begin(engine, way)}>
          {view.form.title}: {W.together.open(n)}
        </Link>
      ))}
      <ul class="rows">
        {spot.views.map((view) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the link within it takes keys, and its click comes up here
          <li key={view.plan.id} onClick={() => begin(engine, way)}>
            {isSkipped(engine, way, view.plan.id) && <Badge tone="off">{W.walk.skipped}</Badge>}
            <PlanRow view={view} here />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What can be answered in one go from here: offered once for a room, or once for a building when each stands alone. */
function groupsOf(spot: Spot, walk: WalkList) {
  return spot.views.flatMap((view) => {
    const group = nearest(view, alike(view, walk.left));
    return group[0] === view ? [{ view, n: group.length }] : [];
  });
}
