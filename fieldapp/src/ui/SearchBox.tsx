import { useId } from "preact/hooks";
import { Icon } from "./Icon";

export function SearchBox(props: { label: string; value: string; onWords: (words: string) => void }) {
  const id = useId();
  return (
    <div class="search">
      <label class="unseen" for={id}>
        {props.label}
      </label>
      <span class="search-mark">
        <Icon name="find" />
      </span>
      <input
        id={id}
        class="box search-box"
        type="search"
        placeholder={props.label}
        autocomplete="off"
        enterKeyHint="search"
        value={props.value}
        onInput={(e) => props.onWords(e.currentTarget.value)}
      />
    </div>
  );
}
