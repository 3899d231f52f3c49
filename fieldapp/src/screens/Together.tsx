/** "All 14 fine, except …": the exceptions are ticked, the others saved at once, each as its own record. */

import { useRef, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { alike, allFine, nearest } from "../alike";
import { spoken } from "../answer-words";
import { newId } from "../canonical";
import type { CheckDone, Engine, PlanView, Presence, Uuid } from "../engine";
import { announce, buzz } from "../ui/announce";
import { ScanThing } from "../ui/ask/ScanThing";
import { barsUse } from "../ui/DoNotUse";
import { sayError, useApp, useEngine } from "../ui/engine";
import { Loading } from "../ui/Loading";
import { PlaceWarnings } from "../ui/PlaceWarnings";
import { SaveButton, Trouble } from "../ui/SaveButton";
import { Screen } from "../ui/Screen";
import { Badge } from "../ui/Status";
import { isoDate } from "../ui/say";
import { type Drafted, useDraft } from "../ui/useDraft";
import { visitTo } from "../ui/visit";
import { comeFirst, passed, WHOLE, walking, walkNow } from "../ui/walking";
import { english, W } from "../words";
import { freshDraft } from "./check/draft";
import { checkDone } from "./check/save";
import { Missing } from "./Plain";

interface TogetherDraft {
  /** Plans that are not fine, or were not looked at. */
  out: Uuid[];
  /** By asset: the label that was read there. */
  seen: Record<Uuid, { tag: string; presence: Presence }>;
  started_at: string;
  /** The whole building, not only this room. */
  wide: boolean;
}

export function Together({ plan }: { plan: string }) {
  const engine = useEngine();
  useApp();
  // what is saved meanwhile leaves the list: the group is that of the moment in which the screen was opened
  const [group] = useState(() => groupOf(engine, plan));
  const key = `together:${plan}`;
  const draft = useDraft<TogetherDraft>(key, () => freshGroup(engine, group));
  const view = group.find((one) => one.plan.id === plan);
  if (!view) return <Missing title={W.together.gone} body={W.together.goneBody} />;
  if (!draft) return <Loading back="/walk" />;
  return <Ticking group={group} near={nearest(view, group)} draft={draft} draftKey={key} />;
}

function groupOf(engine: Engine, plan: Uuid): PlanView[] {
  const { left } = walkNow(engine, walking(engine) ?? WHOLE);
  const view = left.find((one) => one.plan.id === plan);
  return view ? alike(view, left) : [];
}

/** What is out of service or must not be used is not fine to begin with; labels that were just read count. */
function freshGroup(engine: Engine, group: readonly PlanView[]): TogetherDraft {
  const defects = [...(engine.getSnapshot().site?.defects.values() ?? [])];
  const barred = ({ asset }: PlanView) =>
    asset?.status === "out-of-service" || defects.some((one) => one.asset === asset?.id && barsUse(one, isoDate()));
  const seen: TogetherDraft["seen"] = {};
  for (const { asset } of group) {
    const { tag, presence } = visitTo(asset?.id ?? null);
    if (asset && tag) seen[asset.id] = { tag, presence };
  }
  return {
    out: group.filter(barred).map((view) => view.plan.id),
    seen,
    started_at: new Date().toISOString(),
    wide: false,
  };
}

interface TickingProps {
  group: PlanView[];
  /** Those in the same room, which are shown first. */
  near: PlanView[];
  draft: Drafted<TogetherDraft>;
  draftKey: string;
}

function Ticking({ group, near, draft, draftKey }: TickingProps) {
  const { data, change } = draft;
  const shown = data.wide ? group : near;
  const fine = shown.filter((view) => !data.out.includes(view.plan.id));
  const { save, saving, trouble } = useGroupSaving(shown, draft, draftKey);
  const { form, place } = shown[0] as PlanView;
  const oneRoom = shown.every((view) => view.place.space?.id === place.space?.id);
  const where = oneRoom ? place.words : (place.building?.name ?? place.words);
  const tick = (id: Uuid, on: boolean) =>
    change((now) => ({ out: on ? [...now.out, id] : now.out.filter((one) => one !== id) }));
  const things = shown.flatMap(({ asset }) => asset ?? []);
  const proved = fine.filter(({ asset }) => data.seen[asset?.id ?? ""]).length;
  return (
    <Screen
      name={form.title}
      heading={form.title}
      back="/walk"
      form
      bottom={
        fine.length > 0 ? (
          <SaveButton words={W.together.save(fine.length)} saving={saving} save={save} />
        ) : (
          <p class="error bottom-says">{W.together.none}</p>
        )
      }
    >
      <PlaceWarnings place={{ ...place, warnings: [...new Set(shown.flatMap((view) => view.place.warnings))] }} />
      <p>{W.together.lead(shown.length, where)}</p>
      <Says view={shown[0] as PlanView} />
      {things.length > 0 && (
        <ScanThing
          type=""
          things={things}
          says={W.together.isHere}
          many
          onThing={({ id }, tag, presence) => change((now) => ({ seen: { ...now.seen, [id]: { tag, presence } } }))}
        />
      )}
      <fieldset>
        <legend class="label">{W.together.legend}</legend>
        <ul class="rows">
          {shown.map((view) => (
            <li key={view.plan.id}>
              <label class="tickline">
                <input
                  type="checkbox"
                  checked={data.out.includes(view.plan.id)}
                  onChange={(e) => tick(view.plan.id, e.currentTarget.checked)}
                />
                <span class="row-words">
                  <span class="row-title" {...english()}>
                    {view.asset?.name ?? view.place.words}
                  </span>
                  {!oneRoom && <span class="muted small">{view.place.space?.name}</span>}
                  {data.seen[view.asset?.id ?? ""] ? (
                    <Badge tone="good">{W.together.scanned}</Badge>
                  ) : (
                    <span class="muted small">{W.together.notScanned}</span>
                  )}
                </span>
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      {!data.wide && shown.length < group.length && (
        <button type="button" class="btn wide" onClick={() => change({ wide: true })}>
          {W.together.wider(group.length - shown.length, place.building?.name ?? "")}
        </button>
      )}
      <p class="muted">
        {W.together.proof(proved, fine.length)} {W.together.after}
      </p>
      <Trouble words={trouble} />
    </Screen>
  );
}

/** What "fine" means here, answer by answer. */
function Says({ view }: { view: PlanView }) {
  const answers = allFine(view.form, view.asset) ?? {};
  const said = view.form.questions.filter((question) => question.type !== "asset-ref" && question.key in answers);
  return (
    <div>
      <p>
        <strong>{W.together.says}</strong>
      </p>
      <dl class="facts">
        {said.map((question) => (
          <div key={question.key}>
            <dt>{question.label}</dt>
            <dd>{question.type === "pass-fail" ? W.check.pass : spoken(question, answers[question.key])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function useGroupSaving(shown: PlanView[], draft: Drafted<TogetherDraft>, key: string) {
  const engine = useEngine();
  const [, go] = useLocation();
  const [saving, setSaving] = useState(false);
  const [trouble, setTrouble] = useState("");
  const busy = useRef(false);
  const save = async () => {
    if (busy.current) return;
    busy.current = true;
    setSaving(true);
    const data = draft.latest();
    const [out, fine] = [true, false].map((is) => shown.filter((view) => data.out.includes(view.plan.id) === is));
    try {
      const ids = await engine.recordAll("check_done", bodiesOf(fine ?? [], data), { draft: key });
      const walk = walking(engine);
      if (walk) {
        passed(engine, walk, ...(fine ?? []).map((view) => view.plan.id));
        comeFirst(
          engine,
          walk,
          (out ?? []).map((view) => view.plan.id),
        );
      }
      buzz();
      announce(W.saved.announce(W.together.saved(ids.length)));
      go(`/saved/${ids[0]}?n=${ids.length}`, { replace: true });
    } catch (problem) {
      setTrouble(sayError(problem));
      busy.current = false;
      setSaving(false);
    }
  };
  return { save, saving, trouble };
}

/** One record for each, with its own presence; what they share is only that they were answered in one go. */
function bodiesOf(fine: PlanView[], data: TogetherDraft): CheckDone[] {
  const together = fine.length > 1 ? { together: newId() } : {};
  return fine.map((view) => {
    const { form, asset } = view;
    const building = view.plan.building;
    const task = { key: "", form, view, asset, building, site: null, place: view.place };
    const seen = data.seen[asset?.id ?? ""] ?? { tag: null, presence: "typed" as const };
    const answers = allFine(form, asset) ?? {};
    const body = checkDone(task, form, { ...freshDraft(form, view), ...seen, answers, started_at: data.started_at });
    return { ...body, ...together };
  });
}
