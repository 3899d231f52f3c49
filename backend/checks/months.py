"""Working out how checks stood at the end of each month, once, and again for a month into which a record arrives late.

The board of a past day (queries.compliance with `as_of`, by what is known now) reads every record for each day asked about. The
trends ask about 36, so what it would say is kept, a row for each discipline at a site; a test holds the two against each other.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from django.db import connection, transaction
from django.db.models import Max, Min, Q

from backend.checks.models import CheckRecord, MonthEnd, Plan
from backend.checks.queries.past import Known, records_known, rule_of
from backend.rules.days import SchoolDays
from backend.rules.due import Done, Status, once, status_on, stored_dates
from backend.rules.due.done import until
from backend.trust.queries import calendars

KEPT_MONTHS: Final = 36
OVERLAP: Final = dt.timedelta(minutes=10)  # a record may say that it arrived a little before it is seen by others
LOCK: Final = 8_150_036
StatusOn: TypeAlias = Callable[[dt.date], Status | None]


def month_ends(first: dt.date, today: dt.date, most: int = KEPT_MONTHS) -> list[dt.date]:
    """The last days of the months from that of `first` on that are over by `today`: at most so many, oldest first."""
    found: list[dt.date] = []
    day = today.replace(day=1) - dt.timedelta(days=1)
    while day >= first and len(found) < most:
        found.append(day)
        day = day.replace(day=1) - dt.timedelta(days=1)
    return found[::-1]


def keep_month_ends(*, today: dt.date, now: dt.datetime) -> int:
    """Work out what is missing or has changed by late arrivals; answers how many rows were written. May run twice."""
    begun = {site: first for site, first in Plan.objects.values_list("site_id").annotate(Min("starts_on")).order_by("site_id")}
    kept: dict[uuid.UUID, set[dt.date]] = {}
    for site, day in MonthEnd.objects.values_list("site_id", "day").distinct():
        kept.setdefault(site, set()).add(day)
    late = late_arrivals()
    written = 0
    for site, first in begun.items():
        anew = late.get(site, dt.date.max)
        days = [day for day in month_ends(first, today) if day not in kept.get(site, ()) or day >= anew]
        if days:
            written += keep_site(site, days, now - OVERLAP)
    return written


def late_arrivals() -> dict[uuid.UUID, dt.date]:
    """Site -> the earliest day of the records that arrived there since its months were last worked out. Two queries."""
    looked = MonthEnd.objects.values("site_id").annotate(at=Max("looked_at"), last=Max("day")).order_by()
    seen = {each["site_id"]: (each["at"], each["last"]) for each in looked}
    if not seen:
        return {}
    since = min(at for at, _ in seen.values())
    found: dict[uuid.UUID, dt.date] = {}
    rows = CheckRecord.objects.filter(received_at__gt=since, done_on__lte=max(last for _, last in seen.values()))
    for site, done_on, received in rows.values_list("site_id", "done_on", "received_at").iterator():
        at, last = seen.get(site, (None, None))
        if at is not None and last is not None and received > at and done_on <= last:
            found[site] = min(done_on, found.get(site, done_on))
    return found


@transaction.atomic
def keep_site(site: uuid.UUID, days: Sequence[dt.date], looked_at: dt.datetime) -> int:
    """Write one site's rows for these days, over those that are there; answers how many."""
    with connection.cursor() as cursor:  # one at a time for a site
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(site)])
    ended_before = Q(ended_on__lte=min(days)) | Q(ended_on=None, active=False, rule__isnull=False)
    plans = list(Plan.objects.filter(~ended_before, site=site, starts_on__lte=max(days)).select_related("site"))
    rows = [
        MonthEnd(site_id=site, discipline=discipline, day=day, looked_at=looked_at, **counts)
        for (day, discipline), counts in standings(plans, days).items()
    ]
    MonthEnd.objects.filter(site=site, day__in=days).delete()
    MonthEnd.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def standings(plans: Sequence[Plan], days: Iterable[dt.date]) -> dict[tuple[dt.date, str], dict[str, int]]:
    """(day, discipline) -> how many of the plans stood how, each by the work done by that day, as it is known now.

    "unproved" counts those of the plans in date or due soon of which nothing had been recorded by that day.
    """
    wanted = sorted(days)
    found: dict[tuple[dt.date, str], dict[str, int]] = {}
    for plan, first_done, status_of in each_status(plans, wanted):
        for day in wanted:
            if (status := status_of(day)) is None:
                continue
            counts = found.setdefault((day, plan.discipline), {})
            bare = status in (Status.IN_DATE, Status.DUE_SOON) and first_done > day
            for name in (status.value.replace("-", "_"), *(("unproved",) if bare else ())):
                counts[name] = counts.get(name, 0) + 1
    return found


def each_status(plans: Sequence[Plan], days: Sequence[dt.date]) -> Iterator[tuple[Plan, dt.date, StatusOn]]:
    """Each plan, the first day of which anything is recorded (never: the last day there is), and what gives its status on one of
    the `days`, which are in order. Two queries, however many of either.

    As queries.past.statuses_on says it for one day, from all that is known now.
    """
    calendar = calendars({plan.site.school_id for plan in plans})
    done: dict[uuid.UUID | None, list[Done]] = {}
    rows = records_known(days[-1], Known.NOW).filter(plan__in=[plan.pk for plan in plans]).order_by("done_at")
    for plan_id, on, stated in rows.values_list("plan_id", "done_on", "stated_next"):
        done.setdefault(plan_id, []).append(Done(on, stated))
    for plan in plans:
        known = done.get(plan.pk, [])
        first_done = min((each.on for each in known), default=dt.date.max)
        yield plan, first_done, status_by(plan, calendar[plan.site.school_id], known)


def status_by(plan: Plan, calendar: SchoolDays, done: Sequence[Done]) -> StatusOn:
    """What gives a plan's status on a day from its completions up to then. None while it was not in force (past.owed_on)."""
    spans = tuple(plan.spans())

    def on(day: dt.date) -> Status | None:
        if day < plan.starts_on or (plan.ended_on and plan.ended_on <= day):
            return None
        known = until(done, day)
        if (rule := plan.rule_on(day)) is None:
            return None if known else status_on(once(plan.starts_on), spans, day)
        return status_on(stored_dates(rule_of(json.dumps(rule)), calendar, plan.starts_on, known, spans), spans, day)

    return on
