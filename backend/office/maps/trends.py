"""How things went, month by month: in date, missed, problems. From rows kept for each month's end, from misses and problems."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from backend.checks.models import MonthEnd
from backend.checks.months import month_ends
from backend.checks.queries.compliance import compliance, standing_lapses
from backend.core.days import LONDON
from backend.maintenance.models import Defect
from backend.office.queries.board import OTHER
from backend.trust import permits
from backend.trust.models import Person, School, Site
from backend.trust.scope import in_scope

STATUSES: Final = ("in_date", "due_soon", "due", "overdue", "paused", "unproved")
AGES: Final = ((31, "under a month"), (92, "1 to 3 months"), (366, "3 to 12 months"), (10**6, "over a year"))


@dataclass(frozen=True, slots=True)
class Where:
    """What the trends are about: a place and a discipline, as far as they were chosen."""

    school: School | None = None
    site: Site | None = None
    discipline: str = ""

    def cut(self, path: str, discipline: str) -> dict[str, Any]:
        """As filters of rows: `path` leads to the site ("", "plan__"), `discipline` is the column."""
        found: dict[str, Any] = {}
        if self.school:
            found[f"{path}site__school"] = self.school.pk
        if self.site:
            found[f"{path}site"] = self.site.pk
        if self.discipline:
            found[discipline] = "" if self.discipline == OTHER else self.discipline
        return found

    @property
    def board(self) -> str:
        """The page with the counts of the school asked about, or of the trust; it can be asked of a past day."""
        school = self.school.pk if self.school else self.site.school_id if self.site else None
        return f"/schools/{school}/" if school else "/compliance/"

    def address(self, page: str, **more: Any) -> str:
        """The list of a page, cut the same way."""
        kept = {"school": self.school and self.school.pk, "site": self.site and self.site.pk, "discipline": self.discipline}
        return f"{page}?" + urlencode({name: value for name, value in {**kept, **more}.items() if value})


@dataclass(slots=True)
class Month:
    """One month's figures. `day` is its last day, or today in the month that runs. `plans` without those paused; `proved` are in
    date by something that was recorded."""

    day: dt.date
    running: bool = False
    plans: int = 0
    proved: int = 0
    overdue: int = 0
    missed: int = 0
    opened: int = 0
    closed: int = 0
    open_then: int = 0

    @property
    def first(self) -> dt.date:
        """The month's first day."""
        return self.day.replace(day=1)

    @property
    def share(self) -> float | None:
        """How many per cent of the running checks were in date; None when none were planned."""
        return round(100 * self.proved / self.plans, 1) if self.plans else None


def trends(person: Person, where: Where, *, months: int, today: dt.date) -> list[Month]:
    """The figures of so many months, the one that runs last. Six queries, however long and however large."""
    ends = month_ends(dt.date.min, today, months - 1)
    found = {day.replace(day=1): Month(day) for day in ends}
    now = found[today.replace(day=1)] = Month(today, running=True)
    stood = MonthEnd.objects.visible_to(person).filter(day__in=ends, **where.cut("", "discipline"))
    sums: Any = stood.values("day").annotate(**{name: Sum(name) for name in STATUSES}).order_by()
    for row in sums:
        month = found[row["day"].replace(day=1)]
        by_dates = row["in_date"] + row["due_soon"]
        month.proved = by_dates - row["unproved"]
        month.plans, month.overdue = by_dates + row["due"] + row["overdue"], row["overdue"]
    for cell in compliance(person, today=today):
        if within(where, cell):
            now.plans += cell.counts.plans - cell.counts.paused
            now.proved += cell.counts.proved
            now.overdue += cell.counts.overdue
    since = min(found)
    missed = in_scope(standing_lapses(), person, permits.ESTATE_VIEW, school="plan__site__school_id", site="plan__site_id")
    missed = missed.filter(due_on__gte=since, due_on__lte=today, **where.cut("plan__", "plan__discipline"))
    put(found, missed.annotate(month=TruncMonth("due_on")).values_list("month").annotate(Count("pk")).order_by(), "missed")
    problems(person, where, found, since)
    return [found[first] for first in sorted(found)]


def within(where: Where, cell: Any) -> bool:
    """Whether a cell of the board is what the trends are about."""
    if where.school and cell.site.school_id != where.school.pk:
        return False
    if where.site and cell.site.pk != where.site.pk:
        return False
    return not where.discipline or cell.discipline == ("" if where.discipline == OTHER else where.discipline)


def put(found: Mapping[dt.date, Month], rows: Any, name: str) -> None:
    """Write counts by month into the months."""
    for first, number in rows:
        key = first.date() if isinstance(first, dt.datetime) else first
        if key in found:
            setattr(found[key], name, number)


def problems(person: Person, where: Where, found: Mapping[dt.date, Month], since: dt.date) -> None:
    """Problems found and closed each month, and open at its end."""
    rows = Defect.objects.visible_to(person).filter(**where.cut("", "discipline"))
    by_found = TruncMonth("found_on")
    put(found, rows.filter(found_on__gte=since).annotate(month=by_found).values_list("month").annotate(Count("pk")).order_by(),
        "opened")  # fmt: skip
    shut = rows.filter(closed_at__date__gte=since).annotate(month=TruncMonth("closed_at", tzinfo=LONDON))
    put(found, shut.values_list("month").annotate(Count("pk")).order_by(), "closed")
    before = Q(found_on__lt=since)
    at = rows.filter(before & (Q(closed_at=None) | Q(closed_at__date__gte=since))).count()
    for first in sorted(found):
        at += found[first].opened - found[first].closed
        found[first].open_then = at


def open_ages(person: Person, where: Where, today: dt.date) -> list[tuple[str, int, str]]:
    """How long the problems that are open now have been open: (words, how many, their list), the newest first."""
    rows = Defect.objects.visible_to(person).filter(status=Defect.Status.OPEN, **where.cut("", "discipline"))
    counts: dict[str, Any] = {}
    links: list[str] = []
    before = -1
    for most, words in AGES:
        newest, oldest = today - dt.timedelta(days=before + 1), today - dt.timedelta(days=min(most, 40_000))
        counts[words] = Count("pk", filter=Q(found_on__lte=newest, found_on__gte=oldest))
        links.append(where.address("/problems/", since=oldest, until=newest))
        before = most
    ordered = {f"n{number}": each for number, each in enumerate(counts.values())}
    answer = rows.aggregate(**ordered)
    return [(words, answer[f"n{number}"], links[number]) for number, words in enumerate(counts)]
