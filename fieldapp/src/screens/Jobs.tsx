/** Work that was given out: mine first, then what nobody has, then the others'. */

import { Link } from "wouter-preact";
import { type JobView, jobsOf } from "../jobs";
import { useApp } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { Badge } from "../ui/Status";
import { day, isoDate } from "../ui/say";
import { english, W } from "../words";

export function Jobs() {
  const { site, session } = useApp();
  const jobs = site ? jobsOf(site, session.person?.id ?? "", isoDate()) : { mine: [], free: [], others: [] };
  const none = jobs.mine.length + jobs.free.length + jobs.others.length === 0;
  return (
    <Screen
      name={W.jobs.title}
      back="/"
      heading={jobs.mine.length ? W.jobs.mineLead(jobs.mine.length) : W.jobs.noneMine}
    >
      {none && <p class="muted">{W.jobs.none}</p>}
      <JobRows views={jobs.mine} />
      <Part title={W.jobs.free} views={jobs.free} />
      <Part title={W.jobs.others} views={jobs.others} />
    </Screen>
  );
}

function Part({ title, views }: { title: string; views: JobView[] }) {
  if (views.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <JobRows views={views} />
    </section>
  );
}

export function JobRows({ views }: { views: JobView[] }) {
  return (
    <ul class="rows">
      {views.map((view) => (
        <li key={view.order.id}>
          <Link href={`/job/${view.order.id}`} class="row">
            <JobWords view={view} />
            <Icon name="go" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** "Boiler room. New washer. Due by Fri 27 Nov" */
export function JobWords({ view }: { view: JobView }) {
  const { order, asset, place, late } = view;
  return (
    <span class="row-words">
      <span class="muted">{asset ? `${asset.name}, ${place.words}` : place.words}</span>
      <span class="row-title" {...english()}>
        {order.title}
      </span>
      <span class="row-tail">
        {order.target_on && <Badge tone={late ? "late" : "soon"}>{W.dueOn(day(order.target_on))}</Badge>}
        {(order.priority === "emergency" || order.priority === "urgent") && (
          <Badge tone="due">{W.jobs.priority[order.priority]}</Badge>
        )}
        {order.whose && <span class="muted small">{order.whose}</span>}
      </span>
    </span>
  );
}

/** On Today: how many are mine, and whether one is late. */
export function JobsLine() {
  const { site, session } = useApp();
  if (!site) return null;
  const { mine } = jobsOf(site, session.person?.id ?? "", isoDate());
  if (mine.length === 0) return null;
  const late = mine.filter((job) => job.late).length;
  return (
    <ul class="rows">
      <li>
        <Link href="/jobs" class="row">
          <span class="row-words">
            <span class="row-title">{W.jobs.mineLead(mine.length)}</span>
            {late > 0 && <Badge tone="late">{W.jobs.late(late)}</Badge>}
          </span>
          <Icon name="go" />
        </Link>
      </li>
    </ul>
  );
}
