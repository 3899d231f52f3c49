/** Large buttons of which one is chosen: real radio buttons underneath, so that arrow keys and readers know them. */

import { useId } from "preact/hooks";
import { Icon, type IconName } from "./Icon";

export interface Choice {
  value: string;
  words: string;
  /** A second line. */
  more?: string;
  icon?: IconName;
  tone?: "good" | "due";
  /** Over the whole width. */
  span?: boolean;
}

interface ChoicesProps {
  choices: Choice[];
  value: string | undefined;
  onChoose: (value: string) => void;
  /** One under the other, with the round mark shown. */
  column?: boolean;
}

export function Choices({ choices, value, onChoose, column }: ChoicesProps) {
  const name = useId();
  return (
    <div class={column ? "choices column" : "choices"}>
      {choices.map((choice) => (
        <label
          key={choice.value}
          class={`choice ${column ? "down" : "side"} ${choice.tone ?? ""} ${choice.span ? "span" : ""}`}
        >
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={value === choice.value}
            onChange={() => onChoose(choice.value)}
          />
          {choice.icon && <Icon name={choice.icon} />}
          <span>
            {choice.words}
            {choice.more && <span class="choice-more">{choice.more}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
