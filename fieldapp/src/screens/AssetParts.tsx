/** What else is known of a thing; each part is silent when there is nothing to say. */

import { Link } from "wouter-preact";
import { withUnit } from "../answer-words";
import type { AssetView, OpenDefect, PlanView } from "../engine";
import { inWords } from "../facts";
import { usePart } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Badge, DueBadge } from "../ui/Status";
import { day, moment, plain } from "../ui/say";
import { english, W } from "../words";
import { WorkRow } from "./WorkRow";

export function Defects({ view }: { view: AssetView }) {
  if (view.defects.length === 0) return null;
  return (
    <section>
      <h2>{W.assetScreen.problems(view.defects.length)}</h2>
      <ul class="rows">
        {view.defects.map((defect) => (
          <li key={defect.id}>
            <Link href={`/problem/${defect.id}`} class="row">
              <DefectWords defect={defect} />
              <Icon name="go" />
            </Link>
          </li>
        ))}
        {view.work_orders.map((job) => (
          <li key={job.id}>
            <Link href={`/job/${job.id}`} class="row">
              <span class="row-words">
                <span>
                  {W.assetScreen.jobs}: {job.title}
                </span>
                {job.target_on && <span class="muted small">{W.dueOn(day(job.target_on))}</span>}
              </span>
              <Icon name="go" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function DefectWords({ defect }: { defect: OpenDefect }) {
  const severity = W.report.severities[defect.severity]?.[0] ?? defect.severity;
  return (
    <span class="row-words">
      <span class="row-title" {...english()}>
        {defect.summary}
      </span>
      <span class="row-tail">
        {defect.unsafe && <Badge tone="late">{W.assetScreen.unsafe}</Badge>}
        <span class="muted small">
          {severity}, {W.assetScreen.foundOn(day(defect.found_on))}
        </span>
      </span>
    </span>
  );
}

/** The form, and in it the question that this thing answers. */
export function checkOf(view: AssetView, plan: PlanView): string {
  const fill = view.covered.find((one) => one.plan === plan)?.fill;
  return fill ? `/check/${plan.plan.id}?fill=${fill}:${view.asset.id}` : `/check/${plan.plan.id}`;
}

/** Checks on something else that this thing takes part in: a call point in the weekly alarm test. */
export function CoveredBy({ view }: { view: AssetView }) {
  if (view.covered.length === 0) return null;
  return (
    <section>
      <h2>{W.assetScreen.covered}</h2>
      <ul class="rows">
        {view.covered.map(({ plan }) => (
          <li key={plan.plan.id}>
            <Link href={checkOf(view, plan)} class="row">
              <span class="row-words">
                <span>
                  <span class="row-title" {...english()}>
                    {plan.form.title}
                  </span>
                  {plan.asset && `, ${plan.asset.name}`}
                </span>
                <span class="row-tail">
                  {plan.done_here ? <span class="badge good">✓ {W.savedHere}</span> : <DueBadge view={plan} />}
                </span>
              </span>
              <Icon name="go" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Last {
  key: string;
  label: string;
  value: string;
}

/** The numbers that were last answered in the checks of this thing, each with its question and its day. */
function lastAnswers({ plans }: AssetView): Last[] {
  return plans.flatMap(({ plan, form }) =>
    form.questions.flatMap(({ key, label, type, unit }) => {
      const value = plan.last_answers[key];
      if (type !== "number" || value === undefined) return [];
      const on = plan.last ? `, ${day(plan.last.on)}` : "";
      return [{ key: `${plan.id}${key}`, label: `${label}${on}`, value: withUnit(value, unit) }];
    }),
  );
}

export function Readings({ view }: { view: AssetView }) {
  const answers = lastAnswers(view);
  if (view.readings.length + answers.length === 0) return null;
  return (
    <section>
      <h2>{W.assetScreen.readings}</h2>
      <dl class="facts">
        {view.readings.map((reading) => (
          <div key={`${reading.taken_at}${reading.unit}`}>
            <dt>{moment(reading.taken_at)}</dt>
            <dd>
              <strong>{withUnit(reading.value, reading.unit)}</strong>
            </dd>
          </div>
        ))}
        {answers.map(({ key, label, value }) => (
          <div key={key}>
            <dt>{label}</dt>
            <dd>
              <strong>{value}</strong>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Recent({ view }: { view: AssetView }) {
  if (view.recent.length === 0) return null;
  return (
    <section>
      <h2>{W.assetScreen.recent}</h2>
      <ul class="rows">
        {view.recent.slice(0, 5).map((item) => (
          <li key={item.id}>
            <WorkRow item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function EventChecks({ view }: { view: AssetView }) {
  if (view.event_checks.length === 0) return null;
  return (
    <details>
      <summary>{W.assetScreen.other}</summary>
      <p class="muted">{W.assetScreen.otherBody}</p>
      <ul class="rows">
        {view.event_checks.map((form) => (
          <li key={form.code}>
            <Link href={`/event/${form.code}/asset/${view.asset.id}`} class="row">
              <span class="row-words">
                <span class="row-title" {...english()}>
                  {form.title}
                </span>
                {form.event && <span class="small">{form.event}</span>}
                {!form.verified && <span class="muted small">{W.unverified}</span>}
              </span>
              <Icon name="go" />
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Parts({ view }: { view: AssetView }) {
  if (view.parts.length === 0) return null;
  return (
    <details>
      <summary>
        {W.assetScreen.parts} ({view.parts.length})
      </summary>
      <ul class="rows">
        {view.parts.map((part) => (
          <li key={part.id}>
            <Link href={`/asset/${part.id}`} class="row">
              <span class="row-words">
                <span class="row-title" {...english()}>
                  {part.name}
                </span>
              </span>
              <Icon name="go" />
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function AssetFacts({ view }: { view: AssetView }) {
  const { asset } = view;
  const permits = usePart((s) => s.session.permits);
  const facts: [string, string][] = [
    [W.assetScreen.type, view.type?.name ?? plain(asset.type)],
    [W.assetScreen.where, view.place.words],
    [W.assetScreen.make, [asset.make, asset.model].filter(Boolean).join(" ")],
    [W.assetScreen.serial, asset.serial],
    [W.assetScreen.tag, view.tags.join(", ") || W.assetScreen.noTag],
    ...inWords(view.type, asset.facts),
  ];
  return (
    <details>
      <summary>{W.assetScreen.more}</summary>
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {asset.status !== "retired" && permits.includes("asset.change") && (
        <div class="acts">
          <Link href={`/details/${asset.id}`} class="btn slim">
            {W.details.title}
          </Link>
          <Link href={`/move/${asset.id}`} class="btn slim">
            {W.move.title}
          </Link>
          <Link href={`/scan?for=${asset.id}`} class="btn slim">
            {W.claim.fresh}
          </Link>
        </div>
      )}
    </details>
  );
}
