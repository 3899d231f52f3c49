import { Link } from "wouter-preact";
import type { OutboxItem, OutboxState } from "../engine";
import { Icon } from "../ui/Icon";
import { Badge, type Tone } from "../ui/Status";
import { moment } from "../ui/say";
import { W } from "../words";

const tones: Record<OutboxState, Tone> = {
  waiting: "soon",
  sending: "soon",
  photos: "soon",
  held: "due",
  done: "good",
};

/** A piece of work from this phone, and where it is now. */
export function WorkRow({ item }: { item: OutboxItem }) {
  const words = <WorkWords item={item} />;
  if (!item.mine) return <div class="row">{words}</div>;
  return (
    <Link href={`/work/${item.id}`} class="row">
      {words}
      <Icon name="go" />
    </Link>
  );
}

/** Of somebody else's only what kind of work it is. */
function WorkWords({ item }: { item: OutboxItem }) {
  const { sent, of } = item.photos;
  return (
    <span class="row-words">
      <span>
        <span class="row-title">{item.mine ? item.title : W.work.kinds[item.kind]}</span>
        {item.about && <>. {item.about}</>}
      </span>
      <span class="row-tail">
        {item.settled ? (
          <Badge tone={item.settled.how === "aside" ? "off" : "good"}>{W.work.settled[item.settled.how]}</Badge>
        ) : (
          <WorkState state={item.state} />
        )}
        {of > 0 && item.state !== "done" && <span class="small">{W.outbox.photos(sent, of)}</span>}
        <span class="muted small">
          {moment(item.made_at)}
          {!item.mine && `, ${W.outbox.by(item.author_name)}`}
        </span>
      </span>
      {item.held?.detail && <span class="small">{item.held.detail}</span>}
    </span>
  );
}

export function WorkState({ state }: { state: OutboxState }) {
  return <Badge tone={tones[state]}>{W.outbox.state[state]}</Badge>;
}
