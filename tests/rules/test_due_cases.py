"""Every case of the fixtures holds, and the runner answers bad files in plain words instead of falling over."""

import re
from pathlib import Path

import pytest

from backend.rules.due.cases import CaseMalformed, differences, read_case, read_cases, run_cases

FIXTURE = Path(__file__).parents[2] / "fixtures" / "cases" / "due.yaml"
WRITTEN = read_cases(FIXTURE)
NAMES = [str(case["name"]) for case in WRITTEN if isinstance(case, dict)]
GOOD = """
- name: good
  rule: {every: 1, unit: week, counts: calendar, clock: standard, calendar: year-round}
  starts_on: 2026-09-01
  today: 2026-09-07
  expect: {due_on: 2026-09-13, status: overdue, overdue_since: 2026-09-06, lapses: [2026-09-06]}
"""


@pytest.mark.parametrize("written", WRITTEN, ids=NAMES)
def test_case(written):
    assert differences(read_case(written)) == []


def test_every_case_has_a_name_of_its_own():
    assert len(NAMES) == len(set(NAMES)) >= 120


def run(tmp_path, text):
    path = tmp_path / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    return run_cases([path])


def test_what_passes_says_nothing(tmp_path):
    assert run(tmp_path, GOOD) == (1, 0, [])


def test_dates_may_be_quoted_and_the_style_block_or_flow(tmp_path):
    quoted = GOOD.replace("2026-09-01", "'2026-09-01'").replace("2026-09-13", '"2026-09-13"')
    block = """
- name: in block style
  rule:
    every: 6
    unit: month
    counts: completion
    clock: standard
    calendar: year-round
    keeps_anniversary: false
  calendar: null
  starts_on: 2026-09-15
  done:
    - on: 2026-09-15
      stated_next: 2027-01-31
    - {"on": "2026-09-15"}
    - 2026-09-15
  paused:
    - - 2026-10-01
      - null
  today: "2026-09-16"
  expect:
    due_on: 2027-01-31
    overdue_since: null
    lapses: []
"""
    assert run(tmp_path, quoted + block) == (2, 0, [])


def test_the_key_on_may_have_been_read_as_true():
    assert isinstance(WRITTEN[0], dict)
    case = WRITTEN[0] | {"done": [{True: "2026-09-03"}, {True: "2026-09-08", "stated_next": None}]}
    assert differences(read_case(case)) == []


def test_cases_may_stand_under_a_key_or_in_several_documents(tmp_path):
    under = "cases:" + GOOD.replace("\n", "\n  ")
    assert run(tmp_path, under) == (1, 0, [])
    assert run(tmp_path, GOOD + "\n---\n" + GOOD) == (2, 0, [])


def test_each_difference_has_a_line_and_the_case_fails_once(tmp_path):
    passed, failed, lines = run(tmp_path, GOOD + GOOD.replace("due_on: 2026-09-13, status: overdue", "due_on: null"))
    assert (passed, failed) == (1, 1)
    assert len(lines) == 1
    assert lines[0].endswith("cases.yaml: good: due_on is 2026-09-13, expected null")
    wrong = GOOD.replace("lapses: [2026-09-06]", "lapses: []").replace("status: overdue", "status: due")
    passed, failed, lines = run(tmp_path, wrong)
    assert (passed, failed, len(lines)) == (0, 1, 2)


def test_only_what_is_expected_is_compared(tmp_path):
    start = GOOD[: GOOD.index("  expect")]
    assert run(tmp_path, start + "  expect: {status: overdue}") == (1, 0, [])


def test_a_refusal_may_be_expected(tmp_path):
    start = GOOD[: GOOD.index("  expect")]
    refused = start.replace("every: 1", "every: 0")
    assert run(tmp_path, refused + "  expect: {refused: true}") == (1, 0, [])
    assert run(tmp_path, refused + "  expect: {error: every}") == (1, 0, [])
    assert "accepted" in run(tmp_path, start + "  expect: {refused: true}")[2][0]
    assert "the rule is refused: every" in run(tmp_path, refused + "  expect: {status: due}")[2][0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("today: 2026-09-07", "today: 2026-09-31"), "malformed: today: '2026-09-31' is not a date"),
        (("  today: 2026-09-07\n", ""), "malformed: today: missing"),
        (("starts_on: 2026-09-01", "starts_on: [1]"), "malformed: starts_on"),
        (("starts_on", "start_on"), "unknown key 'start_on' .did you mean 'starts_on'"),
        (("status: overdue", "status: late"), "expect.status: 'late' is not one of"),
        (("status:", "state:"), "expect: unknown key 'state'"),
        (("  today", "  done: 2026-09-01\n  today"), "done: must be a list"),
        (("  today", "  done: [{when: 2026-09-01}]\n  today"), "done: unknown key 'when'"),
        (("  today", "  done: [yesterday]\n  today"), "done: 'yesterday' is not a date"),
        (("  today", "  paused: [[2026-09-02, 2026-09-01]]\n  today"), "paused: .* ends before it begins"),
        (("  today", "  paused: [2026-09-02]\n  today"), "paused: .* is not a pair"),
        (("  today", "  calendar: {holidays: []}\n  today"), "unknown key 'holidays'"),
        (("rule: {", "rule: weekly\n  x: {"), "rule: must be a mapping"),
    ],
)
def test_a_malformed_case_gets_a_plain_line_and_counts_as_failed(tmp_path, change, says):
    passed, failed, lines = run(tmp_path, GOOD + GOOD.replace(*change))
    assert (passed, failed) == (1, 1)
    assert re.search(says, lines[0])


@pytest.mark.parametrize("text", ["", "just words", "- [", "- name: {", "\t- a", "12", "- 12", "{cases: 3}", "? [a]: b"])
def test_a_malformed_file_gets_a_plain_line_and_counts_as_failed(tmp_path, text):
    passed, failed, lines = run(tmp_path, text)
    assert (passed, failed, len(lines)) == (0, 1, 1)


def test_a_file_that_is_not_there_or_not_text_counts_as_failed(tmp_path):
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    passed, failed, lines = run_cases([tmp_path / "missing.yaml", binary, tmp_path])
    assert (passed, failed, len(lines)) == (0, 3, 3)
    assert "No such file" in lines[0]


def test_a_case_that_is_no_mapping_is_malformed():
    with pytest.raises(CaseMalformed, match="must be a mapping"):
        read_case("a week missed")
