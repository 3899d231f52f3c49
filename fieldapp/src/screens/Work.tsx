/** One piece of work from this phone: what was said, where it is now, and the way to put it right. */

import { Link } from "wouter-preact";
import type { CheckDone, CheckForm, OpBodies, OpKind, OutboxItem, PhotoRef } from "../engine";
import { useApp, useEngine, useLoaded } from "../ui/engine";
import { Loading } from "../ui/Loading";
import { Note } from "../ui/Note";
import { Thumb } from "../ui/Photos";
import { Screen } from "../ui/Screen";
import { day, moment } from "../ui/say";
import { english, W } from "../words";
import { Missing } from "./Plain";
import { WorkState } from "./WorkRow";
import { answerWords } from "./workWords";

export function Work({ op }: { op: string }) {
  const engine = useEngine();
  const app = useApp();
  const found = useLoaded(() => engine.outboxItem(op), [op, app.outbox]);
  if (!found) return <Loading back="/outbox" />;
  if (!found.value) return <Missing title={W.work.missing} body={W.work.missingBody} />;
  const { item, body } = found.value;
  const check = item.kind === "check_done" ? (body as CheckDone) : null;
  const photos = ("photos" in body && body.photos) || [];
  return (
    <Screen name={W.work.kinds[item.kind] ?? item.title} back="/outbox" bottom={<Bottom item={item} />}>
      <div class="tight">
        <WorkState state={item.state} />
        <h1>{item.title}</h1>
        {item.about && <p>{item.about}</p>}
      </div>
      {item.held && (
        <Note tone="due" title={W.work.heldWhy}>
          <p>{item.held.detail}</p>
        </Note>
      )}
      {item.settled && (
        <Note tone="good" title={W.work.settled[item.settled.how]}>
          <p>
            {day(item.settled.on)}: <span {...english()}>{item.settled.why}</span>
          </p>
        </Note>
      )}
      {item.notes.map((note) => (
        <Note key={note} tone="soon" title={W.work.noticed}>
          <p {...english()}>{note}</p>
        </Note>
      ))}
      <dl class="facts">
        <Fact name={W.work.saved} value={moment(item.made_at)} />
        {check?.done_at && <Fact name={W.work.done} value={`${moment(check.done_at)}, ${W.work.late}`} />}
        <Fact name={W.work.by} value={item.author_name} />
        {item.photos.of > 0 && <Fact name={W.work.photos} value={W.work.sentOf(item.photos.sent, item.photos.of)} />}
      </dl>
      {check ? (
        <Answers body={check} form={engine.form(check.check_type.code, check.check_type.revision)} />
      ) : (
        <Words kind={item.kind} body={body} />
      )}
      <Pictures photos={photos} />
    </Screen>
  );
}

function Bottom({ item }: { item: OutboxItem }) {
  return (
    <>
      {item.asset && (
        <Link href={`/asset/${item.asset}`} class="btn">
          {W.work.open}
        </Link>
      )}
      {item.kind === "check_done" && item.mine ? (
        <Link href={`/correct/${item.id}`} class="btn main-act">
          {W.work.correct}
        </Link>
      ) : (
        <Link href="/" class="btn main-act">
          {W.saved.today}
        </Link>
      )}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Each question with its answer, in the form's own order and words. */
function Answers({ body, form }: { body: CheckDone; form: CheckForm | null }) {
  const engine = useEngine();
  const name = (id: string) => engine.asset(id)?.asset.name ?? id;
  const asked = (form?.questions ?? []).filter((one) => one.type !== "photo" && one.type !== "file");
  const notes = body.answers.notes;
  return (
    <section>
      <h2>{W.work.answers}</h2>
      {form && !form.verified && <p class="muted">{W.unverified}</p>}
      <dl class="facts">
        {asked.map((question) => (
          <Fact
            key={question.key}
            name={question.label}
            value={answerWords(question, body.answers[question.key], name)}
          />
        ))}
        {typeof notes === "string" && notes && <Fact name={W.work.notes} value={notes} />}
        {body.together && <Fact name={W.together.inOne} value={W.together.withOthers(body.presence !== "typed")} />}
        {body.reason && <Fact name={W.correct.why} value={body.reason} />}
      </dl>
    </section>
  );
}

function Words({ kind, body }: { kind: OpKind; body: OpBodies[OpKind] }) {
  const said = Object.entries(body).filter(([key, value]) => W.work.words[key] && value !== "" && value !== null);
  return (
    <section>
      <h2>{W.work.kinds[kind]}</h2>
      <dl class="facts">
        {said.map(([key, value]) => (
          <Fact key={key} name={W.work.words[key] ?? key} value={bodyWords(key, value)} />
        ))}
      </dl>
    </section>
  );
}

function bodyWords(key: string, value: unknown): string {
  if (value === true) return W.check.yes;
  if (value === false) return W.check.no;
  const text = String(value);
  if (key === "severity") return W.report.severities[text]?.[0] ?? text;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return day(text);
  return key === "reason" ? (W.couldNot.reasons[text] ?? text) : text;
}

function Pictures({ photos }: { photos: PhotoRef[] }) {
  if (photos.length === 0) return null;
  return (
    <ul class="photos">
      {photos.map((photo, n) => (
        <li key={`${photo.sha256}${photo.field}`} class="photo">
          <Thumb photo={photo} name={W.check.photoOf(W.work.photos, n + 1)} />
        </li>
      ))}
    </ul>
  );
}
