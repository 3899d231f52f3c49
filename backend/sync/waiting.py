"""What waits of the phones' work: what was held for the office."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from backend.core.agenda import Asked, Waiting
from backend.core.days import london_date
from backend.core.templatetags.words import counted, day
from backend.sync.queries import held_for, unsent_for
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


def unsent(person: Any, today: dt.date) -> Iterator[Waiting]:  # noqa: ARG001  as every one is asked
    """Work that a phone has announced and not sent for two days: each phone, since when. One query."""
    if reach(person, permits.OFFICE_SETTLE).nowhere():
        return
    for each in unsent_for(person, timezone.now()):
        heard = each.device.last_push_at
        assert heard is not None  # of phones that were never heard nothing is announced
        owner = each.device.registered_by
        words = (
            f"{counted(each.missing, 'piece')} of work of {owner}'s phone not here since {day(london_date(heard))}: "
            "ask them to open it where there is signal"
        )
        yield Waiting(f"unsent:{each.device.pk}", "unsent", words, "/held/#unsent", 4, london_date(heard), None)


WAITING: list[Asked] = [held, unsent]
