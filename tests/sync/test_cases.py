"""The server's half of the cases that phone and server share (fixtures/cases/sync.json), and clocks."""

import datetime as dt
import json
from pathlib import Path

import pytest

from backend.core.problems import Problem
from backend.sync.api.shapes import ResultShape
from backend.sync.canonical import NotJsonError, canonical
from backend.sync.clocks import Stamp, in_words, moments, skew_ms
from backend.sync.envelope import read_envelope, read_op
from tests.sync.phone import iso

CASES = json.loads((Path(__file__).parents[2] / "fixtures" / "cases" / "sync.json").read_text())


def named(part):
    return pytest.mark.parametrize(
        "case", CASES[part], ids=[each.get("name", str(place)) for place, each in enumerate(CASES[part])]
    )


@named("envelopes")
def test_envelope(case):
    sent = case["envelope"]
    if isinstance(sent, dict) and "repeat" in sent:
        sent = {**sent, "ops": [7] * sent.pop("repeat")}
    status = 200
    try:
        read_envelope(json.dumps(sent).encode())
    except Problem as problem:
        status = problem.status
    assert status == case["status"]


@named("operations")
def test_operation(case):
    fault = read_op(0, case["op"]).fault
    assert (fault.code if fault else None) == case["code"], fault


def test_the_server_says_no_outcome_that_the_phone_does_not_know():
    known = {result["outcome"] for case in CASES["answers"] for result in listed(case)} - {"shrugged"}
    fields = ResultShape().fields
    assert set(getattr(fields["outcome"], "choices", ())) == known
    assert set(getattr(fields["was"], "choices", ())) == known - {"again"}


def listed(case):
    results = case.get("json", {}).get("results", [])
    return results if isinstance(results, list) else []


def test_numbers_that_are_none_have_no_form():
    for value in (float("nan"), float("inf"), 10**400):
        with pytest.raises(NotJsonError):
            canonical(value)


def test_half_a_character_is_spelled_as_browsers_spell_it():
    assert canonical("a\ud83d") == '"a\\ud83d"'


@pytest.mark.parametrize(
    ("stamps", "skew", "before", "uncertain"),
    [
        ([(0, 0), (60, 60)], 0, None, [None, None]),
        ([(0, 0), (3660, 60)], 0, None, [3600, None]),  # put forward, or slept: nobody can tell
        ([(0, 0), (3660, 60)], 0, 500, [None, None]),  # the same clock at both pushes: it slept
        ([(3600, 0), (60, 60)], 0, 500, [3600, None]),  # put back: certain
        ([(0, None), (60, None)], 0, 7_200_000, [7200, 7200]),  # the clock was changed between the pushes
        ([(0, 0), (60, 60)], None, None, [None, None]),
    ],
)
def test_a_clock_that_was_changed_is_found_out(stamps, skew, before, uncertain):
    start = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
    given = [
        Stamp(start + dt.timedelta(seconds=wall), None if mono is None else mono * 1000, "k3v9" if mono is not None else None)
        for wall, mono in stamps
    ]
    assert [each.uncertain_s for each in moments(given, skew, before)] == uncertain


def test_a_clock_that_was_put_back_is_corrected_by_the_count():
    start = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
    wrong = Stamp(start + dt.timedelta(days=1), 0, "k")
    right = Stamp(start + dt.timedelta(minutes=1), 60_000, "k")
    found = moments([wrong, right], 0, None)
    assert [iso(each.happened_at) for each in found] == [iso(start), iso(start + dt.timedelta(minutes=1))]
    assert skew_ms(start, start + dt.timedelta(seconds=2)) == -2000
    assert [in_words(each) for each in (1, 40, 60, 7200, 86_400 * 3)] == [
        "1 second",
        "40 seconds",
        "1 minute",
        "2 hours",
        "3 days",
    ]
