/** The form: what must be known before, the questions, and one button that keeps it all on the phone. */

import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { announce, buzz } from "../../ui/announce";
import { AskQuestion } from "../../ui/ask/AskQuestion";
import type { AskForm } from "../../ui/ask/ask";
import { sayError, useEngine } from "../../ui/engine";
import { Field, showFault } from "../../ui/Field";
import { Loading } from "../../ui/Loading";
import { Note } from "../../ui/Note";
import { Kept } from "../../ui/Photos";
import { Screen } from "../../ui/Screen";
import { type Drafted, useDraft } from "../../ui/useDraft";
import { W } from "../../words";
import { CarriedOn, CheckHead } from "./CheckHead";
import { type CheckDraft, cleanAnswers, lateFault } from "./draft";
import { Earlier } from "./Earlier";
import { checkDone } from "./save";
import type { CheckTask } from "./task";

interface CheckFormProps {
  task: CheckTask;
  fresh: () => CheckDraft;
}

export function CheckForm({ task, fresh }: CheckFormProps) {
  const draft = useDraft<CheckDraft>(task.key, fresh);
  if (!draft) return <Loading back="/" />;
  return <Filling key={draft.data.started_at} task={task} draft={draft} />;
}

/** Every reason why this cannot be saved yet, by the field where it is to be put right. */
function useFaults(task: CheckTask, form: CheckTask["form"], data: CheckDraft) {
  const engine = useEngine();
  const verdict = engine.judge(form.questions, cleanAnswers(data.answers), data.photos);
  const faults: Record<string, string> = {};
  for (const { question, words } of verdict.problems) faults[question] = atField(form, question, words);
  const late = lateFault(data.late);
  if (late) faults._late = late === "future" ? W.check.earlierFuture : W.check.earlierMissing;
  if (task.supersedes && !data.reason.trim()) faults._reason = W.correct.whyMissing;
  return { faults, findings: verdict.findings };
}

/** The question's own name stands above the field already. */
function atField(form: CheckTask["form"], key: string, words: string): string {
  const label = form.questions.find((question) => question.key === key)?.label;
  const rest = label && words.startsWith(`${label}: `) ? words.slice(label.length + 2) : words;
  return rest === "not answered yet." ? W.check.choose : rest.charAt(0).toUpperCase() + rest.slice(1);
}

function Filling({ task, draft }: { task: CheckTask; draft: Drafted<CheckDraft> }) {
  const engine = useEngine();
  const [, go] = useLocation();
  const [tried, setTried] = useState(false);
  const [saving, setSaving] = useState(false);
  const [trouble, setTrouble] = useState("");
  const { data, change } = draft;
  const form = engine.form(task.form.code, data.revision) ?? task.form;
  const { faults, findings } = useFaults(task, form, data);
  const ask = askForm(task, form, draft);

  const save = async () => {
    if (saving) return;
    setTried(true);
    const wrong = Object.keys(faults);
    if (wrong.length > 0) {
      announce(W.check.missing(wrong.length));
      return showFault(wrong);
    }
    setSaving(true);
    try {
      const { id } = await engine.record("check_done", checkDone(task, form, data), { draft: task.key });
      engine.formOpen(false);
      buzz();
      announce(W.saved.announce(form.title));
      go(`/saved/${id}`, { replace: true });
    } catch (problem) {
      setTrouble(sayError(problem));
      setSaving(false);
    }
  };
  const title = task.supersedes ? W.correct.title(form.title) : form.title;
  return (
    <Screen
      name={form.title}
      left={<span class="top-name">{task.asset?.name ?? task.place.words}</span>}
      back={task.asset ? `/asset/${task.asset.id}` : "/"}
      form
      bottom={<Bottom {...{ task, saving, save }} />}
    >
      {draft.resumed && <CarriedOn when={draft.resumed} empty={draft.empty} />}
      <CheckHead task={task} form={form} title={title} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        {task.supersedes && <Reason data={data} change={change} error={tried ? faults._reason : undefined} />}
        {form.questions.length === 0 && <p class="muted">{W.check.noQuestions}</p>}
        {form.questions.map((question) => (
          <AskQuestion
            key={question.key}
            question={question}
            value={data.answers[question.key]}
            answer={(value) => change((now) => ({ answers: { ...now.answers, [question.key]: value } }))}
            error={tried ? faults[question.key] : undefined}
            form={ask}
          />
        ))}
        <Extras data={data} change={change} ask={ask} />
        {!task.supersedes && <Earlier data={data} change={change} error={tried ? faults._late : undefined} />}
      </form>
      {findings.length > 0 && (
        <Note tone="due" title={W.check.willTell(findings.length)}>
          <ul class="bullets">
            {findings.map((finding) => (
              <li key={`${finding.question}${finding.summary}`}>{finding.summary}</li>
            ))}
          </ul>
        </Note>
      )}
      {tried && Object.keys(faults).length > 0 && <p class="error">{W.check.missing(Object.keys(faults).length)}</p>}
      {trouble && (
        <Note tone="late" live>
          <p>{trouble}</p>
        </Note>
      )}
    </Screen>
  );
}

function Bottom({ task, saving, save }: { task: CheckTask; saving: boolean; save: () => void }) {
  return (
    <>
      {task.view && !task.supersedes && (
        <Link href={`/could-not/${task.view.plan.id}`} class="btn">
          {W.check.couldNot}
        </Link>
      )}
      <button type="button" class="btn main main-act" aria-disabled={saving} onClick={save}>
        {saving ? W.check.saving : task.supersedes ? W.correct.save : W.check.save}
      </button>
    </>
  );
}

type Part = { data: CheckDraft; change: Drafted<CheckDraft>["change"]; error?: string };

function Reason({ data, change, error }: Part) {
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
function Extras({ data, change, ask }: Part & { ask: AskForm }) {
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

function askForm(task: CheckTask, form: CheckTask["form"], { data, change }: Drafted<CheckDraft>): AskForm {
  return {
    answers: data.answers,
    questions: form.questions,
    view: task.view,
    photos: data.photos,
    names: data.names,
    timers: data.timers,
    addPhoto: (photo, name) =>
      change((now) => ({ photos: [...now.photos, photo], names: { ...now.names, [photo.sha256]: name } })),
    removePhoto: (photo) =>
      change((now) => ({
        photos: now.photos.filter((one) => one.sha256 !== photo.sha256 || one.field !== photo.field),
      })),
    setTimer: (key, started) =>
      change((now) => {
        const timers = { ...now.timers };
        if (started) timers[key] = started;
        else delete timers[key];
        return { timers };
      }),
  };
}
