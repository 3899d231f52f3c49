import { useId } from "preact/hooks";
import { isoDate } from "../../ui/say";
import type { Drafted } from "../../ui/useDraft";
import { W } from "../../words";
import type { CheckDraft } from "./draft";

interface EarlierProps {
  data: CheckDraft;
  change: Drafted<CheckDraft>["change"];
  error?: string;
}

/** "I did this earlier": allowed, and labelled as such on the record. */
export function Earlier({ data, change, error }: EarlierProps) {
  const id = useId();
  const { late } = data;
  const put = (part: Partial<{ on: string; at: string }>) =>
    change((now) => ({ late: { on: "", at: "", ...now.late, ...part } }));
  return (
    <div class="field" data-question="_late">
      <label class="tickline">
        <input
          type="checkbox"
          checked={late !== null}
          onChange={(e) => change({ late: e.currentTarget.checked ? { on: isoDate(), at: "" } : null })}
        />
        <strong>{W.check.earlier}</strong>
      </label>
      {late && (
        <div class="sub">
          {error && (
            <p class="error" id={`${id}x`}>
              {error}
            </p>
          )}
          <p class="help" id={`${id}h`}>
            {W.check.earlierHelp}
          </p>
          <div class="acts">
            <div>
              <label class="label" for={`${id}d`}>
                {W.check.earlierOn}
              </label>
              <input
                id={`${id}d`}
                class="box"
                type="date"
                max={isoDate()}
                value={late.on}
                aria-describedby={`${id}h`}
                onInput={(e) => put({ on: e.currentTarget.value })}
              />
            </div>
            <div>
              <label class="label" for={`${id}t`}>
                {W.check.earlierAt}
              </label>
              <input
                id={`${id}t`}
                class="box"
                type="time"
                value={late.at}
                aria-invalid={error ? true : undefined}
                aria-describedby={error ? `${id}x` : undefined}
                onInput={(e) => put({ at: e.currentTarget.value })}
              />
            </div>
          </div>
        </div>
      )}
    </div>
  );
}
