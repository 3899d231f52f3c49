"""The statutory library is whole, keeps its digests, tells what changed, and refuses what makes no sense."""

import copy
from pathlib import Path

import pytest

from backend.rules.due import Rule
from backend.rules.library import (
    Library,
    applies_to,
    diff,
    digest,
    read_library,
    rule_for,
)

SCHEDULES = Path(__file__).resolve().parents[2] / "schedules"


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(SCHEDULES)


# The library as it stands


def test_all_of_it_is_there(library):
    sizes = {name: len(getattr(library, name)) for name in ("checks", "asset_types", "disciplines", "documents")}
    assert sizes == {"checks": 152, "asset_types": 103, "disciplines": 19, "documents": 36}
    assert sum(check.tier == "core" for check in library.checks.values()) == 108
    assert sum(check.verified for check in library.checks.values()) == 79
    assert next(iter(library.disciplines)) == "fire"


def test_five_checks_wait_for_an_event_and_the_engine_takes_the_rule_of_every_other(library):
    without = {code for code, check in library.checks.items() if check.rule is None}
    assert without == {
        "mobile-tower-inspection",
        "winter-gritting-log",
        "minibus-daily-walkround",
        "pool-water-test",
        "pool-microbiology",
    }
    assert all(Rule.from_mapping(check.rule) for check in library.checks.values() if check.rule)


def test_the_weekly_alarm_test_has_one_plan_for_each_panel_and_takes_call_points_in_turn(library):
    check = library.checks["fire-alarm-weekly-test"]
    assert (check.asset_types, check.also_covers) == (["fire-alarm-panel"], ["manual-call-point"])
    assert check.rotation is not None
    assert (check.rotation.of, check.rotation.each_time) == ("manual-call-point", 1)


def test_a_shared_form_comes_before_the_questions_of_the_check(library):
    keys = [question.key for question in library.checks["fixed-wire-eicr"].questions]
    assert keys[:2] == ["contractor", "engineer"]
    assert keys[-1] == "limitations"


def test_only_a_sentinel_tap_is_measured_every_month(library):
    content = library.checks["water-sentinel-temperatures"].content()
    assert applies_to(content, {"role": ["representative", "sentinel"]})
    assert applies_to(content, {"role": "sentinel"})
    assert not applies_to(content, {"role": ["little-used"]})
    assert not applies_to(content, {})


@pytest.mark.parametrize(
    ("tonnes", "owed", "months"), [(None, True, 12), (4.9, False, 12), (5, True, 12), (50, True, 6), (500, True, 3)]
)
def test_more_refrigerant_is_checked_more_often_and_an_unknown_charge_is_not_let_off(library, tonnes, owed, months):
    content = library.checks["fgas-leak-check"].content()
    facts = {} if tonnes is None else {"co2e_tonnes": tonnes}
    rule = rule_for(content, facts)
    assert rule is not None
    assert (applies_to(content, facts), rule["every"], rule["unit"]) == (owed, months, "month")


def test_a_switch_is_not_a_number(library):
    content = library.checks["residential-gas-safety-check"].content()
    assert applies_to(content, {"dwelling": True})
    assert not applies_to(content, {"dwelling": 1})


# Digests and changes


def test_a_digest_does_not_depend_on_the_order_of_keys(library):
    content = library.checks["fire-alarm-weekly-test"].content()
    turned = {key: content[key] for key in reversed(list(content))}
    turned["questions"] = [dict(reversed(question.items())) for question in content["questions"]]
    assert digest(turned) == library.checks["fire-alarm-weekly-test"].digest()


def _leaves(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _leaves(inner, (*path, key))
    if not isinstance(value, dict | list):
        yield path, value


def test_a_digest_changes_when_anything_at_all_changes_and_the_diff_names_it(library):
    content = library.checks["fgas-leak-check"].content()
    for path, value in _leaves(content):
        changed = copy.deepcopy(content)
        place = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else "other"
        assert digest(changed) != digest(content), path
        assert diff(content, changed), path


def test_two_checks_never_share_a_digest(library):
    assert len({check.digest() for check in library.checks.values()}) == len(library.checks)


def test_the_diff_is_in_words_and_by_name(library):
    old = library.checks["water-sentinel-temperatures"].content()
    new = copy.deepcopy(old)
    new["rule"]["every"] = 2
    new["questions"][1]["pass"]["at_least"] = 55
    new["questions"].append({"key": "who", "label": "Who", "type": "text", "required": False, "critical": False})
    del new["keep_records"]
    changes = [str(change) for change in diff(old, new)]
    assert "rule, every: was 1, now 2" in changes
    assert "question hot_c, pass, at least: was 50, now 55" in changes
    assert "keep records: removed, was 5 years" in changes
    assert any(change.startswith("question who: added") for change in changes)
    assert len(changes) == 4


def test_nothing_changed_is_no_change(library):
    content = library.checks["fire-drill"].content()
    assert diff(content, copy.deepcopy(content)) == []


def test_a_question_that_moved_is_one_change(library):
    old = library.checks["fire-drill"].content()
    new = copy.deepcopy(old)
    new["questions"].reverse()
    assert [change.path for change in diff(old, new)] == ["order of questions"]
