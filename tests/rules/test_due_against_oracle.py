"""The due engine gives the answers of the oracle: a second reading of the same text, slow and naive.

SITEWARD_EXAMPLES=5000 makes a deep run. A difference is judged by the text of DUE_ENGINE.md; how the oracle reads it
where it leaves room is listed at the top of `oracle.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from backend.rules.days import SchoolDays
from backend.rules.due import Done, Rule, State, state, status_on
from tests.rules.oracle import answer, answers, read_done
from tests.rules.oracle_cases import Case, cases
from tests.rules.oracle_days import Pauses, read_pauses

EXAMPLES = int(os.environ.get("SITEWARD_EXAMPLES", "600"))
ENOUGH = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 600, suppress_health_check=list(HealthCheck))
BY_HAND: list[Case] = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "cases" / "due-oracle.yaml").read_text(encoding="utf-8")
)


def engine(case: Case) -> tuple[State, Pauses]:
    """The engine's state for a case, and its pauses."""
    done = [Done(on, stated_next) for on, stated_next in read_done(case)]
    days, pauses = SchoolDays.from_mapping(case["calendar"]), read_pauses(case)
    return state(Rule.from_mapping(case["rule"]), days, case["starts_on"], done, pauses, case["today"]), pauses


def as_answer(found: State) -> dict[str, Any]:
    """The engine's state in the oracle's words."""
    return {
        "due_on": found.due_on,
        "status": str(found.status),
        "overdue_since": found.overdue_since,
        "lapses": sorted(found.lapses),
    }


@ENOUGH
@given(cases())
def test_the_engine_answers_as_the_oracle(case: Case) -> None:
    found, _ = engine(case)
    assert as_answer(found) == answer(case)


@ENOUGH
@given(cases())
def test_the_stored_dates_give_the_oracles_status_on_every_later_day(case: Case) -> None:
    found, pauses = engine(case)
    last = max((on for on, _ in read_done(case)), default=None)
    first = case["starts_on"] - timedelta(days=60) if last is None else last
    days = [first + timedelta(days=number) for number in range(121 if last is None else 61)]
    from_stored = {day: str(status_on(found.stored, pauses, day)) for day in days}
    assert from_stored == {day: told["status"] for day, told in zip(days, answers(case, days), strict=True)}


@pytest.mark.parametrize("case", BY_HAND, ids=[case["name"] for case in BY_HAND])
def test_the_engine_and_the_oracle_answer_what_was_derived_by_hand(case: Case) -> None:
    assert answer(case) == case["expect"]
    found, _ = engine(case)
    assert as_answer(found) == case["expect"]


WEEKLY: Mapping[str, Any] = {
    "every": 1, "unit": "week", "counts": "calendar", "clock": "standard", "calendar": "year-round",
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "term", "counts": "completion"},
        {"calendar": "once-per-term"},
        {"calendar": "once-per-term", "unit": "term", "every": 2},
        {"calendar": "before-term-start", "unit": "month"},
        {"calendar": "before-term-start", "unit": "term", "counts": "completion"},
        {"calendar": "event"},
        {"calendar": "seasonal"},
    ],
    ids=str,
)
def test_a_rule_that_the_text_does_not_allow_is_refused_by_both(changes: dict[str, Any]) -> None:
    rule = {**WEEKLY, **changes}
    assert answer({"rule": rule, "starts_on": date(2026, 9, 7), "today": date(2026, 9, 7)})["refused"]
    with pytest.raises(ValueError):
        Rule.from_mapping(rule)
