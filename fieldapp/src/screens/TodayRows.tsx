/** Rows of Today: each a whole sentence, so that it can be read out and acted on by itself. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { PlanView, TodayGroup } from "../engine";
import { Icon } from "../ui/Icon";
import { Badge, DueBadge } from "../ui/Status";
import { W } from "../words";

const FIRST = 60;

export function TodayGroups({ groups, shown }: { groups: TodayGroup[]; shown: PlanView[] }) {
  const [limit, setLimit] = useState(FIRST);
  const wanted = new Set(shown.slice(0, limit));
  const parts = groups
    .map((group) => ({ group, items: bySpace(group.items.filter((view) => wanted.has(view))) }))
    .filter((part) => part.items.length > 0);
  return (
    <>
      {parts.map(({ group, items }) => (
        <section key={group.key} class="place">
          <h2>{group.place.building?.name ?? W.todayScreen.site}</h2>
          <ul class="rows">
            {items.map((view) => (
              <li key={view.plan.id}>
                <PlanRow view={view} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {shown.length > limit && (
        <button type="button" class="btn wide" onClick={() => setLimit(limit + FIRST)}>
          {W.todayScreen.more(Math.min(FIRST, shown.length - limit))}
        </button>
      )}
    </>
  );
}

/** Things in the same room stand together, where the first of them stood. */
function bySpace(items: PlanView[]): PlanView[] {
  const rooms = new Map<string, PlanView[]>();
  for (const view of items) {
    const room = view.place.space?.id ?? view.plan.id;
    rooms.set(room, [...(rooms.get(room) ?? []), view]);
  }
  return [...rooms.values()].flat();
}

/** "Boiler room. Gas boiler 1: weekly look-over. 12 days overdue." */
export function PlanRow({ view, plain = false }: { view: PlanView; plain?: boolean }) {
  const { form, asset, place } = view;
  return (
    <Link href={`/check/${view.plan.id}`} class="row">
      <span class="row-words">
        {!plain && place.space && <span class="muted">{place.space.name}</span>}
        <span>
          {asset && !plain ? (
            <>
              <span class="row-title">{asset.name}:</span> {form.title}
            </>
          ) : (
            <span class="row-title">{form.title}</span>
          )}
        </span>
        <span class="row-tail">
          <DueBadge view={view} />
          {form.minutes !== null && <span class="muted small">{W.todayScreen.minutes(form.minutes)}</span>}
          {!form.verified && <span class="muted small">{W.unverified}</span>}
        </span>
      </span>
      <Icon name="go" />
    </Link>
  );
}

export function DoneHere({ views }: { views: PlanView[] }) {
  if (views.length === 0) return null;
  return (
    <details>
      <summary>{W.todayScreen.doneHere(views.length)}</summary>
      <ul class="rows">
        {views.map((view) => (
          <li key={view.plan.id}>
            <Link href={view.local ? `/work/${view.local.op}` : `/check/${view.plan.id}`} class="row">
              <span class="row-words">
                <span>
                  {view.asset && <span class="row-title">{view.asset.name}:</span>} {view.form.title}
                </span>
                <Badge tone="good">{W.savedHere}</Badge>
              </span>
              <Icon name="go" />
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
