"""Whether work went quicker than it can be done. It is said, and never a reason to refuse anything: there may be a good one."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

BETWEEN_BUILDINGS: Final = dt.timedelta(seconds=10)
"""Nobody walks from a check in one building to a finished one in another in less."""


def longest_wait(questions: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]) -> int:
    """The longest wait, in seconds, that the form asks for before a question that was answered; 0 when none does.

    The longest and not all of them: several taps may run side by side.
    """
    waits = [int(each.get("wait_seconds") or 0) for each in questions if answers.get(each["key"]) not in (None, "")]
    return max(waits, default=0)


def shorter_than_its_wait(
    questions: Sequence[Mapping[str, Any]], answers: Mapping[str, Any], started_at: dt.datetime | None, done_at: dt.datetime
) -> str:
    """Says that a check took less time from opening its form to saving it than its reading has to wait; "" when it did not."""
    wait = longest_wait(questions, answers)
    if not wait or started_at is None or started_at > done_at:
        return ""
    took = round((done_at - started_at).total_seconds())
    return f"Answered in {took} s, although a reading of this check has to wait {wait} s." if took < wait else ""


def between_buildings(before: uuid.UUID | None, before_at: dt.datetime, building: uuid.UUID | None, done_at: dt.datetime) -> str:
    """Says that two checks by one person in different buildings lie too near in time; "" when they do not."""
    gap = abs(done_at - before_at)
    if not before or not building or before == building or gap >= BETWEEN_BUILDINGS:
        return ""
    return f"Saved {round(gap.total_seconds())} s after a check in another building."
