/** Who is using this phone, how it looks, and the way out (which never strands anybody's work). */

import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { errorCode, sayError, useApp, useEngine } from "../ui/engine";
import { Note } from "../ui/Note";
import { Screen } from "../ui/Screen";
import { useSaveCopy } from "../ui/saveCopy";
import { setSound, soundOn } from "../ui/sound";
import { setTheme, type Theme, theme } from "../ui/theme";
import { choose, LANGUAGES, type Language, language, W } from "../words";
import { TellMe } from "./TellMe";
import { ThisPhone } from "./ThisPhone";

export function Account() {
  const { session, site, app, sync } = useApp();
  const several = session.sites.length > 1;
  return (
    <Screen name={W.accountScreen.title} back="/" heading={W.accountScreen.hello(session.person?.name ?? "")}>
      <dl class="facts">
        {site && (
          <div>
            <dt>{W.accountScreen.site}</dt>
            <dd>
              {site.site.name} {several && <Link href="/sites">{W.accountScreen.change}</Link>}
            </dd>
          </div>
        )}
        <div>
          <dt>{W.accountScreen.waiting}</dt>
          <dd>
            {W.accountScreen.unsent(sync.waiting, sync.photos_waiting) || W.accountScreen.nothing}{" "}
            <Link href="/outbox">{W.accountScreen.look}</Link>
          </dd>
        </div>
        <div>
          <dt>{W.accountScreen.version}</dt>
          <dd>{app}</dd>
        </div>
      </dl>
      <Look />
      <Speech />
      <TellMe />
      <section class="stack">
        <h2>{W.accountScreen.person}</h2>
        <p class="muted">{W.accountScreen.personHelp}</p>
        <Link href="/sign-in" class="btn wide">
          {W.accountScreen.switch}
        </Link>
      </section>
      <SignOut />
      <section>
        <h2>{W.accountScreen.help}</h2>
        <ol class="steps">
          {W.accountScreen.helpBody.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </section>
      <ThisPhone />
      {session.demo && <p class="muted">{W.banner.demo}</p>}
    </Screen>
  );
}

function Look() {
  const [chosen, setChosen] = useState<Theme>(theme);
  const [sound, setHeard] = useState(soundOn);
  const choices: [Theme, string][] = [
    ["system", W.accountScreen.system],
    ["light", W.accountScreen.light],
    ["dark", W.accountScreen.dark],
  ];
  return (
    <section class="stack">
      <h2>{W.accountScreen.colours}</h2>
      <fieldset class="seg">
        <legend class="unseen">{W.accountScreen.colours}</legend>
        {choices.map(([key, words]) => (
          <button
            key={key}
            type="button"
            aria-pressed={chosen === key}
            onClick={() => {
              setTheme(key);
              setChosen(key);
            }}
          >
            {words}
          </button>
        ))}
      </fieldset>
      <label class="tickline">
        <input
          type="checkbox"
          checked={sound}
          onChange={(e) => {
            setSound(e.currentTarget.checked);
            setHeard(e.currentTarget.checked);
          }}
        />
        <span>{W.accountScreen.sound}</span>
      </label>
    </section>
  );
}

/** Each language under its own name, so that whoever cannot read this one finds theirs. */
function Speech() {
  const [failed, setFailed] = useState(false);
  return (
    <section class="stack">
      <h2>{W.accountScreen.language}</h2>
      <fieldset class="seg">
        <legend class="unseen">{W.accountScreen.language}</legend>
        {(Object.entries(LANGUAGES) as [Language, string][]).map(([key, name]) => (
          <button
            key={key}
            type="button"
            lang={key}
            aria-pressed={language === key}
            onClick={() => key !== language && choose(key).catch(() => setFailed(true))}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <p class="muted small">{W.accountScreen.languageHelp}</p>
      {failed && (
        <p class="error" role="alert">
          {W.accountScreen.languageFailed}
        </p>
      )}
    </section>
  );
}

/** Tries to send first. With unsent work it says what to do instead of leaving. */
function SignOut() {
  const engine = useEngine();
  const [, go] = useLocation();
  const copy = useSaveCopy();
  const [state, setState] = useState<"" | "busy" | "unsent">("");
  const [error, setError] = useState("");
  const out = async (exported: boolean) => {
    setState("busy");
    setError("");
    try {
      await engine.signOut({ exported });
      go("/", { replace: true });
    } catch (problem) {
      setState(errorCode(problem) === "unsent-work" ? "unsent" : "");
      setError(sayError(problem));
    }
  };
  return (
    <section class="stack">
      {state === "unsent" && (
        <Note tone="due" title={W.accountScreen.outRefused} live>
          <p>{W.accountScreen.outRefusedBody}</p>
          <div class="acts">
            <button type="button" class="btn slim" onClick={() => out(false)}>
              {W.accountScreen.send}
            </button>
            <button type="button" class="btn slim" onClick={copy.save}>
              {W.accountScreen.copy}
            </button>
            {copy.saved && (
              <button type="button" class="btn slim" onClick={() => out(true)}>
                {W.accountScreen.outAnyway}
              </button>
            )}
          </div>
          {copy.said && <p role="status">{copy.said}</p>}
        </Note>
      )}
      {error && state !== "unsent" && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <button type="button" class="btn wide" aria-disabled={state === "busy"} onClick={() => out(false)}>
        {state === "busy" ? W.accountScreen.outing : W.accountScreen.out}
      </button>
    </section>
  );
}
