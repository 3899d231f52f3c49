"""School calendars: which days are open under which calendar, and what is refused."""

from datetime import date

import pytest

from backend.rules.days import (
    CalendarRefused,
    SchoolDays,
    england_bank_holidays,
    england_bank_holidays_known_until,
    read_day,
)

AUTUMN = SchoolDays.from_mapping(
    {
        "terms": [["2026-09-01", "2026-12-18"]],
        "half_terms": [["2026-10-26", "2026-10-30"]],
        "inset": ["2026-09-01"],
        "closures": [["2026-11-30", "2026-12-01"]],
        "bank_holidays": ["2026-08-31"],
        "occupied": ["2026-10-27", ["2026-11-28", "2026-11-30"]],
    }
)


@pytest.mark.parametrize(
    ("day", "open_under"),
    [
        (date(2026, 9, 2), {"year-round", "when-occupied", "term-time", "once-per-term", "before-term-start"}),
        (date(2026, 9, 1), {"year-round", "when-occupied", "before-term-start"}),  # INSET
        (date(2026, 8, 31), {"year-round"}),  # bank holiday
        (date(2026, 8, 28), {"year-round", "when-occupied", "before-term-start"}),  # a holiday Friday
        (date(2026, 10, 27), {"year-round", "when-occupied", "before-term-start"}),  # half term
        (date(2026, 12, 1), {"year-round", "before-term-start"}),  # closed
        (date(2026, 11, 30), {"year-round", "when-occupied", "before-term-start"}),  # closed, but let
        (date(2026, 11, 28), {"year-round", "when-occupied"}),  # a Saturday, let
        (date(2026, 12, 5), {"year-round"}),  # a Saturday
    ],
)
def test_each_calendar_has_its_own_open_days(day, open_under):
    kinds = ("year-round", "when-occupied", "term-time", "once-per-term", "before-term-start")
    assert {kind for kind in kinds if AUTUMN.is_open(day, kind)} == open_under


def test_a_season_is_open_every_day_of_its_months_and_no_other():
    assert AUTUMN.is_open(date(2026, 12, 25), "seasonal", (12, 1))
    assert AUTUMN.is_open(date(2027, 1, 31), "seasonal", (12, 1))
    assert not AUTUMN.is_open(date(2027, 2, 1), "seasonal", (12, 1))


def test_the_last_and_the_first_open_day_are_found_within_bounds():
    assert AUTUMN.last_open_day(date(2026, 10, 24), date(2026, 10, 31), "term-time") is None
    assert AUTUMN.last_open_day(date(2026, 10, 19), date(2026, 10, 31), "term-time") == date(2026, 10, 23)
    assert AUTUMN.first_open_day(date(2026, 10, 24), "term-time") == date(2026, 11, 2)
    assert AUTUMN.first_open_day(date(2026, 12, 19), "term-time") is None
    assert AUTUMN.first_open_day(date(1999, 1, 1), "term-time") == date(2026, 9, 2)


def test_a_school_without_terms_has_weekdays_but_no_school_days():
    empty = SchoolDays.from_mapping({})
    assert empty == SchoolDays() == SchoolDays.from_mapping(None)
    assert empty.is_open(date(2026, 9, 2), "when-occupied")
    assert not empty.is_open(date(2026, 9, 2), "term-time")
    assert empty.known_until is None


def test_the_same_calendar_read_twice_is_equal_and_hashes_alike():
    again = SchoolDays.from_mapping({"terms": [[date(2026, 9, 1), date(2026, 12, 18)]]})
    other = SchoolDays(terms=((date(2026, 9, 1), date(2026, 12, 18)),))
    assert again == other
    assert hash(again) == hash(other)
    assert again != AUTUMN
    assert again.known_until == date(2026, 12, 18)


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"term": []}, "unknown key 'term'"),
        ({"terms": ["2026-09-01"]}, "terms: '2026-09-01' is not a pair"),
        ({"terms": [["2026-12-18", "2026-09-01"]]}, "ends before it begins"),
        ({"terms": [["2026-09-01", "2026-12-18"], ["2026-12-18", "2027-03-01"]]}, "begins before the one before"),
        ({"inset": "2026-09-01"}, "inset: must be a list"),
        ({"inset": ["2026-02-30"]}, "inset: '2026-02-30' is not a date"),
        ({"closures": [["2026-09-01", None]]}, "closures: None is not a date"),
        ({"closures": [["0001-01-01", "9999-12-31"]]}, "longer than two hundred years"),
        (["2026-09-01"], "must be a mapping"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_in_plain_words(mapping, says):
    with pytest.raises(CalendarRefused, match=says):
        SchoolDays.from_mapping(mapping)


def test_an_unknown_calendar_kind_is_refused():
    with pytest.raises(CalendarRefused, match="'lunar' is not one of"):
        AUTUMN.is_open(date(2026, 9, 1), "lunar")


def test_a_date_is_read_from_text_only_in_full():
    assert read_day(" 2026-09-01 ", "today") == date(2026, 9, 1)
    for wrong in ("20260901", "1 Sep 2026", 2026, None, True, ""):
        with pytest.raises(ValueError, match="today"):
            read_day(wrong, "today")


def test_englands_bank_holidays_come_from_the_bundled_copy():
    days = england_bank_holidays(2026, 2026)
    assert date(2026, 12, 25) in days
    assert date(2026, 12, 28) in days  # in lieu of Boxing Day, a Saturday
    assert date(2026, 8, 31) in days
    assert date(2026, 11, 30) not in days  # St Andrew's Day is Scotland's
    assert len(days) == 8
    known_until = england_bank_holidays_known_until()
    assert known_until is not None
    assert known_until >= date(2028, 12, 25)
    assert england_bank_holidays(2200, 2201) == ()
