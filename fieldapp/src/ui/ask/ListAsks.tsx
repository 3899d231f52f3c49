/** Questions whose answer is a list that is written: things found wrong, actions, rows of a table. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Severity } from "../../engine";
import { W } from "../../words";
import { Choices } from "../Choices";
import { Field, needWords } from "../Field";
import { Icon } from "../Icon";
import { plain } from "../say";
import type { Ask } from "./ask";

interface Defect {
  summary: string;
  severity: Severity | "";
  unsafe?: boolean;
}

interface Action {
  action: string;
  priority: string;
  target?: string;
}

type Row = Record<string, string>;

interface WrittenProps<T> extends Ask {
  fresh: T;
  addWords: string;
  nameOf: (n: number) => string;
  item: (entry: T, change: (part: Partial<T>) => void) => ComponentChildren;
}

/** Add, change, remove: the same for all three kinds. */
function Written<T extends object>({ question, value, answer, error, ...props }: WrittenProps<T>) {
  const id = useId();
  const entries = (value as T[] | undefined) ?? [];
  const put = (n: number, part: Partial<T>) => answer(entries.map((one, at) => (at === n ? { ...one, ...part } : one)));
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
      group
    >
      {entries.map((entry, n) => (
        <div key={n} class="sub">
          <div class="sub-head">
            <p class="label">{props.nameOf(n + 1)}</p>
            <button type="button" class="btn slim" onClick={() => answer(entries.filter((_, at) => at !== n))}>
              {W.check.remove}
              <span class="unseen"> {props.nameOf(n + 1)}</span>
            </button>
          </div>
          {props.item(entry, (part) => put(n, part))}
        </div>
      ))}
      <button type="button" class="btn wide" onClick={() => answer([...entries, { ...props.fresh }])}>
        <Icon name="add" />
        {props.addWords}
      </button>
    </Field>
  );
}

function Line({ label, value, onWords, type = "text" }: LineProps) {
  const id = useId();
  return (
    <div>
      <label class="label" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="box"
        type={type}
        autocomplete="off"
        value={value}
        onInput={(e) => onWords(e.currentTarget.value)}
      />
    </div>
  );
}

interface LineProps {
  label: string;
  value: string;
  onWords: (words: string) => void;
  type?: "text" | "date";
}

const severities = ["high", "medium", "low"].map((value) => {
  const [words, more] = W.report.severities[value] ?? [value, ""];
  return { value, words, more };
});

export function SeverityChoices({
  value,
  onChoose,
}: {
  value: string | undefined;
  onChoose: (value: Severity) => void;
}) {
  return <Choices column choices={severities} value={value} onChoose={(chosen) => onChoose(chosen as Severity)} />;
}

export function Unsafe({ checked, onTick }: { checked: boolean; onTick: (on: boolean) => void }) {
  return (
    <label class="tickline">
      <input type="checkbox" checked={checked} onChange={(e) => onTick(e.currentTarget.checked)} />
      <span>
        <strong>{W.report.unsafe}</strong>
        <span class="choice-more">{W.report.unsafeHelp}</span>
      </span>
    </label>
  );
}

export function DefectListAsk(props: Ask) {
  return (
    <Written<Defect>
      {...props}
      fresh={{ summary: "", severity: "" }}
      addWords={W.check.addDefect}
      nameOf={W.check.defect}
      item={(entry, change) => (
        <>
          <Line label={W.check.whatWrong} value={entry.summary} onWords={(summary) => change({ summary })} />
          <fieldset class="stack tight">
            <legend class="label legend">{W.check.howBad}</legend>
            <SeverityChoices value={entry.severity || undefined} onChoose={(severity) => change({ severity })} />
          </fieldset>
          <Unsafe checked={entry.unsafe ?? false} onTick={(unsafe) => change({ unsafe })} />
        </>
      )}
    />
  );
}

export function ActionListAsk(props: Ask) {
  return (
    <Written<Action>
      {...props}
      fresh={{ action: "", priority: "" }}
      addWords={W.check.addAction}
      nameOf={W.check.action}
      item={(entry, change) => (
        <>
          <Line label={W.check.whatAction} value={entry.action} onWords={(action) => change({ action })} />
          <fieldset class="stack tight">
            <legend class="label legend">{W.check.priority}</legend>
            <Choices
              column
              value={entry.priority || undefined}
              onChoose={(priority) => change({ priority })}
              choices={Object.entries(W.check.priorities).map(([value, words]) => ({ value, words }))}
            />
          </fieldset>
          <Line
            label={W.check.target}
            type="date"
            value={entry.target ?? ""}
            onWords={(target) => change({ target: target || undefined })}
          />
        </>
      )}
    />
  );
}

export function TableAsk(props: Ask) {
  const columns = props.question.columns ?? [];
  return (
    <Written<Row>
      {...props}
      fresh={Object.fromEntries(columns.map((column) => [column, ""]))}
      addWords={W.check.addRow}
      nameOf={W.check.row}
      item={(row, change) =>
        columns.map((column) => (
          <Line
            key={column}
            label={plain(column)}
            value={row[column] ?? ""}
            onWords={(words) => change({ [column]: words })}
          />
        ))
      }
    />
  );
}
