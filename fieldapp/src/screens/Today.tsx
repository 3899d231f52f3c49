/** What do I do next? The answer in a sentence, then the work, most urgent first, place by place. */

import { useMemo, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { PlanView, Today as TodayList } from "../engine";
import { byUrgency } from "../today";
import { isOutside } from "../ui/competence";
import { useApp, useEngine } from "../ui/engine";
import { useScrollKept } from "../ui/go";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { SearchBox } from "../ui/SearchBox";
import { dueWords, lower } from "../ui/Status";
import { W } from "../words";
import { JobsLine } from "./Jobs";
import { AccountLink } from "./Sites";
import { isNext, shelfOf } from "./shelves";
import { Drafts, FirstTime, InstallNote, ListAge, ThingsFound, WalkWay } from "./TodayParts";
import { DoneHere, Fold, TodayGroups } from "./TodayRows";

type Filter = "all" | "overdue" | "due";
const kept: { words: string; filter: Filter } = { words: "", filter: "all" };

export function Today() {
  const engine = useEngine();
  const app = useApp();
  const [words, setWords] = useState(kept.words);
  const [filter, setFilter] = useState<Filter>(kept.filter);
  kept.words = words;
  kept.filter = filter;
  const today = useMemo(() => engine.today(), [app.site, app.outbox, minute()]);
  const all = useMemo(() => today.groups.flatMap((group) => group.items).sort(byUrgency), [today]);
  const open = all.filter((view) => !view.done_here);
  const shown = open.filter((view) => fits(view, filter) && hasWords(view, words));
  const on = (shelf: string) => shown.filter((view) => shelfOf(view) === shelf);
  const searched = words.trim() !== "";
  const several = app.session.sites.length > 1;
  const site = app.site?.site.name ?? "";
  useScrollKept(`${app.session.person?.id} ${app.site_id}`);

  return (
    <Screen
      name={site}
      left={several ? <SiteName name={site} /> : undefined}
      right={<AccountLink />}
      bottom={
        <>
          <Link href="/scan" class="btn main main-act">
            <Icon name="scan" />
            {W.scan}
          </Link>
          <Link href="/report" class="btn">
            {W.todayScreen.report}
          </Link>
        </>
      }
    >
      {app.session.demo && <p class="muted small">{W.banner.demo}</p>}
      <Answer today={today} open={open} planned={(app.site?.plans.size ?? 0) > 0} />
      <FirstTime />
      <InstallNote />
      <Drafts />
      <JobsLine />
      <WalkWay left={open.filter(isNext).length} />
      {open.length > 0 && (
        <>
          <SearchBox label={W.todayScreen.find} value={words} onWords={setWords} />
          <Filters filter={filter} setFilter={setFilter} open={open} />
        </>
      )}
      {words && (
        <p class="unseen" role="status">
          {W.todayScreen.found(shown.length)}
        </p>
      )}
      <TodayGroups views={on("now")} />
      <Fold words={W.todayScreen.early} views={on("early")} searched={searched} />
      <Fold words={W.todayScreen.outside} views={on("outside")} searched={searched} />
      {open.length > 0 && shown.length === 0 && (
        <NoneShown filter={filter} words={words} clear={() => [setWords(""), setFilter("all")]} />
      )}
      {words.trim().length > 1 && <ThingsFound words={words} />}
      <DoneHere views={all.filter((view) => view.done_here)} />
      <ListAge />
    </Screen>
  );
}

function SiteName({ name }: { name: string }) {
  return (
    <Link href="/sites" class="top-name">
      {name}
    </Link>
  );
}

/** The first sentence: what needs me now, and where to begin. */
function Answer(props: { today: TodayList; open: PlanView[]; planned: boolean }) {
  const { open } = props;
  if (!props.planned) return <Sentence title={W.todayScreen.none} body={W.todayScreen.noneBody} />;
  const overdue = open.filter((view) => view.status === "overdue");
  const due = open.filter((view) => shelfOf(view) === "now" && view.status !== "overdue");
  const done = props.today.done > 0 ? W.todayScreen.done(props.today.done) : "";
  if (open.length === 0)
    return <Sentence title={W.todayScreen.clear} body={`${done} ${W.todayScreen.clearBody}`.trim()} />;
  const first = open.find(isNext);
  const outside = overdue.filter((view) => isOutside(view.form)).length;
  const more = [
    outside > 0 && W.todayScreen.outsideLate(outside, outside === overdue.length),
    first && W.todayScreen.first(thing(first), lower(dueWords(first))),
    overdue.length > 0 && due.length > 0 && W.todayScreen.rest(due.length),
    done,
  ];
  const title =
    overdue.length > 0
      ? W.todayScreen.overdue(overdue.length)
      : due.length > 0
        ? W.todayScreen.due(due.length)
        : W.todayScreen.clear;
  return <Sentence title={title} body={more.filter(Boolean).join(" ")} />;
}

function Sentence({ title, body }: { title: string; body: string }) {
  return (
    <>
      <h1>{title}</h1>
      {body && <p>{body}</p>}
    </>
  );
}

function Filters(props: { filter: Filter; setFilter: (filter: Filter) => void; open: PlanView[] }) {
  const choices: [Filter, string][] = [
    ["all", W.todayScreen.all],
    ["overdue", W.todayScreen.overdueOnly],
    ["due", W.todayScreen.dueOnly],
  ];
  return (
    <fieldset class="seg">
      <legend class="unseen">{W.todayScreen.which}</legend>
      {choices.map(([key, words]) => (
        <button key={key} type="button" aria-pressed={props.filter === key} onClick={() => props.setFilter(key)}>
          {words} {props.open.filter((view) => fits(view, key)).length}
        </button>
      ))}
    </fieldset>
  );
}

function NoneShown(props: { filter: Filter; words: string; clear: () => void }) {
  const { filter, words } = props;
  const said = words ? W.todayScreen.noMatch : filter === "overdue" ? W.todayScreen.noneOverdue : W.todayScreen.noneDue;
  return (
    <div class="empty stack">
      <p>{said}</p>
      <button type="button" class="btn" onClick={props.clear}>
        {W.todayScreen.clearSearch}
      </button>
    </div>
  );
}

function fits(view: PlanView, filter: Filter): boolean {
  if (filter === "all") return true;
  if (filter === "overdue") return view.status === "overdue";
  return view.status !== "overdue" && shelfOf(view) === "now";
}

function hasWords(view: PlanView, words: string): boolean {
  const text = `${view.form.title} ${view.asset?.name ?? ""} ${view.place.words}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function thing(view: PlanView): string {
  return view.asset ? `${view.asset.name}: ${view.form.title}` : view.form.title;
}

function minute(): number {
  return Math.floor(Date.now() / 60_000);
}
