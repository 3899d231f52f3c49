import { useId, useState } from "preact/hooks";
import { unitWords, withUnit } from "../../answer-words";
import { W } from "../../words";
import { describes, Field, needWords, nextField } from "../Field";
import type { Ask } from "./ask";
import { limitWords, readNumber, type Standing, standing } from "./limits";
import { Timer } from "./Timer";
import { Trend } from "./Trend";

const said: Record<Standing, { tone: string; shape: string; words: string }> = {
  in: { tone: "good", shape: "●", words: W.check.inLimits },
  high: { tone: "due", shape: "▲", words: W.check.tooHigh },
  low: { tone: "due", shape: "▼", words: W.check.tooLow },
  differs: { tone: "due", shape: "◆", words: W.check.notEqual },
};

/** The numeric pad, the unit and the limit beside it, and at once whether the reading is in limits. */
export function NumberAsk({ question, value, answer, error, form }: Ask) {
  const id = useId();
  const [text, setText] = useState(value === undefined ? "" : String(value));
  const number = readNumber(text);
  const odd = text.trim() !== "" && number === null ? W.check.notANumber : undefined;
  const state = number === null ? null : standing(question, number, form.answers);
  const unit = unitWords(question.unit);
  const limit = limitWords(question, form.questions);
  const last = form.view?.plan.last_answers[question.key];
  const trend = trendOf(form, question.key);
  const type = (words: string) => {
    setText(words);
    const read = readNumber(words);
    answer(words.trim() === "" ? undefined : (read ?? words));
  };
  return (
    <Field
      id={id}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      error={error && (odd ?? error)}
      question={question.key}
    >
      {question.wait_seconds && <Timer question={question} form={form} />}
      <div class="number">
        {unit === "£" && <span class="unit">£</span>}
        <input
          id={id}
          class="box"
          type="text"
          inputMode={negative(question) ? "text" : "decimal"}
          autocomplete="off"
          enterKeyHint="next"
          onKeyDown={(e) => e.key === "Enter" && nextField(e.currentTarget)}
          value={text}
          onInput={(e) => type(e.currentTarget.value)}
          aria-invalid={error ? true : undefined}
          aria-describedby={saidBy(id, describes(id, question.help, error), trend)}
        />
        {unit && unit !== "£" && <span class="unit">{unit}</span>}
        <span class="muted" id={`${id}l`}>
          {[limit, last !== undefined && W.check.last(withUnit(last, question.unit))].filter(Boolean).join(" · ")}
        </span>
      </div>
      <Trend question={question} points={trend} id={`${id}t`} />
      <p class={`verdict ${state ? said[state].tone : ""}`} role="status">
        {state && (
          <>
            <span aria-hidden="true">{said[state].shape}</span> {said[state].words}
          </>
        )}
        {!error && odd}
        <Since question={question} number={number} last={last} />
      </p>
    </Field>
  );
}

interface SinceProps {
  question: Ask["question"];
  number: number | null;
  last: number | undefined;
}

/** What a meter has counted since last time; less than nothing is asked about, and never refused. */
function Since({ question, number, last }: SinceProps) {
  if (!question.counts_up || number === null || last === undefined) return null;
  if (number >= last) return <>{W.check.since(withUnit(tidy(number - last), question.unit))}</>;
  return (
    <span class="due">
      <span aria-hidden="true">▼</span> {W.check.goneBack}
    </span>
  );
}

/** Without the dust that subtracting fractions leaves. */
const tidy = (n: number) => Math.round(n * 1000) / 1000;

/** The ids of what is said beside the field: help and fault, limit and last reading, the trend where there is one. */
function saidBy(id: string, said: string | undefined, trend: unknown): string {
  return [said, `${id}l`, trend && `${id}t`].filter(Boolean).join(" ");
}

function trendOf({ view }: Ask["form"], key: string) {
  return view?.plan.trend?.[key];
}

/** Phones' decimal pads have no minus: only a limit below nought calls for one. */
function negative(question: Ask["question"]): boolean {
  const { pass } = question;
  const limits = [pass?.at_least, pass?.at_most, ...(pass?.between ?? [])];
  return limits.some((limit) => limit !== undefined && limit < 0);
}
