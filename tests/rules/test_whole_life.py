"""Keep, look at, replace: by age, repairs and the price of a new one."""

import pytest

from backend.rules.whole_life import KEEP, LOOK, REPLACE, UNKNOWN, Life


def life(**more) -> Life:
    """A boiler of ten years of eighteen; a new one costs £12,000."""
    return Life(**{"age": 10, "life": 18, "repairs": 0, "lately": 0, "checks": 0, "new": 1_200_000, **more})


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ({}, KEEP),
        ({"age": 18}, LOOK),
        ({"age": 17}, KEEP),
        ({"lately": 200_001}, KEEP),  # £2,000.01 in three years is £666.67 a year: as much as a new one, not more
        ({"lately": 200_004}, LOOK),
        ({"age": 20, "lately": 200_004}, REPLACE),
        ({"age": 20, "dangerous": True}, REPLACE),
        ({"age": 2, "dangerous": True}, KEEP),
        ({"age": None}, UNKNOWN),
        ({"age": None, "lately": 900_000}, LOOK),
        ({"age": 20, "new": None, "lately": 900_000}, LOOK),
        ({"life": None}, UNKNOWN),
    ],
)
def test_the_advice(more, advice):
    assert life(**more).advice == advice


def test_the_money_of_a_whole_life():
    """£12,000 over 18 years is £666.67 a year; £3,000 of repairs in ten years go on to £5,400; checks at £210: £3,780."""
    one = life(repairs=300_000, lately=150_000, checks=21_000)
    assert (one.new_a_year, one.repairs_a_year) == (66_667, 50_000)
    assert one.whole == 1_200_000 + 540_000 + 378_000
    assert life(new=None).whole is None


def test_repairs_of_something_young_are_shared_among_its_own_years():
    assert life(age=1, lately=90_000).repairs_a_year == 90_000
    assert life(age=0, lately=90_000).repairs_a_year == 90_000


def test_every_line_that_the_advice_rests_on_is_said():
    said = " ".join(life(age=20, lately=300_000, dangerous=True).why)
    assert "20 years old; such things usually last 18" in said
    assert "£1,000 a year lately" in said and "£667 for each year" in said and "unsafe or serious" in said
