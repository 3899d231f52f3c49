"""What lies ahead is what completing on time, over and over, gives; and which day the law allows at last."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import assume, event, given

from backend.rules.days import SchoolDays
from backend.rules.due import Counts, Done, Rule, StoredDates, ahead, latest_lawful, state
from tests.rules.due_drawn import near, plans, tried

FEW = 6
A_DAY = timedelta(days=1)


def paused_on(day, paused):
    return any(first <= day and (last is None or day <= last) for first, last in paused)


def by_completing(rule, days, starts_on, known, paused, today):
    """(owed by, done on) of the next few, by asking the engine for a date, completing, and asking again."""
    done, day = list(known), today
    found: list[tuple[date, date]] = []
    while len(found) < FEW:
        due = state(rule, days, starts_on, done, paused, day).due_on
        last = max((each.on for each in done), default=date.min)
        if due is None:
            break
        do = max(due, today, last + A_DAY if due <= last or found or rule.counts is Counts.CALENDAR else today)
        while rule.counts is Counts.COMPLETION and paused_on(do, paused) and do < today + timedelta(days=4000):
            do += A_DAY
        if do >= today + timedelta(days=3000):
            break
        closed = state(rule, days, starts_on, done, paused, do).due_on
        if closed != due:  # it lapsed before it could be done: what is owed on that day is another one
            day = do
            continue
        done.append(Done(do))
        found.append((due, do))
        day = do
    return found


@tried
@given(plans, near)
def test_what_lies_ahead_is_what_completing_on_time_gives(plan, today):
    rule, days, starts_on, done, paused = plan
    assume(not (rule.keeps_anniversary and (rule.maximum or rule.tolerance)))
    known = [each for each in done if each.on <= today]
    last_on = max((each.on for each in known), default=None)
    stored = state(rule, days, starts_on, known, paused, today).stored
    assume(last_on is None or last_on < today)
    expected = by_completing(rule, days, starts_on, known, paused, today)
    found = ahead(rule, days, starts_on, stored, last_on, paused, today, today + timedelta(days=2900))[:FEW]
    event(f"{rule.counts}: {len(expected)} dates")
    pairs = [(each.due_on, each.do_on) for each in found]
    assert pairs == [pair for pair in expected if pair[1] <= today + timedelta(days=2900)][: len(pairs)]
    assert len(pairs) >= min(len(expected), FEW) or any(do > today + timedelta(days=2900) for _, do in expected)


@tried
@given(plans, near)
def test_each_can_be_done_on_its_day_and_they_follow_one_another(plan, today):
    rule, days, starts_on, done, paused = plan
    known = [each for each in done if each.on <= today]
    last_on = max((each.on for each in known), default=None)
    stored = state(rule, days, starts_on, known, paused, today).stored
    found = ahead(rule, days, starts_on, stored, last_on, paused, today, today + timedelta(days=800))[:50]
    assert all(today <= each.do_on and each.counts_from <= each.do_on for each in found)
    assert all(a.do_on < b.do_on for a, b in pairwise(found))
    assert [each.sure for each in found] == [number == 0 for number in range(len(found))]


WEEKLY = Rule.from_mapping({"every": 1, "unit": "week", "counts": "calendar", "clock": "standard", "calendar": "when-occupied"})
LEGAL = Rule.from_mapping({"every": 6, "unit": "month", "counts": "completion", "clock": "legal", "calendar": "year-round"})


def test_a_weekly_test_is_owed_each_week_by_its_last_open_day():
    stored = state(WEEKLY, SchoolDays(), date(2026, 11, 2), [], [], date(2026, 11, 2)).stored
    found = ahead(WEEKLY, SchoolDays(), date(2026, 11, 2), stored, None, [], date(2026, 11, 2), date(2026, 11, 30))
    assert [each.due_on for each in found] == [date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 27)]
    assert found[1].counts_from == date(2026, 11, 9)


def test_an_overdue_one_is_done_today_and_counts_on_from_there():
    stored = StoredDates(date(2026, 10, 1), date(2026, 10, 2), date(2026, 9, 1))
    found = ahead(LEGAL, SchoolDays(), date(2026, 1, 1), stored, date(2026, 4, 1), [], date(2026, 11, 20), date(2027, 11, 20))
    assert [(each.due_on, each.do_on) for each in found] == [
        (date(2026, 10, 1), date(2026, 11, 20)),
        (date(2027, 5, 20), date(2027, 5, 20)),
        (date(2027, 11, 20), date(2027, 11, 20)),
    ]


def test_the_law_allows_the_last_day_before_it_is_overdue_or_the_ceiling():
    stored = StoredDates(date(2026, 10, 1), date(2026, 10, 2), date(2026, 9, 1))
    assert latest_lawful(LEGAL, stored, date(2026, 4, 1)) == date(2026, 10, 1)
    shorter = {**LEGAL.as_mapping(), "every": 11, "clock": "standard", "maximum": {"every": 14, "unit": "month"}}
    assert latest_lawful(Rule.from_mapping(shorter), stored, date(2025, 11, 1)) == date(2027, 1, 1)
    assert latest_lawful(WEEKLY, stored, None) is None
