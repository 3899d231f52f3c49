"""The status in SQL is the status in Python, on every day around the bounds."""

import datetime as dt
import os

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from backend.checks.models import CheckType, Plan
from backend.core.models import status_case
from backend.rules.due import Status

FIRST = dt.date(2026, 1, 1)
DAY = dt.timedelta(days=1)

days = some.integers(0, 60).map(lambda n: FIRST + n * DAY)
maybe = some.none() | days
spans = some.tuples(days, maybe).map(lambda span: DateRange(span[0], None if span[1] is None else max(span[0], span[1]) + DAY))
dues = some.tuples(maybe, maybe, maybe, some.lists(spans, max_size=3))


@pytest.mark.django_db
@settings(
    max_examples=int(os.environ.get("SITEWARD_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=some.lists(dues, min_size=1, max_size=40))
def test_sql_and_python_agree_on_every_day_around_the_bounds(world, rows):
    check = CheckType.objects.get(pk="fire-alarm-weekly-test")
    plans = Plan.objects.bulk_create(
        Plan(
            check_type=check, discipline="fire", site=world.oakfield, starts_on=FIRST,
            due_on=due, overdue_from=overdue, soon_from=soon, pauses=pauses,
        )
        for due, overdue, soon, pauses in rows
    )  # fmt: skip
    asked = [FIRST + n * DAY for n in range(-1, 63)]
    mine = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
    columns = {f"day_{n}": status_case(day) for n, day in enumerate(asked)}
    with CaptureQueriesContext(connection) as seen:
        answered = {row.pop("pk"): row for row in mine.annotate(**columns).values("pk", *columns)}
    assert len(seen) == 1
    for plan in plans:
        for n, day in enumerate(asked):
            assert answered[plan.pk][f"day_{n}"] == plan.status(day).value, (plan.spans(), day)


@pytest.mark.django_db
def test_every_status_is_reached_around_one_date(world, wednesday):
    plan = Plan.objects.create(
        check_type=CheckType.objects.get(pk="fire-alarm-weekly-test"), discipline="fire", site=world.oakfield, starts_on=FIRST,
        due_on=FIRST + 10 * DAY, overdue_from=FIRST + 13 * DAY, soon_from=FIRST + 5 * DAY,
        pauses=[DateRange(FIRST + 20 * DAY, FIRST + 22 * DAY), DateRange(FIRST + 30 * DAY, None)],
    )  # fmt: skip
    expected = {
        4: Status.IN_DATE, 5: Status.DUE_SOON, 10: Status.DUE_SOON, 11: Status.DUE, 12: Status.DUE, 13: Status.OVERDUE,
        20: Status.PAUSED, 21: Status.PAUSED, 22: Status.OVERDUE, 30: Status.PAUSED, 400: Status.PAUSED,
    }  # fmt: skip
    for n, status in expected.items():
        day = FIRST + n * DAY
        found = Plan.objects.filter(pk=plan.pk).annotate(now=status_case(day)).values_list("now", flat=True).get()
        assert (found, plan.status(day)) == (status.value, status), day
