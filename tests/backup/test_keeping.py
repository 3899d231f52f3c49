"""Which backups are kept, and what the nightly job does when it works and when it does not."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from backend.config import jobs
from backend.config.backup import last_backup, scheduled
from backend.config.backup.keeping import DAYS, MONTHS, WEEKS, kept
from backend.config.backup.models import BackupRun

START = dt.datetime(2026, 1, 1, 2, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("backup")]


def daily(count):
    """So many daily backups, the first named 0."""
    return {str(number): START + dt.timedelta(days=number) for number in range(count)}


def test_of_two_years_there_stay_seven_days_five_weeks_and_twelve_months():
    made = daily(730)  # the last is of Friday 31 December 2027
    days = sorted((made[name].date() for name in kept(made)), reverse=True)
    assert days[:7] == [dt.date(2027, 12, 31) - dt.timedelta(days=number) for number in range(7)]
    assert {dt.date(2027, 12, 26), dt.date(2027, 12, 19), dt.date(2027, 12, 12), dt.date(2027, 12, 5)} <= set(days)
    assert {dt.date(2027, month, 28 if month == 2 else 30) for month in (2, 4, 6, 9, 11)} <= set(days)
    assert min(days) == dt.date(2027, 1, 31)
    assert len(days) <= DAYS + WEEKS + MONTHS


def test_pruning_every_night_keeps_what_pruning_once_at_the_end_keeps():
    left: dict[str, dt.datetime] = {}
    for name, at in daily(500).items():
        left[name] = at
        left = {each: left[each] for each in kept(left)}
    assert set(left) == kept(daily(500))


@given(st.lists(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1)), min_size=1, max_size=60))
def test_the_newest_is_always_kept_and_a_gap_lets_nothing_go(moments):
    made = {str(number): at.replace(tzinfo=dt.UTC) for number, at in enumerate(moments)}
    keep = kept(made)
    assert made[max(keep, key=lambda name: made[name])] == max(made.values())
    assert kept({name: made[name] for name in keep}) == keep


def test_the_timetable_asks_for_backups_and_for_their_proof():
    asked = {job.does.rpartition(".")[2] for job in jobs.TIMETABLE if job.does.startswith(scheduled.__name__)}
    assert asked == {"back_up_now", "prove_newest_now"}


def test_where_no_backups_are_set_up_the_jobs_do_nothing(settings):
    settings.BACKUP_SCHEDULED = False
    assert "no backups are set up" in scheduled.back_up_now()
    assert "no backups are set up" in scheduled.prove_newest_now()
    assert last_backup() is None


def test_the_nightly_job_makes_one_a_day_lets_old_ones_go_and_touches_nothing_else(settings, source):
    settings.BACKUP_SCHEDULED = True
    folder = source.var / "backups"
    with time_machine.travel(START, tick=True) as clock:
        scheduled.back_up()
        (folder / "notes.txt").write_text("not ours")
        assert scheduled.back_up() == "there is one of today"
        for _ in range(9):
            clock.shift(dt.timedelta(days=1))
            scheduled.back_up()
        made = scheduled.there()
    assert len(made) == 7  # of ten days the last seven; the first week ended on the first of them
    assert (folder / "notes.txt").exists()
    last = last_backup()
    assert last
    assert last.ok
    assert last.size == (folder / last.file).stat().st_size
    assert last.at.date() == (START + dt.timedelta(days=9)).date()
    for name in made:
        (folder / name).unlink()


def test_a_nightly_backup_that_fails_is_loud_and_lets_nothing_go(settings, source):
    settings.BACKUP_SCHEDULED, settings.OPERATORS = True, ["operator@trust.example"]
    scheduled.back_up()
    good = last_backup()
    BackupRun.objects.update(at=START)
    settings.BACKUP_RECIPIENTS = ["age1broken"]
    with pytest.raises(Exception, match="age1broken"):
        scheduled.back_up()
    assert "FAILED" in mail.outbox[0].subject
    assert mail.outbox[0].to == ["operator@trust.example"]
    last = last_backup()
    assert good
    assert last
    assert not last.ok
    assert "age1broken" in last.says
    assert last.file == good.file
    assert scheduled.prune() == []
    assert scheduled.there()


def test_two_at_once_are_one(source):
    with scheduled.alone() as first, scheduled.alone() as second:
        assert (first, second) == (True, False)
