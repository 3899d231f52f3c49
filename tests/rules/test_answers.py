"""Answers are judged alike here and on the phone: both read fixtures/cases/answers.json."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.rules.answers import asked_of, judge
from backend.rules.library import Library, read_library

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "fixtures/cases/answers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(ROOT / "schedules")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_shared_case_is_judged_as_it_says(case):
    judged = judge(case["questions"], case["answers"], case.get("photos", ()))
    expected = case["expect"]
    assert sorted([found.question, found.code] for found in judged.problems) == sorted(expected["problems"])
    assert [[found.question, found.severity] for found in judged.findings] == expected["findings"]
    assert judged.outcome == expected["outcome"]
    assert (judged.stated_next.isoformat() if judged.stated_next else None) == expected["stated_next"]
    if "summaries" in expected:
        assert [found.summary for found in judged.findings] == expected["summaries"]


def test_the_cases_ask_every_type_of_question_that_the_library_uses(library):
    asked = {question["type"] for case in CASES for question in case["questions"]}
    used = {question.type for check in library.checks.values() for question in check.questions}
    assert used <= asked


def test_a_problem_names_the_question_as_the_caretaker_reads_it():
    [problem] = judge([{"key": "hot_c", "label": "Hot tap", "type": "number", "required": True}], {}).problems
    assert problem.words == "Hot tap: not answered yet."


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_a_phone_sends_is_judged_without_an_error(library, data):
    check = data.draw(st.sampled_from(list(library.checks.values())))
    questions = check.content()["questions"]
    keys = st.sampled_from([question["key"] for question in questions])
    judged = judge(questions, data.draw(anything | st.dictionaries(keys, anything, max_size=8)))
    assert judged.outcome in {"satisfactory", "unsatisfactory"}


@pytest.mark.parametrize("field", ["answers", "photos"])
def test_a_number_beyond_every_limit_is_refused_and_not_an_error(field):
    questions = [{"key": "x", "label": "X", "type": "number", "required": True, "pass": {"at_least": 1}}]
    bad = {"answers": {"x": 10**400}} if field == "answers" else {"answers": {"x": float("nan")}, "photos": ["x"]}
    assert [found.code for found in judge(questions, **bad).problems] == ["wrong_type"]


def test_a_question_for_certain_kinds_is_asked_of_no_other():
    questions: list[dict[str, Any]] = [{"key": "fridge_c", "only_for": ["food-fridge"]}, {"key": "clean"}]
    assert [each["key"] for each in asked_of(questions, "food-fridge")] == ["fridge_c", "clean"]
    assert [each["key"] for each in asked_of(questions, "food-freezer")] == ["clean"]
    assert [each["key"] for each in asked_of(questions, None)] == ["clean"]
