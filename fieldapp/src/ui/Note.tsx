import type { ComponentChildren } from "preact";
import type { Tone } from "./Status";

/** Something to know before going on: a coloured edge, a heading in words. */
export function Note(props: { tone?: Tone; title?: string; live?: boolean; children?: ComponentChildren }) {
  return (
    <div class={`note ${props.tone ?? ""}`} role={props.live ? "alert" : undefined}>
      {props.title && (
        <p>
          <strong>{props.title}</strong>
        </p>
      )}
      {props.children}
    </div>
  );
}
