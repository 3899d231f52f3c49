/** One job: the dangers of the place, what is wrong, what to do; and to say that it is done, with a photo of it. */

import { Link } from "wouter-preact";
import type { PhotoRef, WorkDone } from "../engine";
import { type JobView, jobView, mayFinish } from "../jobs";
import { DoNotUse } from "../ui/DoNotUse";
import { useApp } from "../ui/engine";
import { Field } from "../ui/Field";
import { LineField } from "../ui/Line";
import { Loading } from "../ui/Loading";
import { MadeSafe } from "../ui/MadeSafe";
import { Note } from "../ui/Note";
import { Kept } from "../ui/Photos";
import { PlaceWarnings } from "../ui/PlaceWarnings";
import { SaveButton, StillNeeded, Trouble } from "../ui/SaveButton";
import { Screen } from "../ui/Screen";
import { Badge } from "../ui/Status";
import { day, isoDate } from "../ui/say";
import { type Drafted, useDraft } from "../ui/useDraft";
import { useSaving } from "../ui/useSaving";
import { english, W } from "../words";
import { Missing } from "./Plain";

interface JobDraft {
  note: string;
  minutes: string;
  photos: PhotoRef[];
}

const EMPTY: JobDraft = { note: "", minutes: "", photos: [] };

export function Job({ id }: { id: string }) {
  const { site } = useApp();
  const draft = useDraft<JobDraft>(`job:${id}`, () => EMPTY);
  const order = site?.work_orders.get(id);
  if (!site || !order) return <Missing title={W.jobs.gone} body={W.jobs.goneBody} />;
  if (!draft) return <Loading back="/jobs" />;
  return <Doing view={jobView(site, order, isoDate())} draft={draft} />;
}

function faultsOf(view: JobView, data: JobDraft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (!data.note.trim() && data.photos.length === 0) faults.note = W.jobs.noteMissing;
  if (view.order.proof === "photo" && data.photos.length === 0 && !data.note.trim())
    faults.photos = W.jobs.photoMissing;
  if (data.minutes.trim() && minutesOf(data.minutes) === null) faults.minutes = W.jobs.minutesWrong;
  return faults;
}

/** Whole minutes up to a week; null for anything else. */
function minutesOf(text: string): number | null {
  const number = Number(text.trim());
  return /^\d+$/.test(text.trim()) && number > 0 && number <= 7 * 24 * 60 ? number : null;
}

function bodyOf(view: JobView, data: JobDraft): WorkDone {
  const minutes = minutesOf(data.minutes);
  return {
    work_order: view.order.id,
    note: data.note.trim(),
    photos: data.photos,
    ...(minutes !== null && { minutes }),
  };
}

function Doing({ view, draft }: { view: JobView; draft: Drafted<JobDraft> }) {
  const { site, session } = useApp();
  const { order, asset, place } = view;
  const { data, change } = draft;
  const mine = mayFinish(view, session.person?.id ?? "");
  const { save, saving, trouble, faults } = useSaving({
    kind: "work_done",
    draft,
    key: `job:${order.id}`,
    faults: (now) => faultsOf(view, now),
    body: (now) => bodyOf(view, now),
    said: () => order.title,
  });
  const theirs = [...(site?.defects.values() ?? [])].filter(
    (defect) => defect.id === order.defect || (asset && defect.asset === asset.id),
  );
  const wrong = site?.defects.get(order.defect ?? "") ?? null;
  return (
    <Screen
      name={W.jobs.title}
      heading={order.title}
      back="/jobs"
      form
      bottom={
        mine && (
          <>
            <StillNeeded faults={faults} />
            <SaveButton words={W.jobs.save} saving={saving} save={save} />
          </>
        )
      }
    >
      <PlaceWarnings place={place} />
      <DoNotUse defects={theirs} />
      <About view={view} />
      {wrong && <MadeSafe defect={wrong} />}
      {mine ? (
        <>
          <AfterPhotos data={data} change={change} error={faults.photos} needed={order.proof === "photo"} />
          <LineField
            label={W.jobs.note}
            help={W.jobs.noteHelp}
            error={faults.note}
            question="note"
            value={data.note}
            onWords={(note) => change({ note })}
            long
          />
          <Minutes value={data.minutes} error={faults.minutes} onWords={(minutes) => change({ minutes })} />
          {order.proof === "certificate" && (
            <Note>
              <p>{W.jobs.certificate}</p>
            </Note>
          )}
          <Trouble words={trouble} />
          {order.defect && (
            <Link class="btn wide" href={`/problem/${order.defect}`}>
              {W.jobs.cannot}
            </Link>
          )}
        </>
      ) : (
        <Note tone="off" title={W.jobs.notYours(order.whose || W.jobs.somebody)}>
          <p>{W.jobs.notYoursBody}</p>
          {order.defect && (
            <Link class="btn slim" href={`/problem/${order.defect}`}>
              {W.jobs.addNote}
            </Link>
          )}
        </Note>
      )}
    </Screen>
  );
}

function About({ view }: { view: JobView }) {
  const { order, asset, place, late } = view;
  return (
    <div class="stack">
      <p class="big">
        {asset ? (
          <>
            <Link href={`/asset/${asset.id}`}>{asset.name}</Link>, {place.words}
          </>
        ) : (
          place.words
        )}
      </p>
      {order.problem && order.problem !== order.title && (
        <p>
          {W.jobs.problem}: {order.problem}
        </p>
      )}
      {order.sent_back && (
        <Note tone="due" title={W.jobs.sentBack}>
          <p {...english()}>{order.sent_back}</p>
        </Note>
      )}
      {order.instructions && (
        <div>
          <h2>{W.jobs.todo}</h2>
          <p class="kept-lines">{order.instructions}</p>
        </div>
      )}
      {order.target_on && (
        <p class="row-tail">
          <Badge tone={late ? "late" : "soon"}>{W.dueOn(day(order.target_on))}</Badge>
        </p>
      )}
    </div>
  );
}

function AfterPhotos(props: { data: JobDraft; change: Drafted<JobDraft>["change"]; error?: string; needed: boolean }) {
  const { data, change, error, needed } = props;
  return (
    <Field
      id="photos"
      label={W.jobs.after}
      help={needed ? W.jobs.afterNeeded : undefined}
      error={error}
      question="photos"
      group
    >
      <Kept
        field="after"
        label={W.jobs.after}
        photos={data.photos}
        names={{}}
        onAdd={(photo) => change((now) => ({ photos: [...now.photos, photo] }))}
        onRemove={(photo) => change((now) => ({ photos: now.photos.filter((one) => one.sha256 !== photo.sha256) }))}
      />
    </Field>
  );
}

function Minutes({ value, error, onWords }: { value: string; error?: string; onWords: (words: string) => void }) {
  return (
    <Field id="minutes" label={W.jobs.minutes} error={error} question="minutes">
      <input
        id="minutes"
        class="box short"
        type="text"
        inputMode="numeric"
        autocomplete="off"
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? "minutesx" : undefined}
        onInput={(e) => onWords(e.currentTarget.value)}
      />
    </Field>
  );
}
