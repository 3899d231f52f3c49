/** One thing: may it be used, what is dangerous here, what is due on it, and what was found last time. */

import { Link } from "wouter-preact";
import type { AssetView, PlanView } from "../engine";
import { isOutside } from "../ui/competence";
import { DoNotUse } from "../ui/DoNotUse";
import { useApp, useEngine } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Note } from "../ui/Note";
import { PlaceWarnings } from "../ui/PlaceWarnings";
import { Screen } from "../ui/Screen";
import { DueBadge } from "../ui/Status";
import { day } from "../ui/say";
import { english, W } from "../words";
import { AssetFacts, CoveredBy, checkOf, Defects, EventChecks, Parts, Readings, Recent } from "./AssetParts";
import { Missing } from "./Plain";
import { isNext } from "./shelves";

export function Asset({ id }: { id: string }) {
  const engine = useEngine();
  useApp();
  const view = engine.asset(id);
  if (!view) return <Missing title={W.assetScreen.missing} body={W.assetScreen.missingBody} />;
  const now = view.plans.filter((plan) => plan.counts_today && !plan.done_here && plan.status !== "paused");
  const later = view.plans.filter((plan) => !now.includes(plan));
  const covered = view.covered.filter(({ plan }) => plan.counts_today && !plan.done_here);
  const first =
    now.find(isNext) ??
    covered.find(({ plan }) => isNext(plan))?.plan ??
    now.find((one) => !isOutside(one.form)) ??
    now[0];
  return (
    <Screen
      name={view.asset.name}
      heading={view.asset.name}
      back="/"
      bottom={<Bottom id={id} first={first} to={first && checkOf(view, first)} />}
    >
      <PlaceWarnings place={view.place} />
      <DoNotUse defects={view.defects} />
      <Standing view={view} />
      <div class="tight">
        <p class="big">{view.place.words}</p>
        {view.parent && (
          <p>
            <Link href={`/asset/${view.parent.id}`}>{W.assetScreen.partOf(view.parent.name)}</Link>
          </p>
        )}
      </div>
      <Defects view={view} />
      <section hidden={view.plans.length === 0 && view.covered.length > 0}>
        <h2>{now.length ? W.assetScreen.nextDue : W.assetScreen.due}</h2>
        {view.plans.length + view.covered.length === 0 && <p class="muted">{W.assetScreen.noPlans}</p>}
        {view.plans.length > 0 && now.length === 0 && <p class="muted">{W.assetScreen.none}</p>}
        <Plans plans={now} />
      </section>
      {later.length > 0 && (
        <section>
          <h2>{W.assetScreen.later}</h2>
          <Plans plans={later} />
        </section>
      )}
      <CoveredBy view={view} />
      <Readings view={view} />
      <Recent view={view} />
      <EventChecks view={view} />
      <Parts view={view} />
      <AssetFacts view={view} />
    </Screen>
  );
}

function Bottom({ id, first, to = "" }: { id: string; first: PlanView | undefined; to?: string }) {
  return (
    <>
      <Link href={`/report?asset=${id}`} class="btn">
        {W.assetScreen.report}
      </Link>
      {first ? (
        <Link href={to} class="btn main main-act">
          <span class="clamp">{W.assetScreen.start(first.form.title)}</span>
        </Link>
      ) : (
        <Link href="/scan" class="btn main main-act">
          <Icon name="scan" />
          {W.saved.scan}
        </Link>
      )}
    </>
  );
}

/** Out of service is said loudly, with the reason. */
function Standing({ view }: { view: AssetView }) {
  const { status, status_reason } = view.asset;
  if (status === "out-of-service")
    return (
      <Note tone="late" title={`▲ ${W.assetScreen.outOf}`}>
        {status_reason && <p>{status_reason}</p>}
        <p>{W.assetScreen.outOfBody}</p>
      </Note>
    );
  if (status === "retired")
    return (
      <Note tone="off" title={`‖ ${W.assetScreen.retired}`}>
        {status_reason && <p>{status_reason}</p>}
        <p>{W.assetScreen.retiredBody}</p>
        <Link href={`/report?asset=${view.asset.id}&here=1`} class="btn">
          {W.assetScreen.stillHere}
        </Link>
      </Note>
    );
  return null;
}

function Plans({ plans }: { plans: PlanView[] }) {
  return (
    <ul class="rows">
      {plans.map((view) => (
        <li key={view.plan.id}>
          <Link href={`/check/${view.plan.id}`} class="row">
            <span class="row-words">
              <span class="row-title" {...english()}>
                {view.form.title}
              </span>
              <span class="row-tail">
                {view.done_here ? <span class="badge good">✓ {W.savedHere}</span> : <DueBadge view={view} brief />}
                {!view.form.verified && <span class="muted small">{W.unverified}</span>}
              </span>
              <span class="small">{view.plan.sentence}</span>
              <span class="small muted">
                {view.plan.last
                  ? W.assetScreen.last(
                      day(view.plan.last.on),
                      W.outcomes[view.plan.last.outcome] ?? view.plan.last.outcome,
                      view.plan.last.by,
                    )
                  : W.assetScreen.never}
              </span>
            </span>
            <Icon name="go" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
