"""Taking in a push: every operation once, none lost, none delaying another; a receipt for each."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from backend.core.reading import rows_by_key
from backend.sync import chain, settle
from backend.sync.applying import apply_all, load_for
from backend.sync.clocks import skew_ms
from backend.sync.endings import give_receipts, note_endings, result
from backend.sync.envelope import read_envelope, read_ops
from backend.sync.intake import Push, judge_authors, judge_times
from backend.sync.models import Device
from backend.sync.places import give_places
from backend.sync.rows import insert_rows
from backend.sync.senders import Sender, identify
from backend.sync.versions import is_old
from backend.trust.models import Person

TRIES: Final = 4
WORTH_ANOTHER_TRY: Final = frozenset({"40P01", "40001"})  # deadlock, serialisation: PostgreSQL asks to do it again
TWIN: Final = "sync_op_pkey"
T = TypeVar("T")


def receive(
    raw: bytes, *, person: Person | None, signature: str | None, now: dt.datetime, copied: bool = False
) -> dict[str, Any]:
    """Take in a push and answer its results in order (see FIELD_PROTOCOL).

    `raw` is the request's body, `signature` its X-Device-Signature, `now` the moment of receipt. `copied`: it is a saved
    copy, so that the time of sending says nothing about the phone's clock or count. Raises Problem for the envelope only:
    400 malformed, 413 too large, 401 neither session nor good signature.
    """
    envelope = read_envelope(raw)
    sender = identify(person, envelope.device, signature, raw)
    arrived = read_ops(envelope.ops, raw)
    skew = known_skew(sender) if copied else skew_ms(envelope.sent_at, now)
    push = again_after_deadlock(lambda: take_in(Push(envelope, sender, arrived, now, skew, copied)))
    settle.after_push(push.works.values(), push.proved)
    answer: dict[str, Any] = {"server_time": now.isoformat(), "results": [result(each, push) for each in arrived]}
    return {**answer, "update": True} if is_old(envelope.app) else answer


def worth_another_try(error: DatabaseError) -> bool:
    """Whether it failed only because another push stood in its way, or brought the same operation at the same time."""
    cause = error.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", "")
    return getattr(cause, "sqlstate", "") in WORTH_ANOTHER_TRY or name == TWIN


def again_after_deadlock(do: Callable[[], T]) -> T:
    """Do it in one transaction; once more when PostgreSQL took it back only because two stood in each other's way."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return do()
        except (OperationalError, IntegrityError) as error:
            if left == 0 or not worth_another_try(error):
                raise
    raise AssertionError("unreachable")


def take_in(push: Push) -> Push:
    """The push's one transaction: rows first, so that twins queue on their keys, then their effects, then the receipts."""
    device = push.sender.device
    if device:
        (push.device,) = rows_by_key(Device, [device.pk], locked=True)
    judge_times(push)
    judge_authors(push)
    insert_rows(push)
    facts = apply_all(list(push.works.values()), load_for(list(push.works.values())))
    note_endings(push)
    give_places(push.rows.values())
    if push.device and not push.copied:
        chain.heed(push.device, push.envelope, push.now, push.skew, nothing_new=not push.rows)
    give_receipts(push, facts)  # last: the chain's lock is held to the end
    return push


def known_skew(sender: Sender) -> int:
    """By how much the phone's clock was ahead when it last pushed; 0 when that is not known."""
    return (sender.device.skew_ms if sender.device else None) or 0
