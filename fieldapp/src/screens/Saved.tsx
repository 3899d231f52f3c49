/** A clear tick, where it is now, and what is next here. */

import { Link } from "wouter-preact";
import type { OutboxItem, PlanView } from "../engine";
import { useApp, useEngine } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { W } from "../words";
import { isNext, shelfOf } from "./shelves";
import { PlanRow } from "./TodayRows";

export function Saved({ op }: { op: string }) {
  const engine = useEngine();
  const app = useApp();
  const { unsent, held, recent } = app.outbox;
  const item = [...unsent, ...held, ...recent].find((one) => one.id === op) ?? null;
  const space = item?.asset ? engine.asset(item.asset)?.place.space?.id : undefined;
  const { here, near } = nextTo(
    engine.today().groups.flatMap((group) => group.items),
    item,
    space,
  );
  const next = here.find(isNext) ?? near.find(isNext);
  return (
    <Screen
      name={W.saved.title}
      back="/"
      bottom={
        <>
          <Link href="/" class="btn">
            {W.saved.today}
          </Link>
          {next ? (
            <Link href={`/check/${next.plan.id}`} class="btn main main-act">
              <span class="clamp">{W.saved.start(next.form.title)}</span>
            </Link>
          ) : (
            <Link href="/scan" class="btn main main-act">
              <Icon name="scan" />
              {W.saved.scan}
            </Link>
          )}
        </>
      }
    >
      <div class="saved">
        <span class="tick">
          <Icon name="tick" />
        </span>
        <h1>{title(item)}</h1>
        {item && (
          <p>
            <strong>{item.title}</strong>
            {item.about && `. ${item.about}`}
          </p>
        )}
        <p class="muted">{where(item)}</p>
      </div>
      <Next title={W.saved.next} views={here} plain />
      <Next title={W.saved.nextSpot} views={near} />
      {item?.kind.startsWith("check") && here.length + near.length === 0 && <p class="muted">{W.saved.nothing}</p>}
      <div class="acts">
        <Link href={`/work/${op}`} class="btn slim">
          {W.saved.look}
        </Link>
        {item?.kind === "check_done" && item.mine && (
          <Link href={`/correct/${op}`} class="btn slim">
            {W.saved.correct}
          </Link>
        )}
      </div>
    </Screen>
  );
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
