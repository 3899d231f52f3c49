"""Misses are sealed once each, whatever the downtime; nothing unseals them, further rows tell what came after."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from backend.checks.actions import excuse_lapse, reckon_school, record_check, seal_lapses
from backend.checks.models import Lapse, LapseNote, Plan
from backend.checks.queries.compliance import standing_lapses
from backend.checks.tasks import seal_lapses_now
from backend.core.audit import faults
from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, Problem
from backend.trust.actions import NewMark, NewTerm, System, set_calendar
from tests.checks.work import WEDNESDAY, at, work
from tests.conftest import make_world

TODAY = dt.date(2026, 11, 18)
DAY = dt.timedelta(days=1)
FRIDAYS = [dt.date(2026, 11, 6), dt.date(2026, 11, 13)]


def missed(plan: Plan) -> list[dt.date]:
    return sorted(plan.lapses.values_list("due_on", flat=True))


def standing(plan: Plan) -> list[dt.date]:
    return sorted(standing_lapses().filter(plan=plan).values_list("due_on", flat=True))


@pytest.fixture
def plan(world, wednesday) -> Plan:
    """A weekly test that began on Monday 26 October and was done that week only; its misses since are sealed."""
    wednesday.move_to(at(dt.date(2026, 10, 29)))
    made = world.plan(since=dt.date(2026, 10, 26))
    record_check(work(made, world.caretaker, dt.date(2026, 10, 29)))
    wednesday.move_to(WEDNESDAY)
    seal_lapses(today=TODAY)
    return Plan.objects.get(pk=made.pk)


def test_each_week_missed_is_sealed_once(plan):
    assert missed(plan) == FRIDAYS
    assert seal_lapses(today=TODAY) == 0
    assert missed(plan) == FRIDAYS


def test_after_a_long_stop_everything_missed_meanwhile_is_sealed_at_once(plan, world, wednesday):
    like = world.plan(since=dt.date(2026, 11, 16))
    day_by_day = world.plan(since=dt.date(2026, 11, 16))
    last = dt.date(2027, 2, 10)
    for back in range((last - TODAY).days, -1, -1):
        Plan.objects.exclude(pk=day_by_day.pk).update(sealed_to=last - back * DAY)  # as if the others were not looked at
        seal_lapses(today=last - back * DAY)
    Plan.objects.update(sealed_to=TODAY)
    assert seal_lapses(today=last) > 8
    assert missed(like) == missed(day_by_day)
    assert len(missed(like)) == len(set(missed(like))) > 8


def test_the_job_may_run_twice_and_acts_once(plan, wednesday):
    wednesday.move_to(dt.datetime(2026, 12, 2, 3, 0, tzinfo=dt.UTC))
    assert seal_lapses_now() == 2
    assert seal_lapses_now() == 0


def test_only_plans_past_their_tolerance_are_looked_at(world, wednesday, django_assert_max_num_queries):
    world.plan(since=dt.date(2026, 11, 16))
    with django_assert_max_num_queries(4):
        seal_lapses(today=TODAY)


def test_a_record_that_arrives_late_withdraws_the_miss_and_its_row_stays(plan, world):
    record_check(work(plan, world.caretaker, dt.date(2026, 11, 4), received=at(TODAY)))
    assert missed(plan) == FRIDAYS
    assert standing(plan) == FRIDAYS[1:]
    note = LapseNote.objects.get()
    assert (note.kind, note.lapse.due_on, bool(note.reason)) == ("withdrawn", FRIDAYS[0], True)


def test_a_withdrawn_miss_stands_again_when_the_late_record_is_corrected_away(plan, world):
    late = record_check(work(plan, world.caretaker, dt.date(2026, 11, 4), received=at(TODAY)))
    record_check(work(plan, world.caretaker, dt.date(2026, 10, 28), supersedes=late, reason="It was the week before"))
    assert standing(plan) == FRIDAYS
    assert list(LapseNote.objects.values_list("kind", flat=True)) == ["withdrawn", "restored"]


def test_a_snow_day_entered_afterwards_withdraws_the_miss(plan, world):
    school = world.oakfield.school
    terms = [NewTerm(each.name, each.first_day, each.last_day) for each in school.terms.all()]
    week = NewMark("closure", dt.date(2026, 11, 9), dt.date(2026, 11, 13), "Snow")
    set_calendar(school=school, terms=terms, marks=[week], actor=System("tests"))
    reckon_school(school.pk, today=TODAY)
    assert standing(plan) == FRIDAYS[:1]
    assert LapseNote.objects.get().reason == "The school calendar was changed."


def test_an_excuse_is_a_further_row_and_the_miss_still_stands(plan, world):
    lapse = plan.lapses.get(due_on=FRIDAYS[0])
    manager = world.person("site-manager", school=world.oakfield.school)
    excuse_lapse(lapse=lapse, person=manager, reason="Burst main, nobody on site")
    assert standing(plan) == FRIDAYS
    assert LapseNote.objects.get().made_by == manager
    with pytest.raises(Problem, match="excused"):
        excuse_lapse(lapse=lapse, person=manager, reason="  ")
    with pytest.raises(Forbidden):
        excuse_lapse(lapse=lapse, person=world.caretaker, reason="Please")


@pytest.mark.parametrize("statement", ["DELETE FROM checks_lapse", "UPDATE checks_lapse SET due_on = due_on - 1"])
def test_a_sealed_miss_cannot_be_changed_or_deleted_even_by_sql(plan, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert missed(plan) == FRIDAYS


def test_each_miss_enters_the_audit_chain_once(plan):
    subjects = list(AuditEntry.objects.filter(kind="lapse").values_list("subject", flat=True))
    assert sorted(subjects) == sorted(f"lapse:{pk}" for pk in plan.lapses.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_workers_sealing_at_once_seal_each_miss_once(library):
    with time_machine.travel(WEDNESDAY, tick=False):
        world = make_world()
        plans = [world.plan(since=dt.date(2026, 11, 16)) for _ in range(40)]
    together, failures = threading.Barrier(2), []

    def worker() -> None:
        try:
            together.wait()
            seal_lapses(today=dt.date(2027, 1, 20))
        except Exception as wrong:
            failures.append(wrong)
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert not failures
    days = {tuple(missed(plan)) for plan in plans}
    assert len(days) == 1 and len(next(iter(days))) > 5
    assert Lapse.objects.count() == len(plans) * len(next(iter(days)))
    assert AuditEntry.objects.filter(kind="lapse").count() == Lapse.objects.count()
    assert not list(faults(AuditEntry.objects.order_by("number")))
