/** Questions that one tap or one line answers. */

import { useId } from "preact/hooks";
import { W } from "../../words";
import { Choices } from "../Choices";
import { describes, Field, needWords } from "../Field";
import { plain } from "../say";
import type { Ask } from "./ask";

export function PassFailAsk({ question, value, answer, error }: Ask) {
  const id = useId();
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
      group
    >
      <Choices
        value={value as string | undefined}
        onChoose={answer}
        choices={[
          { value: "pass", words: W.check.pass, icon: "tick", tone: "good" },
          { value: "fail", words: W.check.fail, icon: "cross", tone: "due" },
          ...(question.critical ? [] : [{ value: "na", words: W.check.na, icon: "na" as const, span: true }]),
        ]}
      />
    </Field>
  );
}

/** Yes and no; green and orange only where one of them is the wrong answer. */
export function BooleanAsk({ question, value, answer, error }: Ask) {
  const id = useId();
  const wanted = question.pass?.equals;
  const tone = (mine: boolean) => (wanted === undefined ? undefined : wanted === mine ? "good" : "due");
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
      group
    >
      <Choices
        value={value === undefined ? undefined : String(value)}
        onChoose={(chosen) => answer(chosen === "true")}
        choices={[
          { value: "true", words: W.check.yes, icon: wanted === false ? "cross" : "tick", tone: tone(true) },
          { value: "false", words: W.check.no, icon: wanted === false ? "tick" : "cross", tone: tone(false) },
        ]}
      />
    </Field>
  );
}

export function ChoiceAsk({ question, value, answer, error }: Ask) {
  const id = useId();
  const passing = question.pass?.in;
  const tone = (option: string) => (passing && !passing.includes(option) ? ("due" as const) : undefined);
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
      group
    >
      <Choices
        column
        value={value as string | undefined}
        onChoose={answer}
        choices={(question.options ?? []).map((option) => ({
          value: option,
          words: plain(option),
          tone: tone(option),
        }))}
      />
    </Field>
  );
}

/** One line; for "notes" and the like, several. */
export function TextAsk({ question, value, answer, error }: Ask) {
  const id = useId();
  const props = {
    id,
    class: "box",
    value: (value as string | undefined) ?? "",
    "aria-invalid": error ? true : undefined,
    "aria-describedby": describes(id, question.help, error),
  };
  const long = question.key === "notes" || /note|detail|describe|comment|changes|action/i.test(question.key);
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
    >
      {long ? (
        <textarea {...props} onInput={(e) => answer(e.currentTarget.value)} />
      ) : (
        <input {...props} type="text" autocomplete="off" onInput={(e) => answer(e.currentTarget.value)} />
      )}
    </Field>
  );
}

export function DateAsk({ question, value, answer, error }: Ask) {
  const id = useId();
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
    >
      <input
        id={id}
        class="box"
        type="date"
        value={(value as string | undefined) ?? ""}
        onInput={(e) => answer(e.currentTarget.value || undefined)}
        aria-invalid={error ? true : undefined}
        aria-describedby={describes(id, question.help, error)}
      />
    </Field>
  );
}
