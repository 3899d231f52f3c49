"""What time it really was: a phone's clock may be wrong, and may have been put right in between. Pure.

A phone stamps each operation with its clock (`made_at`) and with a count of milliseconds that nobody can set
(`mono_ms`, since the mark `boot`). A push tells the phone's clock once more, so that it can be held against ours.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

DRIFT_MS = 5_000  # below this, the two clocks of one phone agree
SKEW_CHANGE_MS = 60_000  # below this, two pushes found the same clock: the rest is the network's delay
LONGEST_S = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an operation was made, by the phone's own clocks."""

    made_at: dt.datetime
    mono_ms: float | None = None
    boot: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When it really was, as well as can be told, and by how many seconds that may be out (None: it is sure)."""

    happened_at: dt.datetime
    uncertain_s: int | None = None


def skew_ms(sent_at: dt.datetime, received_at: dt.datetime) -> int:
    """By how much the phone's clock is ahead of the server's; what the network took makes it smaller."""
    return round((sent_at - received_at).total_seconds() * 1000)


def moments(stamps: Sequence[Stamp], skew: int | None, skew_before: int | None) -> list[Moment]:
    """The corrected time of each stamp of one push.

    `skew` is what this push measured (None: unknown, then nothing is corrected), `skew_before` what the phone's push
    before it did. Within one boot, wall clock and count must advance together. Where the wall clock fell behind, it was
    put back: certain, and the count tells by how much. Where it ran ahead, it was put forward, or the phone slept and
    the count with it: a clock found equal at both pushes speaks for sleep, otherwise the time is uncertain.
    """
    changed = abs(skew - skew_before) if skew is not None and skew_before is not None else None
    moved = changed if changed is not None and changed > SKEW_CHANGE_MS else 0
    steady = changed is not None and not moved
    drifts = _drifts(stamps)
    found = []
    for stamp, drift in zip(stamps, drifts, strict=True):
        put_back = drift if drift > DRIFT_MS else 0
        ahead = -drift if drift < -DRIFT_MS and not steady else 0
        doubt = max(put_back, ahead, moved)
        corrected = _shifted(stamp.made_at, -(skew or 0) - put_back)
        found.append(Moment(corrected, min(round(doubt / 1000), LONGEST_S) if doubt else None))
    return found


def _drifts(stamps: Sequence[Stamp]) -> list[float]:
    """For each stamp, by how many ms its wall clock stands ahead of the boot's last stamp, held against the count."""
    boots: dict[str, list[int]] = defaultdict(list)
    for index, stamp in enumerate(stamps):
        if stamp.boot and stamp.mono_ms is not None:
            boots[stamp.boot].append(index)
    drifts = [0.0] * len(stamps)
    for members in boots.values():
        last = max(members, key=lambda each: (stamps[each].mono_ms or 0, stamps[each].made_at))
        for each in members:
            drifts[each] = _base(stamps[each]) - _base(stamps[last])
    return drifts


def _base(stamp: Stamp) -> float:
    return stamp.made_at.timestamp() * 1000 - (stamp.mono_ms or 0)


def _shifted(moment: dt.datetime, by_ms: float) -> dt.datetime:
    try:
        return moment + dt.timedelta(milliseconds=by_ms)
    except OverflowError:
        return moment


def in_words(seconds: int) -> str:
    """A span as people say it: "40 seconds", "3 minutes", "2 hours", "5 days"."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = round(seconds / length)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
