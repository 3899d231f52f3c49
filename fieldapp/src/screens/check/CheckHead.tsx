/** What must be known before the first question: danger, whose job it is, why, and whether it would count. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { CheckForm, PlanView } from "../../engine";
import { myStanding } from "../../ui/competence";
import { DoNotUse } from "../../ui/DoNotUse";
import { usePart } from "../../ui/engine";
import { Note } from "../../ui/Note";
import { PlaceWarnings } from "../../ui/PlaceWarnings";
import { Badge, bookedWords, DueBadge, shapes, triedWords } from "../../ui/Status";
import { day, isoDate, moment } from "../../ui/say";
import { english, W } from "../../words";
import type { CheckTask } from "./task";

export function CheckHead({ task, form, title }: { task: CheckTask; form: CheckForm; title: string }) {
  const { view, asset, place } = task;
  const defects = usePart((s) => s.site?.defects ?? null);
  const theirs = [...(defects?.values() ?? [])].filter((defect) => asset && defect.asset === asset.id);
  return (
    <>
      <PlaceWarnings place={place} />
      <DoNotUse defects={theirs} />
      {asset?.status === "out-of-service" && (
        <Note tone="late" title={`▲ ${W.assetScreen.outOf}`}>
          {asset.status_reason && <p>{asset.status_reason}</p>}
        </Note>
      )}
      <div class="tight">
        <h1 {...english()}>{title}</h1>
        <p>
          {asset ? (
            <>
              <Link href={`/asset/${asset.id}`}>{asset.name}</Link>, {place.words}
            </>
          ) : (
            place.words
          )}
        </p>
      </div>
      {task.gone && (
        <Note tone="soon" title={W.check.goneMeanwhile}>
          <p>{W.check.goneMeanwhileBody}</p>
        </Note>
      )}
      {task.supersedes ? <p>{W.correct.lead}</p> : view && !task.gone && <WhenDue view={view} />}
      <p class="row-tail">
        {view?.counts_today && !task.supersedes && <DueBadge view={view} />}
        {!form.verified && <Badge tone="soon">{W.unverified}</Badge>}
        <Competence form={form} />
      </p>
      {view?.plan.booked && (
        <p class="small">
          {bookedWords(view.plan.booked)}
          {view.plan.booked.note && <span {...english()}>. {view.plan.booked.note}</span>}
        </p>
      )}
      {view?.attempt && !task.supersedes && (
        <p class="small">
          {triedWords(view.attempt)} <span {...english()}>({view.attempt.by})</span>
        </p>
      )}
      <Why form={form} view={view} />
    </>
  );
}

function WhenDue({ view }: { view: PlanView }) {
  if (view.done_here && view.local)
    return (
      <Note tone="soon" title={W.check.doneHere}>
        <p>{W.check.doneHereBody}</p>
        <Link class="btn slim" href={`/correct/${view.local.op}`}>
          {W.check.correctIt}
        </Link>
      </Note>
    );
  if (view.status === "paused")
    return (
      <Note tone="off" title={`‖ ${W.check.paused}`}>
        <p>{W.check.pausedBody}</p>
      </Note>
    );
  if (view.counts_today) return null;
  const opens = view.plan.windows.find((window) => window.counts_from > isoDate());
  return (
    <Note tone="off" title={W.check.notNow}>
      <p>{W.check.notNowBody(opens ? day(opens.counts_from) : "")}</p>
    </Note>
  );
}

/** Who may do it, and what I hold: one line, a badge in front when something is amiss. Anybody's job needs none. */
function Competence({ form }: { form: CheckForm }) {
  const me = usePart((s) => s.site?.people.get(s.session.person?.id ?? ""));
  const standing = myStanding(form, me);
  if (!standing) return null;
  const { detail, level } = form.competence;
  const who = detail || (W.competence[level as "in-house"] ?? level);
  return (
    <span class="small">
      <span class={standing.tone} aria-hidden="true">
        {shapes[standing.tone]}
      </span>{" "}
      {W.competence.needs(who)}. {standing.words}
    </span>
  );
}

function Why({ form, view }: { form: CheckForm; view: PlanView | null }) {
  return (
    <details>
      <summary>{W.whyCheck}</summary>
      <div class="stack tight">
        {view && <p {...english()}>{view.plan.sentence}</p>}
        {!form.verified && <p>{W.unverifiedBody}</p>}
        {form.event && <p {...english()}>{form.event}</p>}
        <p>
          <strong>{W.law[form.standing] ?? form.standing}</strong>
          {form.law.length > 0 && `: ${form.law.join("; ")}.`}
        </p>
        {form.competence.detail && (
          <p>
            {W.competence.title}: {form.competence.detail}.
          </p>
        )}
      </div>
    </details>
  );
}

export function CarriedOn({ when, empty }: { when: string; empty: () => void }) {
  const [sure, setSure] = useState(false);
  return (
    <Note tone="good" title={`✓ ${W.check.carried}`} live>
      <p>{sure ? W.check.startAgainSure : W.check.carriedBody(moment(when))}</p>
      <div class="acts">
        {sure && (
          <button type="button" class="btn slim" onClick={() => setSure(false)}>
            {W.check.keep}
          </button>
        )}
        <button type="button" class="btn slim" onClick={() => (sure ? empty() : setSure(true))}>
          {W.check.startAgain}
        </button>
      </div>
    </Note>
  );
}
