"""A day in the past on the compliance pages: which day, from what was known when, and what came in since."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest

from backend.checks.models import CheckRecord
from backend.checks.queries.compliance import Cell, Counts, compliance
from backend.checks.queries.past import Known, came_since
from backend.core.api.asking import sound_day
from backend.core.days import today
from backend.core.problems import Problem
from backend.office.queries.standing import summed
from backend.trust.models import Person

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day asked about. `past` says whether it lies before today; `since` is what was received later about that time."""

    day: dt.date
    known: Known
    past: bool
    since: list[CheckRecord] = field(default_factory=list)
    since_count: int = 0
    other: Counts | None = None
    here: Counts | None = None

    @property
    def address(self) -> str:
        """The day as the end of an address of plans: "&as_of=2026-01-01&known=then"; nothing for today."""
        return f"&as_of={self.day}&known={self.known}" if self.past else ""

    @property
    def then(self) -> bool:
        """Whether only what was known that day counts."""
        return self.known is Known.THEN


def asked(request: HttpRequest) -> tuple[dt.date, Known]:
    """The day that the address asks about (today unless it does) and from what was known when. Raises Problem (400)."""
    text, known = request.GET.get("as_of", ""), request.GET.get("known", "") or Known.THEN
    if known not in set(Known):
        raise Problem("filter", "Choose what was known then, or what is known now.")
    if not text:
        return today(), Known(known)
    try:
        day = sound_day(dt.date.fromisoformat(text))
    except ValueError as wrong:
        raise Problem("filter", f"“{text[:40]}” is not a day. Write it as 2026-06-05, or choose it from the box.") from wrong
    if day > today():
        raise Problem("filter", "That day is still to come. Choose today or a day in the past.")
    return day, Known(known)


def cells_and_day(request: HttpRequest, person: Person, school: uuid.UUID | None = None) -> tuple[list[Cell], AsOf]:
    """The counts on the day asked about, and what to say of that day. `school` narrows it to one school."""
    now, (day, known) = today(), asked(request)
    cells = compliance(person, today=now, as_of=day, known=known)
    if day >= now:
        return cells, AsOf(day, known, past=False)
    rows = came_since(person, day, **({"site__school": school} if school else {}))
    since = list(rows[: SHOWN + 1])
    count = len(since) if len(since) <= SHOWN else rows.count()
    other = Known.NOW if known is Known.THEN else Known.THEN
    otherwise = compliance(person, today=now, as_of=day, known=other) if count else cells
    here, there = (summed([each for each in some if school in (None, each.site.school_id)]) for some in (cells, otherwise))
    return cells, AsOf(day, known, True, since[:SHOWN], count, there, here)
