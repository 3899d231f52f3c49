/** What else Today has to say: half-done work, how old the list is, putting the app on the phone. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Draft, Engine, PlanView } from "../engine";
import { sayError, useApp, useEngine, useLoaded, usePart } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Note } from "../ui/Note";
import { remember, remembered } from "../ui/remember";
import { daysBetween, moment } from "../ui/say";
import { english, W } from "../words";
import { asItWas, type CheckDraft } from "./check/draft";

/** The same list in the order in which one comes past it. */
export function WalkWay({ left }: { left: number }) {
  if (left < 2) return null;
  return (
    <Link href="/walk" class="btn wide">
      {W.walk.begin(left)}
    </Link>
  );
}

/** "Carry on where you stopped": the forms that were left half done. */
export function Drafts() {
  const engine = useEngine();
  const app = useApp();
  const drafts = useLoaded(() => engine.drafts(), [app.session.person?.id, app.outbox]);
  const known = (drafts?.value ?? []).map((draft) => ({ draft, to: draftLink(engine, draft) }));
  const shown = known.filter((one): one is typeof one & { to: DraftLink } => one.to !== null);
  if (shown.length === 0) return null;
  return (
    <section class="note soon">
      <h2>{W.todayScreen.drafts}</h2>
      <ul class="rows">
        {shown.map(({ draft, to }) => (
          <li key={draft.key}>
            <Link href={to.href} class="row">
              <span class="row-words">
                <span class="row-title">{to.words}</span>
                <span class="muted small">{W.todayScreen.draftFrom(moment(draft.saved_at))}</span>
              </span>
              <Icon name="go" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DraftLink {
  href: string;
  words: string;
}

/** What was begun; also a check that the office has taken off the list since: what was typed can still be reached. */
function begunView(engine: Engine, kind: string, plan: string, draft: Draft): PlanView | null {
  const there = engine.plan(plan);
  if (there) return there;
  const { was, revision } = (kind === "together" ? {} : draft.data) as Partial<CheckDraft>;
  return asItWas(was, was ? engine.form(was.plan.check, revision) : null);
}

/** Keys are the screens' own: what kind of form, and on what. Null for what can no longer be opened here. */
function draftLink(engine: Engine, draft: Draft): DraftLink | null {
  const [kind = "", a = "", b = "", c = ""] = draft.key.split(":");
  const thing = (what: string, name: string | undefined) => (name ? `${name}: ${what}` : what);
  switch (kind) {
    case "check":
    case "could-not":
    case "together": {
      const view = begunView(engine, kind, a, draft);
      const what = { check: view?.form.title, "could-not": W.couldNot.title, together: W.together.title }[kind];
      return view && what ? { href: `/${kind}/${a}`, words: thing(what, view.asset?.name) } : null;
    }
    case "event": {
      const form = engine.form(a);
      return form && { href: `/event/${a}/${b}/${c}`, words: form.title };
    }
    case "report": {
      const href = a ? `/report?asset=${a}` : "/report";
      return { href, words: thing(W.report.title, engine.asset(a)?.asset.name) };
    }
    case "add":
      return { href: a ? `/add?code=${a}` : "/add", words: W.add.title };
    case "job": {
      const order = engine.getSnapshot().site?.work_orders.get(a);
      return order ? { href: `/job/${a}`, words: order.title } : null;
    }
    case "problem": {
      const defect = engine.getSnapshot().site?.defects.get(a);
      return defect ? { href: `/problem/${a}`, words: thing(W.problem.title, defect.summary) } : null;
    }
    case "move":
    case "details": {
      const name = engine.asset(a)?.asset.name;
      return name ? { href: `/${kind}/${a}`, words: thing(W[kind].title, name) } : null;
    }
    case "correct":
      return { href: `/correct/${a}`, words: W.work.correct };
    default:
      return null;
  }
}

/** When the list was fetched, and the way to fetch it again. */
export function ListAge() {
  const engine = useEngine();
  const checked = usePart((s) => s.site?.checked_at ?? null);
  const pulling = usePart((s) => s.sync.pulling);
  const [error, setError] = useState("");
  if (!checked) return null;
  const age = daysBetween(new Date(checked), new Date());
  const again = () =>
    engine.pullNow().then(
      () => setError(""),
      (problem) => setError(sayError(problem)),
    );
  return (
    <section class="stack foot">
      <p class="muted">{age >= 3 ? W.todayScreen.old(age) : W.todayScreen.list(moment(checked))}</p>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <button type="button" class="btn wide" aria-disabled={pulling} onClick={again}>
        {pulling ? W.todayScreen.fetching : W.todayScreen.fetch}
      </button>
      <ul class="rows">
        <Way to="/others" words={W.todayScreen.other} />
        <Way to="/add" words={W.todayScreen.add} />
      </ul>
    </section>
  );
}

function Way({ to, words }: { to: string; words: string }) {
  return (
    <li>
      <Link href={to} class="row">
        <span class="row-words">{words}</span>
        <Icon name="go" />
      </Link>
    </li>
  );
}

/** The words of the search, looked for in every thing of the site, due or not. */
export function ThingsFound({ words }: { words: string }) {
  const engine = useEngine();
  const found = engine.search(words).slice(0, 12);
  if (found.length === 0) return null;
  return (
    <section class="place">
      <h2>{W.todayScreen.things}</h2>
      <ul class="rows">
        {found.map((asset) => (
          <li key={asset.id}>
            <Link href={`/asset/${asset.id}`} class="row">
              <span class="row-words">
                <span class="row-title" {...english()}>
                  {asset.name}
                </span>
                <span class="muted">{engine.place(asset).words}</span>
              </span>
              <Icon name="go" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const LATER = "siteward-install-later";
const FIRST = "siteward-first-time";

/** What somebody needs to know before their first check on this phone; gone with that check, or when they say so. */
export function FirstTime() {
  const fresh = usePart(({ outbox }) => !outbox.unsent.length && !outbox.held.length && !outbox.recent.length);
  const [known, setKnown] = useState(() => remembered(FIRST) !== null);
  if (known || !fresh) return null;
  const put = () => {
    remember(FIRST, "1");
    setKnown(true);
  };
  return (
    <Note title={W.todayScreen.newHere}>
      <ol class="steps">
        <li>{W.todayScreen.firstScan}</li>
        <li>{W.todayScreen.firstSave}</li>
        <li>{W.todayScreen.firstSent}</li>
      </ol>
      <div class="acts">
        <button type="button" class="btn slim" onClick={put}>
          {W.todayScreen.firstDone}
        </button>
      </div>
    </Note>
  );
}

/** Asked once, can be put off for ever; the Outbox says it again, quietly. */
export function InstallNote() {
  const engine = useEngine();
  const install = usePart((s) => s.storage.install);
  const [later, setLater] = useState(() => remembered(LATER) !== null);
  if (later || (install !== "button" && install !== "ios")) return null;
  const put = () => {
    remember(LATER, "1");
    setLater(true);
  };
  return (
    <Note title={W.todayScreen.install}>
      <p>{W.todayScreen.installWhy}</p>
      {install === "ios" && <p>{W.todayScreen.installIos}</p>}
      <div class="acts">
        {install === "button" && (
          <button type="button" class="btn slim" onClick={() => engine.install()}>
            {W.todayScreen.installDo}
          </button>
        )}
        <button type="button" class="btn slim plain" onClick={put}>
          {W.todayScreen.installLater}
        </button>
      </div>
    </Note>
  );
}
