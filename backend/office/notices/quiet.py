"""Silence as an alarm: sites at which nothing was recorded for days although checks were due."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import DateField, Exists, Max, Min, OuterRef, QuerySet, Subquery

from backend.checks.models import CheckRecord, NotDone, Plan
from backend.core.days import london_date
from backend.core.models import status_case
from backend.rules.days import CalendarKind, SchoolDays
from backend.rules.telling import QUIET_DAYS, open_days_before
from backend.trust.models import Site
from backend.trust.queries import calendars

BEGUN = dt.timedelta(days=14)  # a plan that has only just begun says nothing about a site


@dataclass(frozen=True, slots=True)
class Quiet:
    """A site that has gone quiet: since when nothing was recorded (None: never)."""

    site_id: uuid.UUID
    school_id: uuid.UUID
    name: str
    since: dt.date | None

    @property
    def key(self) -> str:
        """Names this silence: a record ends it, and the next one is another."""
        return f"site:{self.site_id}:quiet:{self.since or 'never'}"


def quiet_sites(sites: QuerySet[Site], today: dt.date, known: dict[uuid.UUID, SchoolDays] | None = None) -> list[Quiet]:
    """Those of the sites with checks owed since before the last open days and no record or attempt in them. Two queries at most.

    A year without five open days (nobody has entered a calendar of that kind) is no reason to be told.
    """
    owed = Plan.objects.filter(active=True, due_on__lt=today, starts_on__lt=today - BEGUN)
    owed = owed.alias(stands=status_case(today)).exclude(stands="paused")
    due = owed.filter(site=OuterRef("pk"))
    last = CheckRecord.objects.filter(site=OuterRef("pk")).order_by().values("site").annotate(on=Max("done_on")).values("on")
    tried = NotDone.objects.filter(plan__site=OuterRef("pk")).order_by().values("plan__site").annotate(on=Max("made_at"))
    first = due.order_by().values("site").annotate(on=Min("due_on")).values("on")
    sites = sites.filter(Exists(due)).annotate(last=Subquery(last, output_field=DateField()))
    asked = list(sites.annotate(tried=Subquery(tried.values("on")), first=Subquery(first)).order_by("name", "pk"))
    days = known if known is not None else calendars({each.school_id for each in asked})
    return [found for each in asked if (found := quiet(each, days[each.school_id], today))]


def quiet(site: Site, days: SchoolDays, today: dt.date) -> Quiet | None:
    """The site's silence, if it is one."""
    began = open_days_before(today, QUIET_DAYS, lambda day: days.is_open(day, CalendarKind.WHEN_OCCUPIED))
    last, tried = site.last, site.tried  # type: ignore[attr-defined]
    heard = max(filter(None, (last, london_date(tried) if tried else None)), default=None)
    if began is None or site.first > began or (heard is not None and heard >= began):  # type: ignore[attr-defined]
        return None
    return Quiet(site.pk, site.school_id, site.name, heard)
