/** Rows of Today: each a whole sentence, so that it can be read out and acted on by itself. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { PlanView } from "../engine";
import { isOutside } from "../ui/competence";
import { Icon } from "../ui/Icon";
import { Badge, bookedWords, DueBadge, triedWords } from "../ui/Status";
import { english, W } from "../words";
import { byPlace } from "./shelves";

const FIRST = 60;

export function TodayGroups({ views }: { views: PlanView[] }) {
  const [limit, setLimit] = useState(FIRST);
  return (
    <>
      {byPlace(views.slice(0, limit)).map(({ key, name, items }) => (
        <section key={key} class="place">
          <h2>{name ?? W.todayScreen.site}</h2>
          <ul class="rows">
            {items.map((view) => (
              <li key={view.plan.id}>
                <PlanRow view={view} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <More left={views.length - limit} more={() => setLimit(limit + FIRST)} />
    </>
  );
}

function More({ left, more }: { left: number; more: () => void }) {
  if (left <= 0) return null;
  return (
    <button type="button" class="btn wide" onClick={more}>
      {W.todayScreen.more(Math.min(FIRST, left))}
    </button>
  );
}

/** What need not be done now: closed, and its rows not even drawn, until somebody opens it or searches. */
export function Fold(props: { words: (n: number) => string; views: PlanView[]; searched: boolean }) {
  const { words, views, searched } = props;
  const [opened, setOpened] = useState(false);
  const [limit, setLimit] = useState(FIRST);
  const open = opened || searched;
  if (views.length === 0) return null;
  return (
    <details open={open} onToggle={(e) => !searched && setOpened(e.currentTarget.open)}>
      <summary>{words(views.length)}</summary>
      {open && (
        <>
          <ul class="rows">
            {views.slice(0, limit).map((view) => (
              <li key={view.plan.id}>
                <PlanRow view={view} where />
              </li>
            ))}
          </ul>
          <More left={views.length - limit} more={() => setLimit(limit + FIRST)} />
        </>
      )}
    </details>
  );
}

/** "Boiler room. Gas boiler 1: weekly look-over. 12 days overdue." */
export function PlanRow(props: { view: PlanView; plain?: boolean; where?: boolean; here?: boolean }) {
  const { view, plain = false, where = false, here = false } = props;
  const { form, asset, place } = view;
  const minutes = view.plan.minutes ?? form.minutes;
  const spot = here ? "" : where ? place.words : place.space?.name;
  return (
    <Link href={`/check/${view.plan.id}`} class="row">
      <span class="row-words">
        {!plain && spot && <span class="muted">{spot}</span>}
        <span>
          {asset && !plain ? (
            <>
              <span class="row-title" {...english()}>
                {asset.name}:
              </span>{" "}
              {form.title}
            </>
          ) : (
            <span class="row-title" {...english()}>
              {form.title}
            </span>
          )}
        </span>
        <span class="row-tail">
          <DueBadge view={view} />
          {view.plan.booked && <span class="small">{bookedWords(view.plan.booked)}</span>}
          {view.attempt && <span class="small">{triedWords(view.attempt)}</span>}
          {isOutside(form) && <span class="muted small">{W.competence["competent-contractor"]}</span>}
          {minutes !== null && <span class="muted small">{W.todayScreen.minutes(minutes)}</span>}
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
                  {view.asset && (
                    <span class="row-title" {...english()}>
                      {view.asset.name}:
                    </span>
                  )}{" "}
                  {view.form.title}
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
