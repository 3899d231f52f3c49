"""What risk and money rest on: the files, and the sums, each worked out by hand."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backend.rules import exposures
from backend.rules.estate import at_todays_prices, cost_of_waiting, hours_cost, read_estate
from backend.rules.exposures import KINDS, Score, Step
from backend.rules.forecast import times_ahead

SCHEDULES = Path(__file__).resolve().parents[2] / "schedules"
ESTATE = read_estate(SCHEDULES)
DAY = dt.date(2026, 11, 18)


def test_every_field_of_work_and_sort_of_exposure_has_its_words_of_law():
    fields = {yaml.safe_load(path.read_text()).get("discipline") for path in SCHEDULES.glob("*.yaml")} - {None}
    assert fields | {"documents", "contractors", "condition", "single-point"} == set(ESTATE.consequences)
    assert all(len(each.asks) >= 2 and each.words and each.law for each in ESTATE.consequences.values())


def test_the_bands_cover_every_score_without_a_gap():
    keys = [ESTATE.band(score).key for score in range(1, 26)]
    assert keys == ["low"] * 5 + ["medium"] * 6 + ["high"] * 8 + ["severe"] * 6


def test_every_kind_of_asset_with_a_life_is_a_kind_of_the_library():
    kinds = {each["key"] for path in SCHEDULES.glob("*.yaml") for each in yaml.safe_load(path.read_text()).get("asset_types", [])}
    assert set(ESTATE.lives) <= kinds
    assert {kind for single in ESTATE.single_points for kind in single.types} <= kinds


@pytest.mark.parametrize(
    ("pence", "priced_on", "rise", "expected"),
    [
        (10_000, DAY, 350, 10_000),
        (10_000, dt.date(2025, 11, 19), 350, 10_000),  # a day short of a year
        (10_000, dt.date(2025, 11, 18), 350, 10_350),
        (10_000, dt.date(2024, 2, 1), 350, 10_712),  # 10,000 x 1.035 x 1.035 = 10,712.25
        (1, dt.date(2016, 11, 18), 1000, 3),  # 1.1 to the tenth is 2.5937
        (0, dt.date(2016, 11, 18), 350, 0),
    ],
)
def test_prices_rise_for_each_whole_year_and_are_rounded_once(pence, priced_on, rise, expected):
    assert at_todays_prices(pence, priced_on, DAY, rise) == expected


def test_half_a_penny_goes_up():
    assert cost_of_waiting(10, 500) == 1  # 0.5
    assert cost_of_waiting(9, 500) == 0  # 0.45
    assert hours_cost(15, 2_200) == 550


@given(st.integers(0, 10**10), st.integers(0, 30), st.integers(0, 3000))
def test_a_price_never_falls_by_waiting(pence, years, rise):
    then = dt.date(DAY.year - years, 11, 18)
    assert at_todays_prices(pence, then, DAY, rise) >= pence


@given(st.lists(st.integers(-3, 5), min_size=1, max_size=5), st.integers(1, 5))
def test_a_score_stays_within_its_limits(points, weight):
    steps = tuple(Step("likelihood", each, "") for each in points)
    score = Score((*steps, Step("consequence", weight, "")))
    assert 1 <= score.likelihood <= 5
    assert score.score == score.likelihood * weight


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 9))
def test_later_is_never_better(late, more, misses):
    def scored(days):
        return exposures.overdue(ESTATE, weight=4, reason="", days_late=days, interval_days=30, misses=misses).score

    assert scored(late + more) >= scored(late)


def test_an_overdue_check_is_explained_step_by_step():
    found = exposures.overdue(ESTATE, weight=5, reason="People die", days_late=9, interval_days=7, misses=3)
    assert [each.points for each in found.steps] == [2, 1, 1, 1, 5]
    assert found.score == 25
    assert found.steps[-1].words == "The law library weighs this check 5 of 5: life safety. People die."


def test_what_is_accepted_is_less_likely_and_what_is_late_more():
    late = exposures.defect(ESTATE, unsafe=False, made_safe=False, barred=False, days_past_target=4, accepted=False)
    accepted = exposures.defect(ESTATE, unsafe=False, made_safe=False, barred=False, days_past_target=0, accepted=True)
    assert (late.score, accepted.score) == (4 * 4, 2 * 4)


def test_each_sort_of_exposure_has_a_name():
    assert len(KINDS) == 8


@pytest.mark.parametrize(
    ("due_on", "every", "unit", "expected"),
    [
        (dt.date(2026, 11, 20), 1, "year", [1] + [0] * 11),
        (dt.date(2025, 1, 1), 1, "year", [1] + [0] * 11),  # overdue: once, now
        (dt.date(2027, 1, 31), 1, "month", [0, 0, *[1] * 10]),
        (dt.date(2026, 12, 5), 6, "month", [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        (dt.date(2027, 12, 1), 1, "year", [0] * 12),
        (dt.date(2026, 12, 1), None, "", [0, 1] + [0] * 10),
        (None, 1, "year", [0] * 12),
        (dt.date(2026, 12, 1), 1, "term", [0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]),
    ],
)
def test_checks_of_the_year_ahead_are_counted_month_by_month(due_on, every, unit, expected):
    assert list(times_ahead(due_on, every, unit, DAY)) == expected


def test_a_weekly_check_comes_about_four_times_a_month():
    counts = times_ahead(DAY, 1, "week", DAY)
    assert counts[:3] == (2, 5, 4)
    assert 48 <= sum(counts) <= 52
