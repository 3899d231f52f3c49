"""Readings that drift: told only when there are enough to tell, and when they come to their limit."""

import datetime as dt
import random

import pytest

from backend.rules.drift import drift

TODAY = dt.date(2026, 6, 1)


def monthly(number: int, start: float, per_year: float, noise: float = 0.0) -> list[tuple[dt.date, float]]:
    throw = random.Random(7)
    return [
        (
            TODAY - dt.timedelta(days=30 * (number - 1 - each)),
            start + per_year * each * 30 / 365.25 + throw.uniform(-noise, noise),
        )
        for each in range(number)
    ]


def test_a_rise_is_told_with_its_rate_and_when_it_comes_to_the_limit():
    found = drift(monthly(13, 18.0, 1.0), low=None, high=20.0, today=TODAY)
    assert found and not found.steady and found.limit == 20.0
    assert found.per_year == pytest.approx(1.0) and found.today == pytest.approx(18.986, abs=0.01)
    assert found.meets_on and abs((found.meets_on - TODAY).days - 370) <= 2


def test_a_fall_comes_to_the_lower_limit():
    found = drift(monthly(13, 55.0, -2.0), low=50.0, high=60.0, today=TODAY)
    assert found and found.limit == 50.0 and found.meets_on and found.meets_on.year == 2027


def test_what_moves_away_from_every_limit_comes_to_none():
    found = drift(monthly(13, 18.0, -2.0), low=None, high=20.0, today=TODAY)
    assert found and not found.steady and found.limit is None and found.meets_on is None


def test_what_is_beyond_the_limit_already_or_too_far_from_it_is_not_foretold():
    beyond = drift(monthly(13, 25.0, 1.0), low=None, high=20.0, today=TODAY)
    far = drift(monthly(13, 10.0, 0.5), low=None, high=20.0, today=TODAY)
    assert beyond and far and beyond.meets_on is None and far.meets_on is None


def test_chance_is_called_steady():
    found = drift(monthly(13, 15.0, 0.1, noise=3.0), low=None, high=20.0, today=TODAY)
    assert found and found.steady and found.meets_on is None


@pytest.mark.parametrize("few", [monthly(5, 18, 1), [], [(TODAY, 1.0)] * 20, monthly(13, 18, 1)[-3:]])
def test_too_few_readings_or_too_short_a_time_tell_nothing(few):
    assert drift(few, low=None, high=20.0, today=TODAY) is None


def test_readings_that_never_change_are_steady():
    found = drift(monthly(8, 15.0, 0.0), low=None, high=20.0, today=TODAY)
    assert found and found.steady
