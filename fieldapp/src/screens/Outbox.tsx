/** What is not yet safe, in plain words; and how sure we can be of this phone. */

import { useState } from "preact/hooks";
import type { OutboxItem } from "../engine";
import { announce } from "../ui/announce";
import { useApp, useEngine } from "../ui/engine";
import { Note } from "../ui/Note";
import { Screen } from "../ui/Screen";
import { useSaveCopy } from "../ui/saveCopy";
import { moment } from "../ui/say";
import { W } from "../words";
import { ThisPhone } from "./ThisPhone";
import { WorkRow } from "./WorkRow";

export function Outbox() {
  const engine = useEngine();
  const { outbox, sync } = useApp();
  const [busy, setBusy] = useState(false);
  const copy = useSaveCopy();
  const { unsent, held, recent } = outbox;
  const send = async () => {
    setBusy(true);
    await engine.pushNow();
    setBusy(false);
    const { waiting, problem } = engine.getSnapshot().sync;
    announce(waiting === 0 ? W.line.allSent : (problem ?? W.line.waiting(waiting)));
  };
  const sending = busy || sync.sending;
  return (
    <Screen
      name={W.outbox.title}
      back="/"
      heading={headline(unsent)}
      bottom={
        unsent.length > 0 && (
          <>
            {copy.said && (
              <p class="bottom-says" role="status">
                {copy.said}
              </p>
            )}
            <button type="button" class="btn" onClick={copy.save}>
              {W.outbox.copy}
            </button>
            <button type="button" class="btn main main-act" aria-disabled={sending} onClick={send}>
              {sending ? W.outbox.sending : W.outbox.send}
            </button>
          </>
        )
      }
    >
      {unsent.length > 0 && (
        <p class="muted">
          {W.outbox.why} {sync.oldest_unsent_at && W.outbox.oldest(moment(sync.oldest_unsent_at))}
        </p>
      )}
      {sync.problem && unsent.length > 0 && (
        <Note tone="due">
          <p>{sync.problem}</p>
        </Note>
      )}
      <Work title={W.outbox.unsent} items={unsent} />
      <Work title={W.outbox.held} body={W.outbox.heldBody} items={held} />
      <Work title={W.outbox.recent} items={recent.slice(0, 20)} none={W.outbox.recentNone} />
      {sync.last_sent_at && <p class="muted">{W.outbox.last(moment(sync.last_sent_at))}</p>}
      <ThisPhone />
    </Screen>
  );
}

function headline(unsent: OutboxItem[]): string {
  if (unsent.length === 0) return W.outbox.allSafe;
  const words = unsent.filter((item) => item.state !== "photos").length;
  if (words > 0) return W.outbox.some(words);
  return W.outbox.photosOnly(unsent.reduce((n, item) => n + item.photos.of - item.photos.sent, 0));
}

function Work(props: { title: string; body?: string; items: OutboxItem[]; none?: string }) {
  if (props.items.length === 0 && !props.none) return null;
  return (
    <section>
      <h2>{props.title}</h2>
      {props.body && <p class="muted">{props.body}</p>}
      {props.items.length === 0 && <p class="muted">{props.none}</p>}
      <ul class="rows">
        {props.items.map((item) => (
          <li key={item.id}>
            <WorkRow item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}
