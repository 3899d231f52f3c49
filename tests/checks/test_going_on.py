"""Plans that go on from the dates they keep stand as if their whole history had been reckoned anew."""

import datetime as dt
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.checks.actions import record_check, record_checks, seal_lapses
from backend.checks.invariants import date_faults, lapse_faults
from backend.checks.models import CheckRecord, Lapse, Plan
from backend.checks.reckoning import DATES, reckon
from backend.core.days import today
from tests.checks.work import work

TODAY = today()
DAY = dt.timedelta(days=1)
CODES = ("fire-alarm-weekly-test", "escape-routes-daily-check", "loler-passenger-lift")


def asked_for_history(act) -> bool:
    """Whether doing it read the records of the past."""
    with CaptureQueriesContext(connection) as seen:
        act()
    return any('FROM "checks_checkrecord"' in each["sql"] for each in seen.captured_queries)


def test_a_check_done_after_all_others_reads_no_history(world):
    plan = world.plan()
    record_check(work(plan, world.caretaker, TODAY - 14 * DAY))
    assert not asked_for_history(lambda: record_check(work(plan, world.caretaker, TODAY - 7 * DAY)))
    assert not asked_for_history(lambda: record_check(work(plan, world.caretaker, TODAY)))
    assert asked_for_history(lambda: record_check(work(plan, world.caretaker, TODAY - 10 * DAY)))


def test_a_changed_calendar_rule_or_pause_is_reckoned_anew(world):
    plan = world.plan()
    record_check(work(plan, world.caretaker, TODAY - 7 * DAY))
    Plan.objects.filter(pk=plan.pk).update(rule={**plan.rule, "warn_days": 1})
    plan.refresh_from_db()
    assert asked_for_history(lambda: record_check(work(plan, world.caretaker, TODAY)))


@pytest.mark.parametrize("seed", range(6))
def test_records_in_any_order_leave_the_plan_as_reckoned_anew(world, seed):
    chance = random.Random(seed)
    code = chance.choice(CODES)
    plan = world.plan(code, since=TODAY - 60 * DAY)
    days = [TODAY - chance.randrange(0, 60) * DAY for _ in range(8)]
    days = sorted(days) if chance.random() < 0.5 else days
    while days:
        some, days = days[: chance.randint(1, 3)], days[3:]
        record_checks([work(plan, world.caretaker, day) for day in some])
        seal_lapses(today=TODAY)
        assert not list(date_faults(lambda _: None)) and not list(lapse_faults(lambda _: None))
    plan.refresh_from_db()
    kept, lapses = [getattr(plan, name) for name in DATES], Lapse.objects.count()
    reckon([plan.pk], today=TODAY, why="Compared.")
    plan.refresh_from_db()
    assert [getattr(plan, name) for name in DATES] == kept and Lapse.objects.count() == lapses
    assert CheckRecord.objects.filter(plan=plan).exists()
