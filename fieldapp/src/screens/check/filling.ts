/** Between the draft and the questions: what each of them sees, and what is still wrong. */

import type { Engine, Uuid } from "../../engine";
import type { AskForm } from "../../ui/ask/ask";
import { unticked } from "../../ui/ask/things";
import type { Drafted } from "../../ui/useDraft";
import { W } from "../../words";
import { type CheckDraft, cleanAnswers, lateFault } from "./draft";
import type { CheckTask } from "./task";

/** Every reason why this cannot be saved yet, by the field where it is to be put right; and what was found. */
export function judged(engine: Engine, task: CheckTask, form: CheckTask["form"], data: CheckDraft) {
  const verdict = engine.judge(form.questions, cleanAnswers(data.answers), data.photos);
  const faults: Record<string, string> = {};
  for (const { question, code, words } of verdict.problems)
    faults[question] = (code === "wrong_type" && shapeWords(form, question)) || atField(form, question, words);
  for (const [key, words] of mustFaults(engine, task, form, data)) faults[key] = words;
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

/** Things that must be ticked and are not; words that say why will do instead, in the notes or in a question of the form's. */
function mustFaults(engine: Engine, task: CheckTask, form: CheckTask["form"], data: CheckDraft): [string, string][] {
  const { site } = engine.getSnapshot();
  const boxes = form.questions.filter(({ type }) => type === "text");
  const inWords = ["notes", ...boxes.map(({ key }) => key)];
  if (!site || inWords.some((key) => String(data.answers[key] ?? "").trim())) return [];
  return form.questions
    .map((question) => ({ question, left: unticked(site, question, buildingOf(task), data.answers[question.key]) }))
    .filter(({ left }) => left > 0)
    .map(({ question, left }) => [question.key, W.check.mustAll(left, boxes[0]?.label ?? W.check.notes)]);
}

/** What to do about it on a phone, where the server's words are for whoever sends it answers. */
function shapeWords(form: CheckTask["form"], key: string): string {
  const type = form.questions.find((question) => question.key === key)?.type;
  if (type === "defect-list") return W.check.defectShort;
  if (type === "action-list") return W.check.actionShort;
  return type === "asset-ref" || type === "asset-list" ? W.check.thingShort : "";
}

/** The building that the whole check is on; null when it is on one thing or on the site. */
function buildingOf(task: CheckTask): Uuid | null {
  return task.asset ? null : task.building;
}

export function askForm(task: CheckTask, form: CheckTask["form"], { data, change }: Drafted<CheckDraft>): AskForm {
  return {
    answers: data.answers,
    questions: form.questions,
    view: task.view,
    building: buildingOf(task),
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
