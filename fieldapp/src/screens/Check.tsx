/** Three ways to the same form: from a plan, from an event, and to put right what was just saved. */

import { useMemo } from "preact/hooks";
import { useSearchParams } from "wouter-preact";
import type { CheckDone, CheckForm as Form, PlanView } from "../engine";
import { formFor } from "../today";
import { useApp, useEngine, useLoaded } from "../ui/engine";
import { Loading } from "../ui/Loading";
import { W } from "../words";
import { CheckForm } from "./check/CheckForm";
import { asItWas, type CheckDraft, freshDraft } from "./check/draft";
import type { CheckTask } from "./check/task";
import { Missing } from "./Plain";

/** `?fill=call_point:<id>`: come from that thing's own page, which answers the question. */
export function Check({ plan }: { plan: string }) {
  const engine = useEngine();
  const [search] = useSearchParams();
  useApp();
  const [question = "", thing = ""] = (search.get("fill") ?? "").split(":");
  const there = engine.plan(plan);
  const begun = useLoaded(() => engine.draft<CheckDraft>(`check:${plan}`), [plan, there === null]);
  if (!there && !begun) return <Loading back="/" />;
  const was = begun?.value?.data.was;
  const view = there ?? asItWas(was, was ? engine.form(was.plan.check, begun?.value?.data.revision) : null);
  if (!view) return <Missing title={W.check.none} body={W.check.noneBody} />;
  const { asset, place } = view;
  const task: CheckTask = {
    key: `check:${plan}`,
    form: view.form,
    view,
    asset,
    building: view.plan.building,
    site: null,
    place,
    gone: there === null,
    fill: question && thing ? { question, thing } : undefined,
  };
  return <CheckForm task={task} fresh={() => freshDraft(view.form, view, task.fill, engine.registered(view))} />;
}

/** `on` is asset, building or site; `id` names which. */
export function EventCheck({ code, on, id }: { code: string; on: string; id: string }) {
  const engine = useEngine();
  useApp();
  const form = engine.form(code);
  const asset = on === "asset" ? (engine.asset(id)?.asset ?? null) : null;
  if (!form || (on === "asset" && !asset)) return <Missing title={W.check.none} body={W.check.noForm} />;
  const building = on === "building" ? id : null;
  const task: CheckTask = {
    key: `event:${code}:${on}:${id}`,
    form: formFor(form, asset),
    view: null,
    asset,
    building,
    site: on === "site" ? id : null,
    place: engine.place(asset ?? { building }),
  };
  return <CheckForm task={task} fresh={() => freshDraft(task.form, { asset })} />;
}

/** The first record stays; this one supersedes it, with the answers already filled in. */
export function Correct({ op }: { op: string }) {
  const engine = useEngine();
  const found = useLoaded(() => engine.outboxItem(op), [op]);
  const body = found?.value?.item.kind === "check_done" ? (found.value.body as CheckDone) : null;
  const made_at = found?.value?.item.made_at ?? "";
  const task = useMemo(() => (body ? correction(engine, op, body, made_at) : null), [body]);
  if (!found) return <Loading back={`/work/${op}`} />;
  if (!body || !task) return <Missing title={W.work.missing} body={W.correct.gone} />;
  const fresh = (): CheckDraft => ({
    ...freshDraft(task.form, { asset: null }),
    answers: body.answers,
    photos: body.photos,
    tag: body.tag,
    presence: body.presence,
    started_at: body.started_at,
  });
  return <CheckForm task={task} fresh={fresh} />;
}

function correction(
  engine: ReturnType<typeof useEngine>,
  op: string,
  body: CheckDone,
  made_at: string,
): CheckTask | null {
  const view: PlanView | null = body.plan ? engine.plan(body.plan) : null;
  const form: Form | null = engine.form(body.check_type.code, body.check_type.revision) ?? view?.form ?? null;
  if (!form) return null;
  const asset = body.asset ? (engine.asset(body.asset)?.asset ?? null) : null;
  return {
    key: `correct:${op}`,
    form: formFor(form, asset),
    view,
    asset,
    building: body.building,
    site: body.site ?? null,
    place: engine.place(asset ?? { building: body.building }),
    supersedes: { op, done_at: body.done_at ?? made_at },
  };
}
