"""What the engine says beside dates: notes, windows for the phone, when work counts, and the sentence."""

from datetime import date

import pytest

from backend.rules.days import SchoolDays
from backend.rules.due import Done, Rule, Status, StoredDates, explain, state, status_on, windows, would_count

SCHOOL = SchoolDays.from_mapping(
    {
        "terms": [["2026-09-01", "2026-12-18"], ["2027-01-04", "2027-03-25"]],
        "half_terms": [["2026-10-26", "2026-10-30"]],
    }
)
WEEKLY = Rule.from_mapping({"every": 1, "unit": "week", "counts": "calendar", "clock": "standard", "calendar": "term-time"})
HALF_YEARLY = Rule.from_mapping(
    {"every": 6, "unit": "month", "counts": "completion", "clock": "legal", "calendar": "when-occupied"}
)
START = date(2026, 9, 1)


def rule(**change):
    return Rule.from_mapping(WEEKLY.as_mapping() | change)


def done(*days):
    return [Done(date.fromisoformat(day)) for day in days]


AUTUMN = done(
    "2026-09-03", "2026-09-08", "2026-09-15", "2026-09-22", "2026-09-29", "2026-10-06", "2026-10-13", "2026-10-20",
    "2026-11-03", "2026-11-17",
)  # fmt: skip


def test_the_sentence_of_the_specification():
    said = explain(WEEKLY, SCHOOL, START, AUTUMN, (), date(2026, 11, 24))
    assert said.sentence == (
        "Due by Fri 27 Nov 2026: weekly, last done Tue 17 Nov; the week of 26 Oct was closed; 1 week missed (9 Nov)."
    )
    assert [reason["code"] for reason in said.reasons] == ["due", "interval", "closed", "missed"]
    assert said.reasons[0] == {"code": "due", "due_on": "2026-11-27", "status": "in-date"}
    assert said.reasons[3] == {"code": "missed", "count": 1, "due_on": ["2026-11-13"]}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            (WEEKLY, SCHOOL, START, [], (), date(2026, 9, 2)),
            "Due by Fri 4 Sep 2026: weekly, not done since it began on Tue 1 Sep.",
        ),
        (
            (WEEKLY, SCHOOL, date(2027, 1, 4), [], (), date(2026, 12, 31)),
            "Due by Fri 8 Jan 2027: weekly, starts Mon 4 Jan 2027.",
        ),
        (
            (WEEKLY, SCHOOL, START, done("2026-09-03"), (), date(2026, 9, 29)),
            "Overdue since Fri 11 Sep 2026, due by Fri 2 Oct 2026: weekly, last done Thu 3 Sep; "
            "3 weeks missed (7 Sep, 14 Sep, 21 Sep).",
        ),
        (
            (WEEKLY, SCHOOL, date(2027, 3, 22), done("2027-03-23"), (), date(2027, 3, 27)),
            "Nothing owed: weekly, last done Tue 23 Mar; the calendar ends on Thu 25 Mar 2027: enter the terms after it.",
        ),
        (
            (WEEKLY, SchoolDays(), START, [], (), date(2026, 9, 2)),
            "Nothing owed: weekly, not done since it began on Tue 1 Sep; no terms are entered for this school: "
            "nothing can be owed until they are.",
        ),
        (
            (WEEKLY, SCHOOL, START, done("2026-09-03"), ((date(2026, 9, 5), None),), date(2026, 9, 8)),
            "Paused since Sat 5 Sep, nothing owed: weekly, last done Thu 3 Sep; paused with no end: nothing is owed "
            "until it is taken up again.",
        ),
        (
            (WEEKLY, SCHOOL, START, done("2026-09-03"), ((date(2026, 9, 5), date(2026, 9, 12)),), date(2026, 9, 8)),
            "Paused until Sat 12 Sep 2026, due by Fri 18 Sep 2026: weekly, last done Thu 3 Sep.",
        ),
        (
            (HALF_YEARLY, SCHOOL, START, done("2026-09-14"), (), date(2026, 9, 15)),
            "Due by Fri 12 Mar 2027: every 6 months, last done Mon 14 Sep; brought forward from Sun 14 Mar 2027, which "
            "is closed; 1 date missed (Tue 1 Sep).",
        ),
        (
            (HALF_YEARLY, SCHOOL, START, [Done(START, date(2027, 6, 1))], (), date(2026, 9, 15)),
            "Due by Mon 1 Mar 2027: every 6 months, last done Tue 1 Sep; the report states Tue 1 Jun 2027, which is "
            "later than the limit: Mon 1 Mar 2027 is used instead.",
        ),
        (
            (HALF_YEARLY, SCHOOL, START, [Done(START, date(2027, 2, 1))], (), date(2026, 9, 15)),
            "Due by Mon 1 Feb 2027: every 6 months, last done Tue 1 Sep; the report states Mon 1 Feb 2027.",
        ),
        (
            (HALF_YEARLY, SCHOOL, START, done("2026-09-01"), (), date(2027, 3, 2)),
            "Overdue since Mon 1 Mar 2027: every 6 months, last done Tue 1 Sep 2026; 1 date missed (Mon 1 Mar).",
        ),
        (
            (rule(unit="month"), SCHOOL, START, [], (), date(2026, 12, 1)),
            "Overdue since Wed 30 Sep 2026, due by Fri 18 Dec 2026: monthly, not done since it began on Tue 1 Sep; "
            "3 months missed (Sep, Oct, Nov).",
        ),
        (
            (rule(unit="term", calendar="once-per-term"), SCHOOL, START, [], (), date(2027, 1, 5)),
            "Overdue since Fri 18 Dec 2026, due by Thu 25 Mar 2027: once a term, not done since it began on "
            "Tue 1 Sep 2026; 1 term missed (18 Dec 2026).",
        ),
    ],
)
def test_the_sentence_says_in_plain_words_why_it_stands_so(asked, sentence):
    assert explain(*asked).sentence == sentence


def test_an_anniversary_that_was_kept_is_said():
    mot = Rule.from_mapping(
        {"every": 1, "unit": "year", "counts": "completion", "clock": "legal", "calendar": "year-round"}
        | {"keeps_anniversary": True, "early_days": 30}
    )
    said = explain(mot, SCHOOL, START, done("2026-09-01", "2027-08-20"), (), date(2027, 8, 21))
    assert said.sentence == (
        "Due by Fri 1 Sep 2028: yearly, last done Fri 20 Aug; counted as done on its anniversary, Wed 1 Sep."
    )


def test_a_stated_date_past_the_limit_is_noted_and_one_within_it_is_not():
    late = state(HALF_YEARLY, SCHOOL, START, [Done(START, date(2027, 3, 2))], (), START)
    assert late.notes == ("The report states Tue 2 Mar 2027, which is later than the limit: Mon 1 Mar 2027 is used instead.",)
    assert state(HALF_YEARLY, SCHOOL, START, [Done(START, date(2027, 3, 1))], (), START).notes == ()


def test_a_duty_of_school_days_is_not_forgotten_when_no_terms_are_entered():
    termly = Rule.from_mapping(HALF_YEARLY.as_mapping() | {"calendar": "term-time"})
    found = state(termly, SchoolDays(), START, [], (), START)
    assert found.due_on == START
    assert found.notes == ("The calendar knows no open day yet: enter the school's terms.",)


def test_a_past_day_is_answered_from_what_had_been_done_by_then():
    later = done("2026-09-03", "2026-09-30")
    found = state(WEEKLY, SCHOOL, START, later, (), date(2026, 9, 16))
    assert found == state(WEEKLY, SCHOOL, START, later[:1], (), date(2026, 9, 16))
    assert found.lapses == (date(2026, 9, 11),)


STORED = StoredDates(due_on=date(2026, 9, 18), overdue_from=date(2026, 9, 21), soon_from=date(2026, 9, 16))


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2026, 9, 15), Status.IN_DATE),
        (date(2026, 9, 16), Status.DUE_SOON),
        (date(2026, 9, 18), Status.DUE_SOON),
        (date(2026, 9, 19), Status.DUE),
        (date(2026, 9, 20), Status.DUE),
        (date(2026, 9, 21), Status.OVERDUE),
        (date(2027, 9, 21), Status.OVERDUE),
    ],
)
def test_the_status_is_two_comparisons(day, status):
    assert status_on(STORED, (), day) is status
    assert status_on((STORED.due_on, STORED.overdue_from, STORED.soon_from), (), day) is status
    assert status_on(STORED, ((day, day),), day) is Status.PAUSED
    assert status_on(STORED, ((date(2026, 1, 1), date(2026, 9, 14)), (date(2028, 1, 1), None)), day) is status


def test_nothing_stored_is_in_date_unless_paused():
    assert status_on((None, None, None), (), START) is Status.IN_DATE
    assert status_on((None, None, None), ((START, None),), START) is Status.PAUSED


def test_the_phone_is_given_the_next_eight_weeks():
    found = windows(WEEKLY, SCHOOL, START, done("2026-09-03"), (), date(2026, 9, 16))
    assert len(found) == 8
    assert (found[0].counts_from, found[0].due_on) == (date(2026, 9, 14), date(2026, 9, 18))
    assert (found[0].overdue_from, found[0].closes_on) == (date(2026, 9, 19), date(2026, 9, 20))
    assert date(2026, 10, 30) not in [window.due_on for window in found]  # half term
    assert found[-1].due_on == date(2026, 11, 13)


def test_the_phone_is_given_a_month_of_daily_checks():
    daily = rule(unit="day", calendar="year-round")
    found = windows(daily, SCHOOL, START, [], (), date(2026, 9, 10))
    assert [found[0].due_on, found[-1].due_on] == [date(2026, 9, 10), date(2026, 10, 10)]
    assert len(found) == 31
    few = windows(rule(unit="day"), SCHOOL, START, done("2026-12-14"), (), date(2026, 12, 14))
    assert few[-1].due_on == date(2027, 1, 13)


def test_a_calendar_that_ends_gives_the_phone_fewer_windows():
    assert len(windows(WEEKLY, SCHOOL, START, [], (), date(2027, 3, 15))) == 2
    assert windows(WEEKLY, SchoolDays(), START, [], (), START) == ()


def test_from_completion_the_phone_is_given_what_is_owed_and_what_follows_if_done_in_time():
    found = windows(HALF_YEARLY, SCHOOL, START, done("2026-09-01"), (), date(2026, 9, 2))
    assert len(found) == 1
    assert (found[0].counts_from, found[0].due_on, found[0].closes_on) == (date(2026, 9, 2), date(2027, 3, 1), None)
    fortnightly = Rule.from_mapping(HALF_YEARLY.as_mapping() | {"every": 2, "unit": "week", "calendar": "year-round"})
    ahead = windows(fortnightly, SCHOOL, START, done("2026-09-01"), (), date(2026, 9, 2))
    assert [window.due_on for window in ahead] == [
        date(2026, 9, 15), date(2026, 9, 29), date(2026, 10, 13), date(2026, 10, 27),
    ]  # fmt: skip
    assert ahead[1].counts_from == date(2026, 9, 16)


def test_work_counts_for_a_slot_once_and_only_in_its_window():
    asked = (WEEKLY, SCHOOL, START, done("2026-09-03"), ())
    assert not would_count(*asked, date(2026, 9, 3))
    assert not would_count(*asked, date(2026, 9, 4))
    assert would_count(*asked, date(2026, 9, 7))
    assert would_count(*asked, date(2026, 9, 13))


def test_work_that_serves_no_slot_counts_when_it_clears_an_overdue():
    begun = (WEEKLY, SCHOOL, date(2026, 12, 7))
    assert would_count(*begun, done("2026-12-08"), (), date(2026, 12, 29))
    assert not would_count(*begun, done("2026-12-08", "2026-12-15"), (), date(2026, 12, 29))


def test_from_completion_work_counts_on_any_other_day_unless_it_had_run_out_before_the_start():
    asked = (HALF_YEARLY, SCHOOL, START, done("2026-09-01"), ())
    assert not would_count(*asked, date(2026, 9, 1))
    assert would_count(*asked, date(2026, 9, 2))
    assert would_count(HALF_YEARLY, SCHOOL, START, [], (), date(2026, 3, 1))
    assert not would_count(HALF_YEARLY, SCHOOL, START, [], (), date(2026, 2, 28))
