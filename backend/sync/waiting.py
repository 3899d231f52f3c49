"""What waits of the phones' work: what was held for the office."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min

from backend.core.agenda import Asked, Waiting
from backend.core.days import london_date
from backend.core.templatetags.words import counted
from backend.sync.queries import held_for
from backend.trust import permits
from backend.trust.scope import reach


def held(person: Any, today: dt.date) -> Iterator[Waiting]:  # noqa: ARG001  as every one is asked
    """All that is held, as one thing, with the day on which the first came. One query."""
    if reach(person, permits.OFFICE_SETTLE).nowhere():
        return
    found = held_for(person).order_by().aggregate(n=Count("*"), first=Min("received_at"))
    if found["n"]:
        words = f"{counted(found['n'], 'item')} from phones to settle: nothing of it counts until you have looked"
        yield Waiting("held", "held", words, "/held/", 4, london_date(found["first"]), None)


WAITING: list[Asked] = [held]
