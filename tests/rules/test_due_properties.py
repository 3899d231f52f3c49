"""What must hold for every rule, calendar and history, whatever the case: tried on many drawn at random."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from backend.rules.days import SchoolDays
from backend.rules.due import (
    Clock,
    Counts,
    Done,
    Rule,
    Status,
    explain,
    lapses,
    state,
    status_on,
    stored_dates,
    windows,
    would_count,
)
from tests.rules.due_drawn import A_DAY, FIRST, by_slots, calendars, near, plans, plans_of, rules, tried


@tried
@given(plans, near, st.randoms())
def test_the_order_in_which_completions_arrive_makes_no_difference(plan, today, chance):
    rule, days, starts_on, done, paused = plan
    shuffled = list(done)
    chance.shuffle(shuffled)
    assert state(rule, days, starts_on, done, paused, today) == state(rule, days, starts_on, shuffled, paused, today)
    assert stored_dates(rule, days, starts_on, done, paused) == stored_dates(rule, days, starts_on, shuffled, paused)


@tried
@given(plans, near)
def test_the_stored_dates_alone_tell_the_status_on_every_later_day(plan, today):
    rule, days, starts_on, done, paused = plan
    known = [completion for completion in done if completion.on <= today]
    stored = stored_dates(rule, days, starts_on, known, paused)
    for ahead in (0, 1, 2, 7, 30, 100, 400):
        day = today + timedelta(days=ahead)
        found = state(rule, days, starts_on, known, paused, day)
        assert found.stored == stored
        assert found.status is status_on(stored, paused, day)
        assert found.status is expected_status(found, rule, days, starts_on, known, paused, day)


def expected_status(found, rule, days, starts_on, known, paused, day):
    """The status in the words of the specification: from lapses and what is owed now, not from what is stored."""
    if any(first <= day and (last is None or day <= last) for first, last in paused):
        return Status.PAUSED
    last_done = max((completion.on for completion in known), default=date.min)
    before = lapses(rule, days, starts_on, known, paused, max(last_done, FIRST - timedelta(days=1000)))
    if rule.counts is Counts.CALENDAR and set(found.lapses) - set(before):
        return Status.OVERDUE
    if found.due_on is None:
        return Status.IN_DATE
    assert found.stored.overdue_from is not None
    if day >= found.stored.overdue_from:
        return Status.OVERDUE
    if day > found.due_on:
        return Status.DUE
    return Status.DUE_SOON if found.stored.soon_from <= day else Status.IN_DATE


@tried
@given(plans, near, st.integers(0, 200))
def test_lapses_only_grow_as_time_passes_and_lie_between_the_start_and_yesterday(plan, today, later):
    rule, days, starts_on, done, paused = plan
    before = lapses(rule, days, starts_on, done, paused, today)
    after = lapses(rule, days, starts_on, done, paused, today + timedelta(days=later))
    assert set(before) <= set(after)
    assert list(after) == sorted(set(after))
    assert all(starts_on <= day < today + timedelta(days=later) for day in after)
    assert state(rule, days, starts_on, done, paused, today).lapses == before


@tried
@given(by_slots, near)
def test_a_further_completion_never_adds_a_lapse_for_a_slot(plan, today):
    rule, days, starts_on, done, paused = plan
    before = lapses(rule, days, starts_on, done, paused, today)
    assert len(lapses(rule, days, starts_on, [*done, Done(today)], paused, today)) <= len(before)


@tried
@given(by_slots, near)
def test_a_completion_today_clears_the_overdue_of_slots_whatever_it_serves(plan, today):
    rule, days, starts_on, done, paused = plan
    assume(today >= starts_on)
    found = state(rule, days, starts_on, [*done, Done(today)], paused, today)
    if found.overdue_since is not None:  # only a slot that is still open can be: an older one took the completion
        assert found.overdue_since == found.due_on
        assert found.overdue_since not in found.lapses


@tried
@given(plans, near)
def test_overdue_always_says_since_when_and_nothing_else_does(plan, today):
    rule, days, starts_on, done, paused = plan
    found = state(rule, days, starts_on, done, paused, today)
    if found.status is Status.OVERDUE:
        assert found.overdue_since is not None
        assert found.overdue_since < today
    elif found.status is not Status.PAUSED:
        assert found.overdue_since is None


@tried
@given(plans, near)
def test_what_is_owed_lies_on_or_after_the_start_and_the_three_dates_are_in_order(plan, today):
    rule, days, starts_on, done, paused = plan
    found = state(rule, days, starts_on, done, paused, today)
    assert found.due_on is None or found.due_on >= starts_on
    due_on, overdue_from, _ = found.stored
    if due_on is None:
        assert rule.counts is Counts.CALENDAR
        assert found.stored == (None, None, None)
    else:
        assert overdue_from is not None
        assert starts_on <= due_on < overdue_from


@tried
@given(plans_of(counts=(Counts.CALENDAR,), clocks=(Clock.LEGAL,)))
def test_under_a_legal_clock_no_slot_is_tolerated_late(plan):
    rule, days, starts_on, done, paused = plan
    due_on, overdue_from, _ = stored_dates(rule, days, starts_on, done, paused)
    assert due_on is None or overdue_from == due_on + A_DAY


@tried
@given(plans_of(counts=(Counts.COMPLETION,)))
def test_no_date_and_no_tolerance_passes_the_ceiling(plan):
    rule, days, starts_on, done, paused = plan
    assume(rule.maximum is not None and done)
    last = max(completion.on for completion in done)
    due_on, overdue_from, _ = stored_dates(rule, days, starts_on, done, paused)
    every, unit = rule.maximum
    # generous on purpose: months of 31 days; the exact ceiling is in the cases
    furthest = last + timedelta(days=every * {"day": 1, "week": 7, "month": 31}[unit])
    never_done = stored_dates(rule, days, starts_on, [], paused)
    if due_on is not None and overdue_from is not None and due_on != never_done.due_on:
        assert due_on <= furthest
        assert overdue_from <= furthest + A_DAY


@tried
@given(plans, near)
def test_a_pause_over_everything_is_neither_overdue_nor_new_lapses_from_completion(plan, today):
    rule, days, starts_on, done, _ = plan
    found = state(rule, days, starts_on, done, ((date(2000, 1, 1), None),), today)
    assert found.status is Status.PAUSED
    assert found.overdue_since is None
    assert found.lapses == ()


@tried
@given(plans, near)
def test_windows_are_in_order_begin_with_what_is_owed_and_say_when_work_counts(plan, today):
    rule, days, starts_on, done, paused = plan
    known = [completion for completion in done if completion.on < today]
    found = windows(rule, days, starts_on, known, paused, today)
    owed = state(rule, days, starts_on, known, paused, today).due_on
    assert (found[0].due_on if found else None) == owed
    assert [window.due_on for window in found] == sorted({window.due_on for window in found})
    for window in found:
        assert window.due_on < window.overdue_from
        assert window.closes_on is None or window.closes_on >= today
    if found and found[0].counts_from <= today:
        assert would_count(rule, days, starts_on, known, paused, today)


@tried
@given(plans, near)
def test_work_that_would_count_changes_what_is_stored_and_other_work_does_not(plan, today):
    rule, days, starts_on, done, paused = plan
    known = [completion for completion in done if completion.on < today]
    before = stored_dates(rule, days, starts_on, known, paused)
    after = stored_dates(rule, days, starts_on, [*known, Done(today)], paused)
    if not would_count(rule, days, starts_on, known, paused, today):
        assert before == after
    elif rule.counts is Counts.CALENDAR:
        assert before != after


@tried
@given(plans, near)
def test_every_plan_can_be_explained_in_one_sentence(plan, today):
    rule, days, starts_on, done, paused = plan
    said = explain(rule, days, starts_on, done, paused, today)
    assert said.sentence.endswith(".")
    assert ".." not in said.sentence
    assert said.reasons[0]["code"] == "due"
    assert all(isinstance(reason["code"], str) for reason in said.reasons)


@given(rules(), calendars(), st.dates(), st.lists(st.builds(Done, st.dates(), st.none() | st.dates()), max_size=3))
@tried
def test_no_date_that_can_be_written_breaks_the_engine(rule, days, starts_on, done):
    assume(rule.counts is Counts.COMPLETION or rule.unit in ("year", "term"))  # slots by the day would take for ever
    for today in (date.min, starts_on, date.max):
        state(rule, days, starts_on, done, ((starts_on, None),), today)
        state(rule, days, starts_on, done, (), today)
        explain(rule, days, starts_on, done, (), today)


@tried
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_months_do_not_creep(done_on, every):
    rule = Rule.from_mapping(
        {"every": every, "unit": "month", "counts": "completion", "clock": "legal", "calendar": "year-round"}
    )
    due_on = stored_dates(rule, SchoolDays(), done_on, [Done(done_on)], ()).due_on
    assert due_on is not None
    assert (due_on.year * 12 + due_on.month) - (done_on.year * 12 + done_on.month) == every
    assert due_on.day == done_on.day or (due_on.day < done_on.day and (due_on + A_DAY).day == 1)


@tried
@given(st.dates(date(2020, 1, 1), date(2032, 1, 1)), st.integers(1, 5))
def test_years_are_counted_from_the_start_and_leave_no_day_out(starts_on, every):
    rule = Rule.from_mapping(
        {"every": every, "unit": "year", "counts": "calendar", "clock": "standard", "calendar": "year-round"}
    )
    found = windows(rule, SchoolDays(), starts_on, [], (), starts_on, count=5)
    assert found[0].counts_from == starts_on
    for window, following in pairwise(found):
        assert following.counts_from == window.due_on + A_DAY
    ends = found[-1].due_on + A_DAY
    assert (ends.month, ends.day) in {(starts_on.month, starts_on.day), (2, 28), (2, 29)}
    assert ends.year == starts_on.year + 5 * every
