import type { ComponentChildren } from "preact";
import { english, W } from "../words";

interface FieldProps {
  /** Of the input, or for a group any id of its own. */
  id: string;
  label: string;
  help?: string;
  /** "needed", "needed when something is wrong" */
  need?: string;
  error?: string;
  /** Several controls under one question. */
  group?: boolean;
  /** The question's key: where to go when an answer is missing. */
  question?: string;
  children: ComponentChildren;
}

/** Label above, help under it, the control, and what is wrong with the answer. */
export function Field(props: FieldProps) {
  const { id, label, help, need, error } = props;
  const words = (
    <>
      <span {...(props.question ? english() : {})}>{label}</span>
      {need && <span class="muted small need"> {need}</span>}
    </>
  );
  const rest = (
    <>
      {error && (
        <p class="error" id={`${id}x`}>
          {error}
        </p>
      )}
      {help && (
        <p class="help" id={`${id}h`}>
          {help}
        </p>
      )}
      {props.children}
    </>
  );
  if (props.group)
    return (
      <fieldset class="field" data-question={props.question} aria-describedby={describes(id, help, error)}>
        <legend class="label legend">{words}</legend>
        {rest}
      </fieldset>
    );
  return (
    <div class="field" data-question={props.question}>
      <label class="label" for={id}>
        {words}
      </label>
      {rest}
    </div>
  );
}

export function describes(id: string, help?: string, error?: string): string | undefined {
  return [error && `${id}x`, help && `${id}h`].filter(Boolean).join(" ") || undefined;
}

/** "needed", or nothing; a help text that says when it is needed says it well enough. */
export function needWords(question: { required: boolean; required_when?: string; help?: string }): string | undefined {
  if (question.required) return `(${W.check.needed})`;
  return question.required_when && !question.help ? `(${W.check.neededWrong})` : undefined;
}

/** Goes from a line that was filled in to the next, or puts the keyboard away after the last. */
export function nextField(from: HTMLInputElement): void {
  const lines = [...(from.form?.querySelectorAll<HTMLInputElement>("input[type=text], textarea") ?? [])];
  const next = lines[lines.indexOf(from) + 1];
  if (next) next.focus();
  else from.blur();
}

/** Goes to the first question that has something wrong with it. */
export function showFault(keys: string[]): void {
  const wrong = new Set(keys);
  const first = [...document.querySelectorAll<HTMLElement>("[data-question]")].find((field) =>
    wrong.has(field.dataset.question ?? ""),
  );
  if (!first) return;
  const control = first.querySelector<HTMLElement>("input:not([type=file]), textarea, select, button");
  first.scrollIntoView({ block: "start" });
  control?.focus({ preventScroll: true });
}
