/** Not done, and why: it never counts as done, and the next attempt can be planned. */

import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { NotDoneReason, PhotoRef } from "../engine";
import { announce, buzz } from "../ui/announce";
import { Choices } from "../ui/Choices";
import { sayError, useEngine, usePart } from "../ui/engine";
import { Field, showFault } from "../ui/Field";
import { Loading } from "../ui/Loading";
import { Note } from "../ui/Note";
import { Kept } from "../ui/Photos";
import { Screen } from "../ui/Screen";
import { isoDate } from "../ui/say";
import { useDraft } from "../ui/useDraft";
import { W } from "../words";
import { Missing } from "./Plain";

interface NotDoneDraft {
  reason: NotDoneReason | "";
  note: string;
  again: string;
  photos: PhotoRef[];
}

export function CouldNot({ plan }: { plan: string }) {
  const engine = useEngine();
  const [, go] = useLocation();
  const reasons = usePart((s) => s.site?.not_done_reasons ?? []);
  const key = `could-not:${plan}`;
  const draft = useDraft<NotDoneDraft>(key, () => ({ reason: "", note: "", again: "", photos: [] }));
  const [tried, setTried] = useState(false);
  const [trouble, setTrouble] = useState("");
  const view = engine.plan(plan);
  if (!view) return <Missing title={W.check.none} body={W.check.noneBody} />;
  if (!draft) return <Loading back={`/check/${plan}`} />;
  const { data, change } = draft;
  const faults: Record<string, string> = {};
  if (!data.reason) faults.reason = W.couldNot.whyMissing;
  if (data.reason === "other" && !data.note.trim()) faults.note = W.couldNot.noteMissing;
  const error = (field: string) => (tried ? faults[field] : undefined);

  const save = async () => {
    setTried(true);
    const wrong = Object.keys(faults);
    if (wrong.length || !data.reason) {
      announce(W.check.missing(wrong.length));
      return showFault(wrong);
    }
    const { reason, photos } = data;
    const body = { plan, reason, note: data.note.trim(), photos, ...(data.again && { try_again_on: data.again }) };
    try {
      const { id } = await engine.record("check_not_done", body, { draft: key });
      buzz();
      announce(W.saved.announce(W.couldNot.title));
      go(`/saved/${id}`, { replace: true });
    } catch (problem) {
      setTrouble(sayError(problem));
    }
  };
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
        <button type="button" class="btn main main-act" onClick={save}>
          {W.couldNot.save}
        </button>
      }
    >
      <p>
        <strong>{view.form.title}.</strong> {view.asset && `${view.asset.name}, `}
        {view.place.words}
      </p>
      <p class="muted">{W.couldNot.lead}</p>
      <div>
        <Field id="why" label={W.couldNot.why} error={error("reason")} question="reason" group>
          <Choices
            column
            value={data.reason || undefined}
            onChoose={(reason) => change({ reason: reason as NotDoneReason })}
            choices={choices.map((one) => ({ value: one.key, words: W.couldNot.reasons[one.key] ?? one.words }))}
          />
        </Field>
        <Field id="note" label={W.couldNot.note} help={W.couldNot.noteHelp} error={error("note")} question="note">
          <textarea
            id="note"
            class="box"
            value={data.note}
            aria-describedby="noteh"
            aria-invalid={error("note") ? true : undefined}
            onInput={(e) => change({ note: e.currentTarget.value })}
          />
        </Field>
        <Field id="again" label={W.couldNot.again} help={W.couldNot.againHelp}>
          <input
            id="again"
            class="box"
            type="date"
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
      {trouble && (
        <Note tone="late" live>
          <p>{trouble}</p>
        </Note>
      )}
    </Screen>
  );
}
