"""The phone's own chain: does it add up, and did the phone come back with less than it had announced?"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from backend.core import audit
from backend.core.reading import answered, literal
from backend.core.sets import update_many
from backend.sync.canonical import chained
from backend.sync.envelope import Arrived, Envelope
from backend.sync.evidence import LOST_WORK
from backend.sync.models import Device, LostWork

HASHES: Final = "SELECT seq, chain_hash FROM sync_op WHERE device_id = %s AND seq = ANY(%s::bigint[])"


def broken(arrived: Sequence[Arrived], device_id: str) -> set[int]:
    """The places in the push of operations whose hash is not that of their body, or that do not follow on the one before.

    Operations that carry no hash say nothing. One query, for those whose predecessor came in an earlier push.
    """
    counted = {each.shape.seq: each for each in arrived if each.shape and each.shape.hash and each.shape.seq is not None}
    wrong = {each.index for each in arrived if each.shape and each.shape.hash and not hash_holds(each)}
    earlier: dict[int, set[str]] = {}
    outside = [seq - 1 for seq in counted if seq - 1 not in counted]
    for seq, chain_hash in answered(HASHES, [device_id, literal(outside)]) if outside else ():
        earlier.setdefault(seq, set()).add(chain_hash)
    for seq, each in counted.items():
        before = counted.get(seq - 1)
        known = {before.shape.hash} if before and before.shape else earlier.get(seq - 1)
        if known and each.shape and each.shape.prev not in known:
            wrong.add(each.index)
    return wrong


def hash_holds(arrived: Arrived) -> bool:
    """Whether the phone's hash is that of the one before and of the body."""
    shape = arrived.shape
    return shape is not None and chained(shape.prev, arrived.body_form) == shape.hash


def heed(device: Device, envelope: Envelope, now: dt.datetime, skew_ms: int, *, nothing_new: bool) -> LostWork | None:
    """Note how far the phone has come, and its loss when that is less than it had announced before.

    An old push that arrives late, or twice (`nothing_new`, and sent no later than the last), is no loss and changes nothing.
    `device` must be locked.
    """
    late = nothing_new and device.last_sent_at is not None and envelope.sent_at <= device.last_sent_at
    loss = None
    if not late:
        if envelope.seq is not None:
            loss = lost(device, envelope.seq, now)
            device.highest_seq, device.head = envelope.seq, envelope.head
        device.last_sent_at, device.skew_ms = envelope.sent_at, skew_ms
        device.app = envelope.app or device.app
    device.last_push_at = now
    update_many([device], ("highest_seq", "head", "last_sent_at", "skew_ms", "app", "last_push_at"))
    return loss


def lost(device: Device, seq: int, now: dt.datetime) -> LostWork | None:
    """The loss that a count below the announced one stands for, made known to the office; None when there is none."""
    if seq >= device.highest_seq:
        return None
    loss = LostWork.objects.create(
        device=device,
        announced_seq=device.highest_seq,
        came_back_with=seq,
        last_heard_at=device.last_push_at,
        seen_at=now,
    )
    audit.append([LOST_WORK.fact(loss)], at=now)
    return loss
