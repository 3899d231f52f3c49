/** The form: what must be known before, the questions, and one button that keeps it all on the phone. */

import { useEffect } from "preact/hooks";
import { Link } from "wouter-preact";
import { formFor } from "../../today";
import { AskQuestion } from "../../ui/ask/AskQuestion";
import { useEngine } from "../../ui/engine";
import { Loading } from "../../ui/Loading";
import { SaveButton, StillNeeded, Trouble } from "../../ui/SaveButton";
import { Screen } from "../../ui/Screen";
import { type Drafted, useDraft } from "../../ui/useDraft";
import { useSaving } from "../../ui/useSaving";
import { W } from "../../words";
import { OnTheWalk } from "../OnTheWalk";
import { CarriedOn, CheckHead } from "./CheckHead";
import type { CheckDraft } from "./draft";
import { Earlier } from "./Earlier";
import { Extras, Reason } from "./Extras";
import { Found, unreadOf } from "./Found";
import { askForm, judged } from "./filling";
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

function Filling({ task, draft }: { task: CheckTask; draft: Drafted<CheckDraft> }) {
  const engine = useEngine();
  const { data, change } = draft;
  const kept = engine.form(task.form.code, data.revision);
  const form = kept ? formFor(kept, task.asset) : task.form;
  const { save, saving, trouble, faults } = useSaving({
    kind: "check_done",
    draft,
    key: task.key,
    faults: (now) => judged(engine, task, form, now).faults,
    body: (now) => checkDone(task, form, now),
    said: () => form.title,
  });
  useEffect(() => {
    const { fill } = task;
    if (fill && !draft.latest().answers[fill.question])
      change((now) => ({ answers: { ...now.answers, [fill.question]: fill.thing } }));
  }, []);
  const { findings } = judged(engine, task, form, data);
  const ask = askForm(task, form, draft);
  const title = task.supersedes ? W.correct.title(form.title) : form.title;
  return (
    <Screen
      name={form.title}
      left={<span class="top-name">{task.asset?.name ?? task.place.words}</span>}
      back={task.asset ? `/asset/${task.asset.id}` : "/"}
      form
      bottom={<Bottom {...{ task, saving, save, faults }} />}
    >
      {task.view && !task.supersedes && <OnTheWalk view={task.view} />}
      {draft.resumed && <CarriedOn when={draft.resumed} empty={draft.empty} />}
      <CheckHead task={task} form={form} title={title} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        {task.supersedes && <Reason data={data} change={change} error={faults._reason} />}
        {form.questions.length === 0 && <p class="muted">{W.check.noQuestions}</p>}
        {form.questions.map((question) => (
          <AskQuestion
            key={question.key}
            question={question}
            value={data.answers[question.key]}
            answer={(value) => change((now) => ({ answers: { ...now.answers, [question.key]: value } }))}
            error={faults[question.key]}
            form={ask}
          />
        ))}
        <Extras data={data} change={change} ask={ask} />
        {!task.supersedes && <Earlier data={data} change={change} error={faults._late} />}
      </form>
      <Found findings={findings} unread={unreadOf(form.questions, data.answers)} title={W.check.willTell} />
      <Trouble words={trouble} />
    </Screen>
  );
}

interface BottomProps {
  task: CheckTask;
  saving: boolean;
  save: () => void;
  faults: Record<string, string>;
}

function Bottom({ task, saving, save, faults }: BottomProps) {
  return (
    <>
      <StillNeeded faults={faults} />
      {task.view && !task.supersedes && (
        <Link href={`/could-not/${task.view.plan.id}`} class="btn">
          {W.check.couldNot}
        </Link>
      )}
      <SaveButton words={task.supersedes ? W.correct.save : W.check.save} saving={saving} save={save} />
    </>
  );
}
