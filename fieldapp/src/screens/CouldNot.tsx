/** Not done, and why: it never counts as done, and the next attempt can be planned. */

import type { CheckNotDone, NotDoneReason, PhotoRef, PlanView } from "../engine";
import { Choices } from "../ui/Choices";
import { useEngine, usePart } from "../ui/engine";
import { Field } from "../ui/Field";
import { Loading } from "../ui/Loading";
import { Kept } from "../ui/Photos";
import { SaveButton, StillNeeded, Trouble } from "../ui/SaveButton";
import { Screen } from "../ui/Screen";
import { isoDate } from "../ui/say";
import { type Drafted, useDraft } from "../ui/useDraft";
import { useSaving } from "../ui/useSaving";
import { W } from "../words";
import { asItWas, type CheckDraft } from "./check/draft";
import { Missing } from "./Plain";

interface NotDoneDraft {
  reason: NotDoneReason | "";
  note: string;
  again: string;
  photos: PhotoRef[];
  /** The check as it stood when this was begun: its plan may be ended meanwhile. Not in drafts of earlier versions. */
  was?: CheckDraft["was"];
  revision?: number;
}

export function CouldNot({ plan }: { plan: string }) {
  const engine = useEngine();
  const key = `could-not:${plan}`;
  const there = engine.plan(plan);
  const draft = useDraft<NotDoneDraft>(key, () => ({
    reason: "",
    note: "",
    again: "",
    photos: [],
    ...standing(there),
  }));
  if (!draft) return <Loading back={`/check/${plan}`} />;
  const { was, revision } = draft.data;
  const view = there ?? asItWas(was, was ? engine.form(was.plan.check, revision) : null);
  if (!view) return <Missing title={W.check.none} body={W.check.noneBody} />;
  return <Telling view={view} draft={draft} draftKey={key} />;
}

function standing(view: PlanView | null): Pick<NotDoneDraft, "was" | "revision"> {
  if (!view) return {};
  const { plan, asset, place, form } = view;
  return { was: { plan, asset, place }, revision: form.revision };
}

/** The day so many days from today. */
function daysOn(days: number): string {
  return isoDate(new Date(Date.now() + days * 86_400_000));
}

function faultsOf(data: NotDoneDraft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (!data.reason) faults.reason = W.couldNot.whyMissing;
  if (data.again && data.again < isoDate()) faults.again = W.couldNot.againPast;
  if (data.reason === "other" && !data.note.trim()) faults.note = W.couldNot.noteMissing;
  return faults;
}

function bodyOf(plan: string, data: NotDoneDraft): CheckNotDone {
  const body: CheckNotDone = { plan, reason: data.reason || "other", note: data.note.trim(), photos: data.photos };
  if (data.again) body.try_again_on = data.again;
  return body;
}

function Telling({ view, draft, draftKey }: { view: PlanView; draft: Drafted<NotDoneDraft>; draftKey: string }) {
  const reasons = usePart((s) => s.site?.not_done_reasons) ?? [];
  const plan = view.plan.id;
  const { data, change } = draft;
  const { save, saving, trouble, faults } = useSaving({
    kind: "check_not_done",
    draft,
    key: draftKey,
    faults: faultsOf,
    body: (now) => bodyOf(plan, now),
    said: () => W.couldNot.title,
  });
  const choices = reasons.length
    ? reasons
    : Object.entries(W.couldNot.reasons).map(([k, words]) => ({ key: k, words }));
  return (
    <Screen
      name={W.couldNot.title}
      heading={W.couldNot.title}
      back={`/check/${plan}`}
      form
      bottom={
        <>
          <StillNeeded faults={faults} />
          <SaveButton words={W.couldNot.save} saving={saving} save={save} />
        </>
      }
    >
      <p>
        <strong>{view.form.title}.</strong> {view.asset && `${view.asset.name}, `}
        {view.place.words}
      </p>
      <p class="muted">{W.couldNot.lead}</p>
      <div>
        <Field id="why" label={W.couldNot.why} error={faults.reason} question="reason" group>
          <Choices
            column
            value={data.reason || undefined}
            onChoose={(reason) => change({ reason: reason as NotDoneReason })}
            choices={choices.map((one) => ({ value: one.key, words: W.couldNot.reasons[one.key] ?? one.words }))}
          />
        </Field>
        <Field id="note" label={W.couldNot.note} help={W.couldNot.noteHelp} error={faults.note} question="note">
          <textarea
            id="note"
            class="box"
            value={data.note}
            aria-describedby="noteh"
            aria-invalid={faults.note ? true : undefined}
            onInput={(e) => change({ note: e.currentTarget.value })}
          />
        </Field>
        <Field
          id="again"
          label={W.couldNot.again}
          help={W.couldNot.againHelp}
          error={faults.again}
          question="again"
          group
        >
          <Choices
            value={data.again || undefined}
            onChoose={(again) => change({ again })}
            choices={[
              { value: daysOn(1), words: W.couldNot.tomorrow },
              { value: daysOn(7), words: W.couldNot.inAWeek },
            ]}
          />
          <input
            id="again"
            class="box"
            type="date"
            aria-label={W.couldNot.otherDay}
            min={isoDate()}
            value={data.again}
            aria-describedby="againh"
            onInput={(e) => change({ again: e.currentTarget.value })}
          />
        </Field>
        <Field id="photos" label={W.report.photos} group>
          <Kept
            field=""
            label={W.couldNot.title}
            photos={data.photos}
            names={{}}
            onAdd={(photo) => change((now) => ({ photos: [...now.photos, photo] }))}
            onRemove={(photo) => change((now) => ({ photos: now.photos.filter((one) => one.sha256 !== photo.sha256) }))}
          />
        </Field>
      </div>
      <Trouble words={trouble} />
    </Screen>
  );
}
