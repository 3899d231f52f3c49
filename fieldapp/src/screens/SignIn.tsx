import { useId, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { EngineError } from "../errors";
import { announce } from "../ui/announce";
import { sayError, useEngine, usePart } from "../ui/engine";
import { Note } from "../ui/Note";
import { Screen } from "../ui/Screen";
import { lineFor } from "../ui/StatusLine";
import { W } from "../words";

/** Nobody yet, the same person again, or somebody else. */
function useOccasion() {
  const person = usePart((s) => s.session.person);
  const expired = usePart((s) => s.session.expired);
  if (!person) return { person, words: { title: W.signIn.title, lead: W.signIn.lead } };
  const words = expired
    ? { title: W.signIn.again, lead: W.signIn.againLead }
    : { title: W.signIn.other, lead: W.signIn.otherLead };
  return { person, words };
}

const isSecondStep = (problem: unknown) => problem instanceof EngineError && problem.code === "second-step";

/** The first screen of all; also for somebody else, and when a sign-in has run out. */
export function SignIn() {
  const engine = useEngine();
  const [, go] = useLocation();
  const { person, words } = useOccasion();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState(false);
  const [seen, setSeen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const id = useId();

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (!email.trim() || !password) return fail(W.signIn.needBoth);
    setBusy(true);
    setError("");
    try {
      await engine.signIn(email.trim(), password, code.trim());
      engine.persist().catch(() => false);
      announce(""); // what was said of a try before is not read on the next screen
      go("/", { replace: true });
    } catch (problem) {
      setAsked((before) => before || isSecondStep(problem));
      fail(sayError(problem));
    } finally {
      setBusy(false);
    }
  };
  const fail = (words: string) => {
    setError(words);
    announce(words);
  };
  return (
    <Screen
      name={person ? words.title : W.app}
      bare={!person}
      back={person ? "/account" : undefined}
      right={person ? <span /> : undefined}
      heading={words.title}
      bottom={
        <button type="submit" form={`${id}f`} class="btn main main-act" aria-disabled={busy}>
          {busy ? W.signIn.going : W.signIn.go}
        </button>
      }
    >
      <p class="big">{words.lead}</p>
      {!person && <Unsent />}
      <form id={`${id}f`} onSubmit={submit} noValidate>
        <div class="field">
          <label class="label" for={`${id}e`}>
            {W.signIn.email}
          </label>
          <input
            id={`${id}e`}
            class="box"
            type="email"
            inputMode="email"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            value={email}
            onInput={(e) => setEmail(e.currentTarget.value)}
            aria-invalid={error && !email ? true : undefined}
            aria-describedby={error ? `${id}x` : undefined}
          />
        </div>
        <div class="field">
          <label class="label" for={`${id}p`}>
            {W.signIn.password}
          </label>
          <div class="code-row">
            <input
              id={`${id}p`}
              class="box"
              type={seen ? "text" : "password"}
              autocomplete="current-password"
              value={password}
              onInput={(e) => setPassword(e.currentTarget.value)}
              aria-invalid={error && !password ? true : undefined}
              aria-describedby={error ? `${id}x` : undefined}
            />
            <button type="button" class="btn" aria-pressed={seen} onClick={() => setSeen(!seen)}>
              {seen ? W.signIn.hide : W.signIn.show}
              <span class="unseen"> {W.signIn.password.toLowerCase()}</span>
            </button>
          </div>
        </div>
        <Code id={`${id}c`} asked={asked} value={code} onValue={setCode} />
        {error && (
          <p class="error" id={`${id}x`}>
            {error}
          </p>
        )}
      </form>
      <p class="muted">{person ? W.signIn.forgot : `${W.signIn.first} ${W.signIn.forgot}`}</p>
    </Screen>
  );
}

/** The second step, for an account that has one. */
function Code(on: { id: string; asked: boolean; value: string; onValue: (value: string) => void }) {
  const { id, asked, value, onValue } = on;
  if (!asked) return null;
  return (
    <div class="field">
      <label class="label" for={id}>
        {W.signIn.code}
      </label>
      <p class="muted" id={`${id}h`}>
        {W.signIn.codeHelp}
      </p>
      <input
        id={id}
        class="box"
        type="text"
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={20}
        value={value}
        onInput={(e) => onValue(e.currentTarget.value)}
        aria-describedby={`${id}h`}
      />
    </div>
  );
}

/** What somebody left unsent on this phone goes on being sent, and is not hidden by the sign-in. */
function Unsent() {
  const sync = usePart((s) => s.sync);
  if (sync.waiting + sync.photos_waiting === 0) return null;
  return (
    <Note tone="soon">
      <p>{lineFor(sync).words}</p>
    </Note>
  );
}
