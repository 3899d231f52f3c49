"""What was held: taken in by itself when what it waited for has come, or settled by the office."""

import logging
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backend.checks.models import Plan
from backend.core import audit
from backend.core.problems import NotFound, Problem
from backend.core.reading import answered
from backend.core.sets import update_many
from backend.sync.applying import apply_all, load_for
from backend.sync.bodies import MADE_BY_PHONES, CheckDone
from backend.sync.clocks import Moment
from backend.sync.endings import ENDED, fact_of, write_back
from backend.sync.envelope import read_json, read_op
from backend.sync.evidence import KEPT, OPS
from backend.sync.models import KeptAside, Op
from backend.sync.work import Work
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

log = logging.getLogger(__name__)
SORT_MADE_BY: Final = {kind: sort for sort, kind in MADE_BY_PHONES.items()}
ANY_WAITS: Final = "SELECT 1 FROM sync_op WHERE code = 'waiting' AND outcome = 'held' AND settled_at IS NULL LIMIT 1"
AT_ONCE: Final = 500
NOT_VOUCHED: Final = frozenset({"bad_signature", "author_not_proved", "device_revoked", "not_permitted"})


def after_push(works: Iterable[Work], proved: Collection[uuid.UUID] = ()) -> None:
    """After a push was committed: apply what waited for it, and what of it waits for something that came meanwhile.

    `proved` are those held because nobody could prove whose they are, which came again with a proof: they are taken in now.

    In a transaction of its own, after the other: of two pushes that need each other, the later one sees both. A failure
    here loses nothing and fails no push: the timetable's job tries again.
    """
    keys: set[str] = set()
    for work in works:
        keys |= made_by(work) if work.applied else set(work.waiting_for)
    try:
        keys |= apply_proved(proved) if proved else set()
        apply_waiting(keys)
    except Exception:
        log.exception("what waited could not be taken in just now")


def made_by(work: Work) -> set[str]:
    """What others may be waiting for that this has made."""
    sort = SORT_MADE_BY.get(work.shape.kind)
    return {f"{sort}:{work.id}"} if sort else set()


@transaction.atomic
def apply_proved(ids: Collection[uuid.UUID]) -> set[str]:
    """Take in operations held because nobody could prove whose they are, now that it is proved; answers what they have made."""
    rows = Op.objects.filter(pk__in=list(ids), outcome=Op.Outcome.HELD, settled_at=None)
    held = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk").select_related("pusher")}
    works = works_of(list(held.values()))
    facts = apply_all(works, load_for(works))
    changed = [held[work.id] for work in works if write_back(held[work.id], work)]
    update_many(changed, ENDED)
    audit.append([*facts, *(fact_of(row, "op-settled") for row in changed)])
    return set().union(*(made_by(work) for work in works if work.applied))


def apply_waiting(keys: Collection[str] | None = None) -> int:
    """Apply the waiting operations that name one of `keys` (all when None) and miss nothing any more; answers how many ended.

    May run at any time, and twice. What they make in turn may set others free.
    """
    ended = 0
    while (keys is None or keys) and answered(ANY_WAITS, []):  # nearly always nothing waits
        works = waiting_round(keys)
        ended += len(works)
        if not works:
            break
        keys = set().union(*(made_by(work) for work in works if work.applied))
    return ended


@transaction.atomic
def waiting_round(keys: Collection[str] | None) -> list[Work]:
    """One round of apply_waiting: those that could be brought to an end."""
    rows = Op.objects.waiting().select_for_update(of=("self",)).order_by("pk").select_related("pusher")
    if keys is not None:
        rows = rows.filter(waiting_for__overlap=list(keys))
    waiting = {row.pk: row for row in rows[:AT_ONCE]}
    if not waiting:
        return []
    works = works_of(list(waiting.values()))
    there = load_for(works)
    ready = [work for work in works if not there.missing(work.refers())]
    facts = apply_all(ready, there)
    ended = [work for work in ready if not work.open]
    for work in ended:
        write_back(waiting[work.id], work)
    changed = [waiting[work.id] for work in ended]
    update_many(changed, ENDED)
    audit.append([*facts, *(fact_of(row, "op-settled") for row in changed)])
    return ended


def works_of(rows: Sequence[Op]) -> list[Work]:
    """Operations once more at work, from their rows. Those whose author or shape is not known are left out."""
    people = Person.objects.in_bulk([row.author_id for row in rows if is_uuid(row.author_id)])
    works = []
    for row in rows:
        arrived = read_op(0, read_json(row.sent.encode()))
        author = people.get(arrived.shape.author) if arrived.shape else None
        if author and arrived.shape and arrived.body and row.happened_at:
            works.append(
                Work(
                    id=row.pk,
                    shape=arrived.shape,
                    body=arrived.body,
                    author=author,
                    moment=Moment(row.happened_at, row.uncertain_s),
                    received_at=row.received_at,
                    device_id=row.device_id,
                    skew_ms=row.skew_ms,
                    notes=list(row.notes),
                )
            )
    return works


def is_uuid(text: str) -> bool:
    """Whether an author was named by an id of our form."""
    return len(text) == 36 and text.count("-") == 4


class Take(StrEnum):
    """How the office takes a held operation in."""

    AS_SENT = "apply"
    EXTRA = "extra"
    """A check that was done although nothing asks for it there any more: a record that moves no date."""
    AS_PLANNED = "planned"
    """A check of the thing that it is planned for: what was scanned was the wrong label."""


def ways(op: Op) -> list[Take]:
    """How a held operation may be taken in, by why it is held; none where it can only be looked at or waited for."""
    if op.outcome != Op.Outcome.HELD or op.code == "waiting":
        return []
    if op.kind == "check_done" and op.code in {"plan_ended", "asset_retired"}:
        return [Take.EXTRA, Take.AS_SENT]
    if op.kind == "check_done" and op.code == "wrong_asset":
        return [Take.AS_PLANNED, Take.EXTRA]
    if op.kind == "check_done" and op.code in NOT_VOUCHED:
        return [Take.AS_SENT, Take.EXTRA]  # once vouched for, it may still be that nothing asks for it there any more
    return [Take.AS_SENT]


def settle_op(*, op: Op, person: Person, apply: bool, reason: str, take: Take = Take.AS_SENT) -> Op:
    """The office settles a held operation, saying why: applies it after all, or puts it aside for good. It is kept either way.

    Applying judges it again by every rule but three: the office vouches for the author and for their right to be there, and a
    time in the future becomes the time of receipt. `take` says how a check is to stand that cannot stand as it was sent.
    Raises Problem when it still cannot stand; NotFound when it is not this person's to settle.
    """
    settled, works = settled_op(op, person, apply, reason, take)
    after_push(works)
    return settled


@transaction.atomic
def settled_op(op: Op, person: Person, apply: bool, reason: str, take: Take) -> tuple[Op, list[Work]]:
    """The transaction of settle_op: the row, and the work done with it."""
    row = Op.objects.for_office(person).select_for_update(of=("self",)).select_related("pusher").filter(pk=op.pk).first()
    if row is None:
        raise NotFound("That operation")
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    if row.settled_at or (row.outcome == Op.Outcome.APPLIED and not row.doubt):
        raise Problem("settled_already", "That was settled already.", status=409)
    works, facts = apply_after_all(row, take) if apply and row.outcome == Op.Outcome.HELD else ([], [])
    row.settled_at, row.settled_by, row.settled_reason = timezone.now(), person, reason.strip()[:500]
    row.save(update_fields=[*ENDED, "settled_at", "settled_by", "settled_reason"])
    audit.append([*facts, OPS.fact(row, person.pk, person.name, kind="op-settled")])
    return row, works


FIRST: Final = {
    "plan_ended": "Plan it there again first, or keep this as an extra check.",
    "tag_taken": "Take that label off the other thing first, on the label's page, or put this aside.",
    "asset_retired": "Bring the thing back first, on its page, or keep this as an extra check.",
}
"""What makes it possible to take in as it was sent what cannot be now."""


def apply_after_all(row: Op, take: Take = Take.AS_SENT) -> tuple[list[Work], list[audit.Fact]]:
    """Apply a held operation that the office vouches for; answers it and what is to be entered in the audit chain.

    Raises Problem when it cannot be applied.
    """
    works = works_of([row])
    if not works:
        detail = "This cannot be applied as it stands: enter it by hand where it belongs, and put this one aside."
        raise Problem("cannot_apply", detail, status=409)
    work = taken_as(works[0], take)
    if work.moment.happened_at > work.received_at:
        ahead = round((work.moment.happened_at - work.received_at).total_seconds())
        work.moment = Moment(work.received_at, max(ahead, work.moment.uncertain_s or 0) if ahead < 2**31 else None)
        work.notes.append("Its time lay in the future; the office took the time of receipt.")
    facts = apply_all([work], load_for([work]))
    if not work.applied:
        raise Problem(work.code or "cannot_apply", f"{work.detail} {FIRST.get(work.code, '')}".strip(), status=409)
    write_back(row, work)
    return [work], facts


def taken_as(work: Work, take: Take) -> Work:
    """The work as the office takes it, with a note of what it changed. What was sent stays as it was sent."""
    work.vouched = True
    if not isinstance(work.body, CheckDone) or take is Take.AS_SENT:
        return work
    if take is Take.EXTRA:
        scanned_another = work.body.plan is not None and work.body.asset is not None
        change: dict[str, Any] = {"ad_hoc": True} | ({"plan": None} if scanned_another and not planned_for(work.body) else {})
        note = "The office kept it as an extra check: it moves no date."
    else:
        change = {"asset": None, "tag": None, "presence": "typed"}
        note = "The label of another thing was scanned. The office found that it was done on the planned one."
    return replace(work, body=work.body.model_copy(update=change), notes=[*work.notes, note], refs=())


def planned_for(body: CheckDone) -> bool:
    """Whether the thing scanned is the one of the plan."""
    wanted: dict[str, Any] = {"pk": body.plan}
    return Plan.objects.filter(Q(asset=body.asset) | Q(asset=None), **wanted).exists()


@transaction.atomic
def settle_kept(*, kept: KeptAside, person: Person, reason: str) -> KeptAside:
    """The office has looked at something that was kept aside. Only who settles for the whole trust: it has no place."""
    if not reach(person, permits.OFFICE_SETTLE).everywhere:
        raise NotFound("That")
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    if kept.settled_at is None:
        kept.settled_at, kept.settled_by, kept.settled_reason = timezone.now(), person, reason.strip()[:500]
        kept.save(update_fields=["settled_at", "settled_by", "settled_reason"])
        audit.append([KEPT.fact(kept, person.pk, person.name, kind="op-settled")])
    return kept
