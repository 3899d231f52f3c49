"""Work done on plans, for the tests of records, lapses and service."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from backend.checks.actions import NewPhoto, NewRecord, When
from backend.checks.models import Plan
from backend.core.days import LONDON
from backend.trust.models import Person
from tests.answers import good_answers

WEDNESDAY = dt.datetime(2026, 11, 18, 10, 0, tzinfo=LONDON)
REPORT = NewPhoto("ab" * 32, "application/pdf", 1200, "report")


def at(on: dt.date, hour: int = 9) -> dt.datetime:
    """A London time of day."""
    return dt.datetime(on.year, on.month, on.day, hour, 0, tzinfo=LONDON)


def work(plan: Plan, author: Person, on: dt.date, answers: Mapping[str, Any] | None = None, **more: Any) -> NewRecord:
    """A check done on a day, all in order but for `answers`; `received` (a moment) when it arrived later."""
    revision = plan.check_type.current
    assert revision is not None
    questions = revision.questions()
    asked_now = [each for each in questions if each["type"] not in ("photo", "file")]
    given = {**(good_answers(asked_now, plan) or {}), **(answers or {})}
    done, received = at(on), more.pop("received", None) or at(on)
    files = [REPORT] if any(each["key"] == "report" for each in questions) else []
    more.setdefault("photos", files)
    more.setdefault("id", uuid.uuid4())
    return NewRecord(
        author=author, revision=revision, answers=given, when=When(done, done, received), presence="typed", plan=plan, **more
    )
