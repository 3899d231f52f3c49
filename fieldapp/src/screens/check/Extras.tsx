/** What every check has room for: notes, photos, and in a correction the reason. */

import type { AskForm } from "../../ui/ask/ask";
import { Field } from "../../ui/Field";
import { Kept } from "../../ui/Photos";
import type { Drafted } from "../../ui/useDraft";
import { W } from "../../words";
import type { CheckDraft } from "./draft";

type Part = { data: CheckDraft; change: Drafted<CheckDraft>["change"]; error?: string };

export function Reason({ data, change, error }: Part) {
  return (
    <Field id="reason" label={W.correct.why} error={error} question="_reason" need={`(${W.check.needed})`}>
      <textarea
        id="reason"
        class="box"
        value={data.reason}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? "reasonx" : undefined}
        onInput={(e) => change({ reason: e.currentTarget.value })}
      />
    </Field>
  );
}

/** Notes and photos are always welcome. */
export function Extras({ data, change, ask }: Part & { ask: AskForm }) {
  const put = (notes: string) => change((now) => ({ answers: { ...now.answers, notes } }));
  return (
    <>
      {!ask.questions.some((question) => question.key === "notes") && (
        <Field id="notes" label={W.check.notes} help={W.check.notesHelp} question="notes">
          <textarea
            id="notes"
            class="box"
            value={String(data.answers.notes ?? "")}
            aria-describedby="notesh"
            onInput={(e) => put(e.currentTarget.value)}
          />
        </Field>
      )}
      {!ask.questions.some((question) => question.type === "photo") && (
        <Field id="photos" label={W.check.morePhotos} group>
          <Kept
            field=""
            label={W.check.morePhotos}
            photos={ask.photos}
            names={ask.names}
            onAdd={ask.addPhoto}
            onRemove={ask.removePhoto}
          />
        </Field>
      )}
    </>
  );
}
