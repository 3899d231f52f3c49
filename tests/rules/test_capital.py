"""Capital projects under a budget, against every plan that there is; who pays; what a project costs in a year."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.rules.capital import (
    CIF,
    OWN,
    SCA,
    Candidate,
    Choice,
    Cost,
    Route,
    choose,
    cost_in,
    read_funding,
    route_of_project,
    route_of_trust,
)

SCHEDULES = Path(__file__).resolve().parents[2] / "schedules"
MONEY = st.integers(0, 400)


@st.composite
def questions(draw):
    """Up to four projects over up to three years, with money and some decisions."""
    years, number = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    those = [
        Candidate(str(each), draw(st.integers(0, 25)), tuple(draw(st.integers(1, 300)) for _ in range(years)))
        for each in range(number)
    ]
    some = st.sampled_from([None, Choice(False), Choice(True), Choice(True, years - 1)])
    held = {each.key: choice for each in those if (choice := draw(some))}
    return those, [draw(MONEY) for _ in range(years)], held, draw(st.booleans())


def fits(those, years_of, budgets, held, carry) -> bool:
    """Whether a plan keeps to the money and to what was decided."""
    spent = [0] * len(budgets)
    for each, year in zip(those, years_of, strict=True):
        choice = held.get(each.key)
        if choice and (choice.wanted != (year is not None) or (choice.year is not None and choice.year != year)):
            return False
        if year is not None:
            spent[year] += each.costs[year]
    if not carry:
        return all(a <= b for a, b in zip(spent, budgets, strict=True))
    return all(a <= b for a, b in zip(itertools.accumulate(spent), itertools.accumulate(budgets), strict=True))


def worth(those, years_of, years) -> int:
    """Points times the years for which they are gone."""
    return sum(each.points * (years - year) for each, year in zip(those, years_of, strict=True) if year is not None)


@settings(max_examples=60, deadline=None)
@given(questions())
def test_the_plan_is_as_good_as_the_best_of_all_plans_and_keeps_to_the_money(question):
    those, budgets, held, carry = question
    years = len(budgets)
    every = itertools.product([None, *range(years)], repeat=len(those))
    possible = [each for each in every if fits(those, each, budgets, held, carry)]
    plan = choose(those, budgets, held, carry=carry)
    if not possible:
        assert plan.fault and not plan.years
        return
    chosen = tuple(plan.years.get(each.key) for each in those)
    assert not plan.fault
    assert fits(those, chosen, budgets, held, carry)
    assert worth(those, chosen, years) == max(worth(those, each, years) for each in possible)
    assert plan.spent(those, years) == [
        sum(each.costs[year] for each, at in zip(those, chosen, strict=True) if at == year) for year in range(years)
    ]


def test_of_two_that_take_away_as_much_the_cheaper_is_chosen():
    those = [Candidate("dear", 10, (100,)), Candidate("cheap", 10, (60,))]
    assert choose(those, [110], {}, carry=False).years == {"cheap": 0}


def test_what_a_year_leaves_over_is_spent_in_the_next_only_if_it_may():
    those = [Candidate("big", 10, (100, 100))]
    assert choose(those, [50, 50], {}, carry=True).years == {"big": 1}
    assert choose(those, [50, 50], {}, carry=False).years == {}


def test_without_projects_there_is_an_empty_plan():
    assert choose([], [100], {}, carry=True).years == {}


def test_works_cost_more_each_year_and_each_line_is_rounded_once():
    """£1,000.01 at 3.5 per cent for two years: £1,071.24; a tenth of it £107.12; 8 per cent of it £85.70."""
    assert cost_in(100_001, 2, rise=350, unexpected=1000, fees=800) == Cost(107_124, 10_712, 8_570)
    assert cost_in(100, 0, rise=350, unexpected=0, fees=0).total == 100


@pytest.mark.parametrize(
    ("academies", "pupils", "route"), [(5, 3000, SCA), (4, 9000, CIF), (12, 2999, CIF), (0, 0, CIF), (12, 5568, SCA)]
)
def test_who_pays_is_by_five_academies_and_three_thousand_pupils(academies, pupils, route):
    """../shared/domain/supporting-apps.md, Capital."""
    assert route_of_trust(read_funding(SCHEDULES), academies, pupils, 0).key == route


def test_small_works_are_the_schools_own_and_unpriced_ones_the_trusts():
    trust = Route(CIF, "")
    assert [route_of_project(trust, pence, 2_000_000) for pence in (None, 1_999_999, 2_000_000)] == [CIF, OWN, CIF]


def test_a_bid_is_judged_by_need_60_cost_25_planning_15():
    funding = read_funding(SCHEDULES)
    assert [(each.key, each.marks) for each in funding.criteria] == [("need", 60), ("cost", 25), ("planning", 15)]
    assert all("words" in each.asks for each in funding.criteria)
