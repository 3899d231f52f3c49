"""The timetable of background work and the rows made from it."""

from importlib import import_module

import pytest
from django.core.management import call_command
from django_q.models import Schedule

from backend.config.jobs import TIMETABLE, sync_jobs

pytestmark = pytest.mark.django_db


def test_no_two_jobs_have_the_same_name():
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)


def test_every_job_is_a_function_that_takes_nothing_and_may_run_twice(world):
    for job in TIMETABLE:
        module, _, name = job.does.rpartition(".")
        function = getattr(import_module(module), name)
        function()
        function()


def test_the_rows_match_the_timetable_and_a_second_time_changes_nothing():
    Schedule.objects.create(name="left over", func="nowhere.at_all", args="1,2")
    added, _, removed = sync_jobs()
    assert (added, removed) == (len(TIMETABLE), 1)
    before = list(Schedule.objects.order_by("name").values())
    assert sync_jobs() == (0, 0, 0)
    assert list(Schedule.objects.order_by("name").values()) == before


def test_no_row_stores_arguments_for_the_scheduler_to_evaluate():
    sync_jobs()
    Schedule.objects.update(args="__import__('os')", kwargs="x=1", minutes=5)
    call_command("sync_jobs", verbosity=0)
    assert {(row.args, row.kwargs) for row in Schedule.objects.all()} == {(None, None)}
    assert {row.name: row.minutes for row in Schedule.objects.all()} == {job.name: job.minutes for job in TIMETABLE}


def test_misses_are_sealed_several_times_a_day():
    (seal,) = [job for job in TIMETABLE if job.name == "seal-lapses"]
    assert 60 <= seal.minutes <= 6 * 60
