import { useId, useState } from "preact/hooks";
import type { Found } from "../engine";
import { announce } from "../ui/announce";
import { useEngine } from "../ui/engine";
import { W } from "../words";

const LENGTH = 8;

/** The code in letters: its last character catches a slip of the finger, and is checked before anything is opened. `inside`: within another form. */
export function CodeBox(props: { onFound: (found: Found) => void; onWrong?: () => void; inside?: boolean }) {
  const { onFound, onWrong, inside } = props;
  const engine = useEngine();
  const id = useId();
  const [code, setCode] = useState("");
  const [error, setError] = useState("");
  const fail = (words: string) => {
    onWrong?.();
    setError(words);
    announce(words);
    document.getElementById(id)?.focus();
  };
  const find = (event: Event) => {
    event.preventDefault();
    const letters = code.replaceAll(/[^0-9a-z]/gi, "");
    if (letters.length !== LENGTH) return fail(W.scanScreen.short(letters.length));
    const found = engine.findTag(letters);
    if (found.kind === "bad-code") return fail(`${W.scanScreen.bad}. ${W.scanScreen.badBody}`);
    setError("");
    onFound(found);
  };
  const box = (
    <>
      <label class="label" for={id}>
        {W.scanScreen.type}
      </label>
      <p class="help" id={`${id}h`}>
        {W.scanScreen.typeHelp}
      </p>
      <div class="code-row">
        <input
          id={id}
          class="box code-box mono"
          type="text"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          enterKeyHint="search"
          maxLength={12}
          value={code}
          onKeyDown={(e) => inside && e.key === "Enter" && find(e)}
          onInput={(e) => [setCode(e.currentTarget.value), setError("")]}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}x` : `${id}h`}
        />
        <button type={inside ? "button" : "submit"} class="btn" onClick={inside ? find : undefined}>
          {W.scanScreen.find}
        </button>
      </div>
      {error && (
        <p class="error" id={`${id}x`}>
          {error}
        </p>
      )}
    </>
  );
  if (inside) return <div class="field">{box}</div>;
  return (
    <form onSubmit={find} class="field">
      {box}
    </form>
  );
}
