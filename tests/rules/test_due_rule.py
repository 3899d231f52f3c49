"""Rules: what is read, what is refused and in which words, and how a rule is said."""

import pytest

from backend.rules.due import Interval, Rule, RuleRefused, Unit

WEEKLY = {"every": 1, "unit": "week", "counts": "calendar", "clock": "standard", "calendar": "year-round"}
YEARLY = {**WEEKLY, "unit": "year", "counts": "completion"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"every": 0}, "every: must be a whole number from 1"),
        ({"every": True}, "every: must be a whole number"),
        ({"every": "1"}, "every: must be a whole number"),
        ({"every": 1.5}, "every: must be a whole number"),
        ({"every": 10**9}, "every: must be a whole number"),
        ({"every": None}, "every: missing"),
        ({"unit": "fortnight"}, "unit: 'fortnight' is not one of day, week, month, term, year"),
        ({"unit": ["week"]}, "unit: .* is not one of"),
        ({"counts": "fixed"}, "counts: 'fixed' is not one of"),
        ({"clock": "hard"}, "clock: 'hard' is not one of"),
        ({"calendar": "event"}, "calendar: 'event' is not one of"),
        ({"early_days": -1}, "early_days: must be a whole number from 0"),
        ({"late_days": 10_000}, "late_days: must be a whole number from 0"),
        ({"warn_days": "28"}, "warn_days: must be a whole number from 0"),
        ({"keeps_anniversary": "yes"}, "keeps_anniversary: must be true or false"),
        ({"season": [4]}, "season: goes with calendar: seasonal only"),
        ({"calendar": "seasonal"}, "season: a seasonal rule needs its months"),
        ({"calendar": "seasonal", "season": [0]}, "season: 0 is not a month"),
        ({"calendar": "seasonal", "season": ["Juneish"]}, "season: 'Juneish' is not a month"),
        ({"calendar": "seasonal", "season": "summer"}, "season: must be a list of months"),
        ({"maximum": 14}, "maximum: must hold every and unit"),
        ({"maximum": {"every": 14}}, "maximum: must hold every and unit"),
        ({"maximum": {"every": 0, "unit": "month"}}, "maximum.every: must be a whole number"),
        ({"maximum": {"every": 1, "unit": "moon"}}, "maximum.unit: 'moon' is not one of"),
        ({"anchor": "fixed"}, "anchor: unknown field"),
        ({"unit": "term", "counts": "completion"}, "unit: a term has no length to count from a completion"),
        ({"counts": "completion", "maximum": {"every": 1, "unit": "term"}}, "maximum.unit: a term has no length"),
        ({"calendar": "once-per-term"}, "calendar: once-per-term goes with every: 1, unit: term"),
        ({"calendar": "before-term-start", "unit": "term", "every": 2}, "calendar: before-term-start goes with"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_field_named(change, says):
    with pytest.raises(RuleRefused, match=says):
        Rule.from_mapping({**WEEKLY, **change})


def test_a_rule_that_is_no_mapping_is_refused():
    with pytest.raises(RuleRefused, match="must be a mapping"):
        Rule.from_mapping(["weekly"])  # type: ignore[arg-type]


def test_a_rule_survives_being_written_and_read_again():
    full = {
        **YEARLY,
        "calendar": "seasonal",
        "season": [10, 11, 12],
        "early_days": 30,
        "late_days": 7,
        "warn_days": 0,
        "keeps_anniversary": True,
        "maximum": {"every": 14, "unit": "month"},
    }
    assert Rule.from_mapping(full).as_mapping() == full
    assert Rule.from_mapping(WEEKLY).as_mapping() == WEEKLY
    assert Rule.from_mapping(Rule.from_mapping(full).as_mapping()) == Rule.from_mapping(full)
    assert hash(Rule.from_mapping(full)) == hash(Rule.from_mapping(full))


def test_optional_fields_given_as_null_take_their_default():
    assert Rule.from_mapping({**WEEKLY, "warn_days": None, "maximum": None, "season": []}) == Rule.from_mapping(WEEKLY)


def test_months_may_be_named():
    rule = Rule.from_mapping({**WEEKLY, "calendar": "seasonal", "season": ["Oct", "november", 12, 12]})
    assert rule.season == (10, 11, 12)


def test_the_maximum_is_an_interval():
    assert Rule.from_mapping({**YEARLY, "maximum": {"every": 14, "unit": "month"}}).maximum == Interval(14, Unit.MONTH)


@pytest.mark.parametrize(
    ("every", "unit", "days"),
    [
        (1, "day", 0),
        (2, "day", 0),
        (3, "day", 1),
        (10, "day", 3),
        (1, "week", 2),
        (2, "week", 4),
        (4, "week", 9),
        (13, "week", 28),
        (1, "month", 10),
        (2, "month", 20),
        (3, "month", 28),
        (1, "term", 28),
        (1, "year", 28),
        (5, "year", 28),
    ],
)
def test_the_warning_is_a_third_of_the_interval_and_at_most_four_weeks(every, unit, days):
    assert Rule.from_mapping({**WEEKLY, "every": every, "unit": unit}).warns == days


def test_a_legal_clock_tolerates_no_late_days():
    assert Rule.from_mapping({**WEEKLY, "late_days": 5}).tolerance == 5
    assert Rule.from_mapping({**WEEKLY, "late_days": 5, "clock": "risk-based"}).tolerance == 5
    assert Rule.from_mapping({**WEEKLY, "late_days": 5, "clock": "legal"}).tolerance == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "day"}, "daily"),
        ({}, "weekly"),
        ({"every": 2}, "every 2 weeks"),
        ({"unit": "month"}, "monthly"),
        ({"unit": "month", "every": 6}, "every 6 months"),
        ({"unit": "year"}, "yearly"),
        ({"unit": "term"}, "once a term"),
        ({"unit": "term", "calendar": "before-term-start"}, "before each term"),
        ({"calendar": "seasonal", "season": [10, 11, 12, 1, 2, 3]}, "weekly from October to March"),
        ({"calendar": "seasonal", "season": [4, 5, 6]}, "weekly from April to June"),
        ({"calendar": "seasonal", "season": [1, 6]}, "weekly in January, June"),
        ({"calendar": "seasonal", "season": list(range(1, 13))}, "weekly all year"),
    ],
)
def test_a_rule_is_said_in_plain_words(change, words):
    assert Rule.from_mapping({**WEEKLY, **change}).in_words() == words
