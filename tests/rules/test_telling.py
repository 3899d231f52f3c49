"""Who is told when: the schedules hold for every pair of days, hours and weights."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from backend.core.days import LONDON
from backend.rules import telling

LADDERS = (*telling.CHECK.values(), telling.DEFECT, telling.UNSAFE)
AGES = st.integers(0, 2000)
STAGES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2))
DAY = dt.date(2026, 11, 25)  # a Wednesday


@given(st.sampled_from(LADDERS), AGES, AGES)
def test_what_is_older_has_never_come_less_far(ladder, one, other):
    younger, older = sorted((one, other))
    assert telling.reached(ladder, younger) <= telling.reached(ladder, older)


@given(st.integers(1, 5), st.integers(1, 5), AGES)
def test_what_guards_lives_never_climbs_later_than_paperwork(one, other, age):
    light, grave = sorted((one, other))
    assert telling.reached(telling.check_ladder(light), age) <= telling.reached(telling.check_ladder(grave), age)


def test_a_life_safety_check_goes_to_the_manager_the_sbm_the_lead_and_then_to_head_and_cfo():
    ladder = telling.check_ladder(5)
    told = {age: [role for step in ladder[: telling.reached(ladder, age)] for role in step.roles] for age in (0, 1, 3, 7, 14)}
    assert told[0] == []
    assert told[1] == ["site-manager"]
    assert told[3][-1] == "sbm"
    assert told[7][-1] == "estates-lead"
    assert told[14][-2:] == ["headteacher", "cfo"]


@given(STAGES, STAGES, st.integers(1, 30))
def test_a_letter_goes_only_for_something_new_or_worse_or_once_a_week(now, before, ago):
    sent = telling.worth_a_letter(now, before, DAY - dt.timedelta(days=ago), DAY)
    changed = any(key not in before or how > before[key] for key, how in now.items())
    assert sent == (bool(now) and (changed or ago >= 7))


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 1)), st.integers(0, 400), st.integers(0, 400))
def test_occupied_hours_never_run_backwards_nor_faster_than_the_clock(start, first, second):
    since = start.replace(tzinfo=LONDON)
    early, late = sorted((first, second))
    weekday = lambda day: day.weekday() < 5  # noqa: E731
    hours = [telling.occupied_hours(since, since + dt.timedelta(hours=each), weekday) for each in (early, late)]
    assert hours[0] <= hours[1]
    assert hours[1] <= late + 1  # a night of changing clocks


def test_four_hours_from_friday_afternoon_are_over_on_monday():
    friday = dt.datetime(2026, 11, 20, 14, 0, tzinfo=LONDON)
    weekday = lambda day: day.weekday() < 5  # noqa: E731
    assert telling.occupied_hours(friday, dt.datetime(2026, 11, 22, 23, 0, tzinfo=LONDON), weekday) == 2
    assert telling.occupied_hours(friday, dt.datetime(2026, 11, 23, 10, 0, tzinfo=LONDON), weekday) == 4


@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 23))
def test_an_hour_is_quiet_in_the_hours_from_one_to_the_other_also_past_midnight(hour, first, last):
    hours = set()
    at = first
    while at != last:
        hours.add(at)
        at = (at + 1) % 24
    assert telling.is_quiet(hour, first, last) == (hour in hours)


def test_what_guards_lives_is_not_put_off_past_its_day():
    assert telling.may_snooze(5, DAY, DAY)
    assert not telling.may_snooze(5, DAY, DAY + dt.timedelta(days=1))
    assert telling.may_snooze(4, DAY, DAY + dt.timedelta(days=30))
