"""A past day is told by the plans that were in force on it: also those that were ended since, by the rules of then."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from psycopg.types.range import Range

from backend.checks.actions.ending import end_plans
from backend.checks.actions.intervals import change_rules
from backend.checks.actions.not_applicable import ask_not_applicable, decide_not_applicable
from backend.checks.actions.pausing import resume_plans
from backend.checks.models import MonthEnd, Plan
from backend.checks.models.packs import PackRequest
from backend.checks.months import keep_month_ends, month_ends
from backend.checks.queries.compliance import compliance, statuses
from backend.checks.queries.past import Known
from backend.core.days import today
from backend.office.proof.gathering import plans_of
from tests.office.conftest import done

TODAY = today()


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def standing(world: Any, day: dt.date, known: Known = Known.THEN) -> dict[str, int]:
    """How many checks of the trust stood how on a day; nothing for those that none did."""
    cells = compliance(world.lead, today=TODAY, as_of=day, known=known)
    names = ("in_date", "due_soon", "due", "overdue", "paused")
    sums = {name: sum(getattr(cell.counts, name) for cell in cells) for name in names}
    return {name: number for name, number in sums.items() if number}


def ended(plan: Plan, days: int) -> Plan:
    """The plan, ended so many days ago: the action always ends it today, so the day is moved back."""
    Plan.objects.filter(pk=plan.pk).update(active=False, ended_on=ago(days), ended_why="Taken out.")
    plan.refresh_from_db()
    return plan


def test_a_plan_retired_since_counts_and_one_begun_since_does_not(world):
    """By hand: a weekly test done 31 days ago, planned until 10 days ago; another begun 5 days ago."""
    old = world.plan(since=ago(60))
    done(old, world.caretaker, days_ago=31)
    ended(old, 10)
    world.plan(asset=world.asset(name="New panel"), since=ago(5))
    assert standing(world, ago(61)) == {}  # nothing was planned yet
    assert standing(world, ago(31)) == {"in_date": 1}  # the old one, done that day
    assert standing(world, ago(11)) == {"overdue": 1}  # the old one, not done for 20 days; the new one had not begun
    assert standing(world, ago(10)) == {}  # the day on which it was ended: nothing was owed any more
    assert sum(standing(world, ago(5)).values()) == 1  # the new one alone


def test_ending_a_plan_today_changes_no_past_day(world):
    plan = world.plan(since=ago(60))
    done(plan, world.caretaker, days_ago=3)
    before = {days: standing(world, ago(days)) for days in range(1, 62)}
    end_plans([plan], reason="The panel was taken out.", person=world.lead, today=TODAY)
    assert {days: standing(world, ago(days)) for days in range(1, 62)} == before
    assert standing(world, TODAY) == {}


def test_what_was_agreed_not_to_apply_counts_up_to_the_day_before(world):
    plan = world.plan(since=ago(60))
    before = standing(world, ago(1))
    asked = ask_not_applicable(
        check_type=plan.check_type, site=plan.site, asset=plan.asset, person=world.lead, reason="Disconnected.",
        expires_on=TODAY + dt.timedelta(days=90), today=TODAY,
    )  # fmt: skip
    decide_not_applicable(asked, agree=True, person=world.person("headteacher", school=plan.site.school), today=TODAY)
    assert standing(world, TODAY) == {}
    assert standing(world, ago(1)) == before == {"overdue": 1}


def test_a_pause_that_is_over_was_a_pause(world):
    plan = world.plan(since=ago(60))
    plan.pauses = [Range(ago(30), None)]
    plan.save()
    resume_plans([plan], on=ago(20), person=world.lead, today=TODAY)
    assert standing(world, ago(25)) == {"paused": 1}
    assert standing(world, ago(31)) == {"overdue": 1}


def test_a_past_day_is_reckoned_by_the_rule_of_then(world):
    """Done 20 days ago under a weekly rule: overdue a week ago. Made yearly today, it was overdue then all the same."""
    plan = world.plan(since=ago(60))
    done(plan, world.caretaker, days_ago=20)
    assert standing(world, ago(5)) == {"overdue": 1}
    change_rules([(plan, {**plan.rule, "every": 1, "unit": "year"})], why="Less often.", person=world.lead, today=TODAY)
    assert standing(world, ago(5)) == {"overdue": 1}
    assert Plan.objects.get(pk=plan.pk).rule_on(TODAY)["unit"] == "year"


def test_a_one_off_is_owed_until_it_is_known_to_be_done(world):
    once = world.plan(since=ago(20), one_off=True)
    done(once, world.caretaker, days_ago=10)
    for known in Known:
        assert standing(world, ago(20), known) == {"due_soon": 1}
        assert standing(world, ago(15), known) == {"overdue": 1}
        assert standing(world, ago(10), known) == {}


@pytest.fixture
def changed(world) -> None:
    """Half a year in which one plan was ended, one made rarer, a one-off done and one begun."""
    first, second = (world.plan(asset=world.asset(name=name), since=ago(200)) for name in ("One", "Two"))
    for days in (190, 120, 70, 66):
        done(first, world.caretaker, days_ago=days)
        done(second, world.caretaker, days_ago=days - 5)
    ended(first, 45)
    change_rules([(second, {**second.rule, "unit": "month"})], why="Less often.", person=world.lead, today=TODAY)
    done(world.plan(asset=world.asset(name="Three"), since=ago(150), one_off=True), world.caretaker, days_ago=80)
    world.plan(asset=world.asset(name="Four"), since=ago(40))


def test_the_months_kept_for_the_trends_count_the_same_plans(world, changed):
    assert keep_month_ends(today=TODAY, now=timezone.now()) > 0
    names = ("in_date", "due_soon", "due", "overdue", "paused")
    for day in month_ends(ago(200), TODAY):
        rows = MonthEnd.objects.filter(day=day)
        kept = {
            (row.discipline, name.replace("_", "-")): getattr(row, name) for row in rows for name in names if getattr(row, name)
        }
        assert kept == {(discipline, status): n for _, discipline, status, n in statuses(world.lead, day, Known.NOW)}, day


def test_a_pack_of_a_past_period_lists_the_plans_of_its_last_day(world):
    old, new = world.plan(since=ago(60)), world.plan(asset=world.asset(name="New"), since=ago(5))
    ended(old, 10)
    chosen = PackRequest(site=world.oakfield, disciplines=["fire"], first_day=ago(60), last_day=ago(20))
    assert [each.pk for each in plans_of(chosen, TODAY)] == [old.pk]
    chosen.last_day = TODAY
    assert [each.pk for each in plans_of(chosen, TODAY)] == [new.pk]
