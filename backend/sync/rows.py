"""The rows of a push: what is new, what was seen before, what cannot become an operation and is kept aside."""

import uuid
from typing import Final

from backend.core.reading import rows_by_key
from backend.core.sets import copy_in, row_of
from backend.sync import chain
from backend.sync.bodies import AssetChanged
from backend.sync.clocks import Moment, in_words
from backend.sync.envelope import Arrived, Fault
from backend.sync.intake import Ending, Push
from backend.sync.models import KeptAside, Op
from backend.sync.senders import Signature
from backend.sync.work import Work

UNPROVED: Final = frozenset({"bad_signature", "author_not_proved"})
CLOCK_WORTH_SAYING_MS: Final = 120_000
APPLIED, HELD = Op.Outcome.APPLIED.value, Op.Outcome.HELD.value
DOUBTFUL, NO_DOUBT = Op.Doubt.CHAIN.value, Op.Doubt.NONE.value


def insert_rows(push: Push) -> None:
    """Create the rows of what is new; say of the rest how it stands: seen before, or the same id with other content.

    Of twins that arrive at once one waits here for the other, and is then told that the row exists (IntegrityError): the
    whole push is taken in once more and finds it.
    """
    broken = chain.broken(push.arrived, push.envelope.device)
    first: dict[uuid.UUID, Arrived] = {}
    for each in push.arrived:
        if each.id:
            first.setdefault(each.id, each)
    columns = ("id", "digest", "outcome", "code", "detail", "notes")
    seen = {row.pk: row for row in rows_by_key(Op, first, only=columns)} if first else {}
    fresh = [row_of_op(push, first[pk], first[pk].index in broken) for pk in sorted(first.keys() - seen.keys())]
    copy_in(fresh)
    push.rows = {row.pk: row for row in fresh}
    known = seen | push.rows
    aside = []
    for each in push.arrived:
        row = known.get(each.id) if each.id else None
        if row is None:
            aside.append(each)
        elif row.digest != each.digest:
            each.fault = Fault(
                "conflict", "The office has something else under the same number. Both are kept, and the office looks at it."
            )
            aside.append(each)
        elif row.pk not in push.rows or first[row.pk] is not each:
            push.endings[each.index] = Ending("again", row.code, row.detail, row.outcome, row.notes)
            if row.code in UNPROVED and each.fault is None:
                push.proved.append(row.pk)
        elif not each.fault:
            push.works[row.pk] = work_of(push, each, push.rows[row.pk])
    keep_aside(push, aside)


def row_of_op(push: Push, arrived: Arrived, doubtful: bool) -> Op:
    """The operation's row: as if applied, unless it is known already that it is not."""
    shape, fault, moment = arrived.shape, arrived.fault, push.moments.get(arrived.index)
    assert arrived.id
    person = push.sender.person
    columns = {
        "id": arrived.id,
        "push": push.id,
        "digest": arrived.digest,
        "kind": shape.kind if shape else arrived.said("kind", 40),
        "author_id": str(shape.author) if shape else arrived.said("author", 64),
        "device_id": push.envelope.device,
        "seq": shape.seq if shape else None,
        "chain_hash": shape.hash if shape else "",
        "about": arrived.body.asset if isinstance(arrived.body, AssetChanged) else None,
        "sent": arrived.text,
        "received_at": push.now,
        "happened_at": moment.happened_at if moment else None,
        "skew_ms": push.skew,
        "uncertain_s": moment.uncertain_s if moment else None,
        "outcome": HELD if fault else APPLIED,
        "code": fault.code if fault else "",
        "detail": fault.detail[:500] if fault else "",
        "notes": notes_on(push, moment, doubtful),
        "doubt": DOUBTFUL if doubtful else NO_DOUBT,
        "pusher_id": person.pk if person else None,
        "signed": push.sender.signature == Signature.GOOD,
    }
    row = row_of(Op, columns)
    if person:
        row.pusher = person
    return row


def notes_on(push: Push, moment: Moment | None, doubtful: bool) -> list[str]:
    """What was noticed on arrival, in words."""
    notes = []
    if moment and moment.uncertain_s:
        notes.append(f"Time uncertain by {in_words(moment.uncertain_s)}: the phone's clock was changed.")
    if abs(push.skew) > CLOCK_WORTH_SAYING_MS:
        way = "ahead" if push.skew > 0 else "behind"
        notes.append(f"The phone's clock was {in_words(abs(push.skew) // 1000)} {way}; the time was corrected.")
    if push.device is None:
        notes.append("Sent from a phone that is not registered.")
    if doubtful:
        notes.append("The phone's own chain does not add up here.")
    return notes


def work_of(push: Push, arrived: Arrived, row: Op) -> Work:
    """The operation as its kind's function takes it."""
    assert arrived.shape and arrived.body and arrived.id
    return Work(
        id=arrived.id,
        shape=arrived.shape,
        body=arrived.body,
        author=push.people[arrived.shape.author],
        moment=push.moments[arrived.index],
        received_at=push.now,
        device_id=push.envelope.device,
        skew_ms=push.skew,
        push=push.id,
        notes=list(row.notes),
    )


def keep_aside(push: Push, aside: list[Arrived]) -> None:
    """Keep what cannot become an operation of its own, each once; say of what was kept before that it was seen."""
    if not aside:
        return
    fresh = {(str(each.id or ""), each.digest): kept_of(push, each) for each in reversed(aside)}
    KeptAside.objects.bulk_create([fresh[key] for key in sorted(fresh)], ignore_conflicts=True)
    rows = KeptAside.objects.filter(digest__in={each.digest for each in aside}).defer("sent")
    known = {(row.op_id, row.digest): row for row in rows}
    for each in aside:
        key = (str(each.id or ""), each.digest)
        row = known[key]
        outcome = "conflict" if row.code == "conflict" else "held"
        if row.pk == fresh[key].pk and row.pk not in push.kept:
            push.kept[row.pk] = row
            push.endings[each.index] = Ending(outcome, row.code, row.detail, kept=row.pk)
        else:
            push.endings[each.index] = Ending("again", row.code, row.detail, outcome, kept=row.pk)


def kept_of(push: Push, arrived: Arrived) -> KeptAside:
    """The row of something kept aside, not yet saved."""
    fault = arrived.fault
    return KeptAside(
        op_id=str(arrived.id or ""),
        digest=arrived.digest,
        device_id=push.envelope.device,
        author_id=arrived.said("author", 64),
        index=arrived.index,
        code=fault.code if fault else "malformed",
        detail=fault.detail[:500] if fault else "",
        sent=arrived.text,
        received_at=push.now,
        pusher=push.sender.person,
    )
