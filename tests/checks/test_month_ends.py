"""How checks stood at each month's end: kept once, the same as the board of that day, worked out again for what comes late."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg.types.range import Range

from backend.checks.actions import NewRecord, When, record_check
from backend.checks.models import MonthEnd
from backend.checks.months import keep_month_ends, month_ends, standings
from backend.checks.queries.compliance import statuses
from backend.checks.queries.past import Known
from backend.core.days import today
from tests.answers import good_answers
from tests.office.conftest import done

TODAY = today()


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.fixture
def year(world):
    """A year of checks at two sites: some done, some late, one paused, a one-off, one that began lately."""
    panel = world.plan(since=ago(370))
    for days in (360, 300, 200, 100, 90, 40, 3):
        done(panel, world.caretaker, days_ago=days)
    world.plan("loler-passenger-lift", asset=world.asset("passenger-lift", name="Lift"), since=ago(360))
    resting = world.plan(asset=world.asset(name="Resting"), since=ago(300))
    resting.pauses = [Range(ago(200), ago(100))]
    resting.save()
    world.plan(asset=world.asset(site=world.riverside), since=ago(40))
    return panel


def late_entry(plan, author, at: dt.datetime) -> None:
    """A record of work done then that arrives now."""
    answers, revision = good_answers(plan.check_type.current.questions(), plan), plan.check_type.current
    assert answers is not None
    when = When(at, at, timezone.now())
    record_check(NewRecord(author=author, revision=revision, answers=answers, when=when, presence="tag", plan=plan))


def keep(now=None) -> int:
    return keep_month_ends(today=TODAY, now=now or timezone.now())


def kept(day: dt.date) -> dict[tuple[uuid.UUID, str, str], int]:
    names = ("in_date", "due_soon", "due", "overdue", "paused", "unproved")
    return {
        (row.site_id, row.discipline, name.replace("_", "-")): getattr(row, name)
        for row in MonthEnd.objects.filter(day=day)
        for name in names
        if getattr(row, name)
    }


def test_the_ends_of_months_are_those_that_are_over():
    assert month_ends(dt.date(2026, 1, 20), dt.date(2026, 3, 31)) == [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]
    assert month_ends(dt.date(2020, 1, 1), dt.date(2026, 3, 1), 2) == [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]
    assert month_ends(dt.date(2026, 3, 1), dt.date(2026, 3, 31)) == []


def test_what_is_kept_equals_the_board_of_that_day(world, year):
    assert keep() > 12
    days = month_ends(ago(370), TODAY)
    assert len(days) >= 12
    seen = set()
    for day in days:
        board = {(site, discipline, status): number for site, discipline, status, number in statuses(world.lead, day, Known.NOW)}
        assert kept(day) == board, day
        seen |= {status for _, _, status in board}
    assert {"overdue", "paused", "in-date"} <= seen


def test_it_is_done_once(year):
    assert keep() > 0
    assert keep() == 0


def test_a_record_that_arrives_late_changes_its_months_and_no_others(world, year):
    keep(timezone.now() - dt.timedelta(hours=1))
    days = month_ends(ago(370), TODAY)
    before = {day: kept(day) for day in days}
    late_entry(year, world.caretaker, timezone.now() - dt.timedelta(days=150))
    assert keep() > 0
    board = {(site, discipline, status): number for site, discipline, status, number in statuses(world.lead, days[-1], Known.NOW)}
    assert kept(days[-1]) == board
    looked = dict(MonthEnd.objects.filter(site=world.oakfield).values_list("day", "looked_at"))
    fresh = {day for day, at in looked.items() if at > timezone.now() - dt.timedelta(minutes=30)}
    assert fresh == {day for day in days if day >= ago(150)}
    assert all(kept(day) == before[day] for day in days if day < ago(150))


def test_more_plans_take_no_more_queries(world, year):
    from backend.checks.models import Plan

    def queries() -> int:
        plans = list(Plan.objects.filter(site=world.oakfield).select_related("site"))
        with CaptureQueriesContext(connection) as asked:
            standings(plans, month_ends(ago(370), TODAY))
        return len(asked)

    before = queries()
    for number in range(5):
        world.plan(asset=world.asset(name=f"Panel {number}"), since=ago(100))
    assert queries() == before
