"""Each kind of slip in the library is refused, with its file, check and field and with what to do."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.rules.library import Library, LibraryError, read_library

RULE = {"every": 1, "unit": "week", "counts": "calendar", "clock": "standard", "calendar": "when-occupied"}
FORM: dict[str, Any] = {
    "key": "visit",
    "title": "A visit",
    "questions": [{"key": "who", "label": "Who", "type": "text"}],
}
SOURCE = {"title": "A page", "url": "https://example.org/a"}


def _small() -> dict[str, Any]:
    """A library of one check, as files: small enough to break in one place at a time."""
    questions = [
        {"key": "sound", "label": "It sounded", "type": "pass-fail", "required": True, "pass": {"equals": "pass"}},
        {"key": "there", "label": "There", "type": "number", "required": True, "pass": {"at_least": 1}},
    ]
    check = {
        "code": "bell-test",
        "title": "Bell test",
        "tier": "core",
        "on": "asset",
        "asset_types": ["bell"],
        "standing": "statutory-derived",
        "law": ["An Act"],
        "rule": dict(RULE),
        "basis": "standard",
        "competence": {"level": "in-house", "detail": "Anyone"},
        "form": "visit",
        "questions": questions,
        "evidence": ["record"],
        "risk": {"weight": 4, "reason": "Nobody hears it"},
        "verified": True,
        "verified_note": "Read.",
        "sources": [dict(SOURCE)],
    }
    bell = {"key": "bell", "name": "Bell", "facts": [{"key": "size", "label": "Size", "type": "number"}]}
    form = copy.deepcopy(FORM)
    form["questions"][0]["required"] = True
    document = {"key": "log", "title": "Log", "held_for": "site", "validity": "Kept up", "law": "An Act"}
    return {
        "bells": {"discipline": "bells", "title": "Bells", "order": 1, "asset_types": [bell], "checks": [check]},
        "forms": {"forms": [form]},
        "documents": {"documents": [document | {"check": "bell-test", "verified": False}]},
        "remedial-codes": {"schemes": []},
    }


def _read(folder: Path, files: dict[str, Any]) -> Library:
    for name, data in files.items():
        (folder / f"{name}.yaml").write_text(data if isinstance(data, str) else yaml.safe_dump(data), encoding="utf-8")
    return read_library(folder)


def _problems(folder: Path, files: dict[str, Any]) -> list[str]:
    with pytest.raises(LibraryError) as refused:
        _read(folder, files)
    return [str(problem) for problem in refused.value.problems]


def test_the_small_library_is_sound(tmp_path):
    assert list(_read(tmp_path, _small()).checks) == ["bell-test"]


FAULTS = {
    "a word that is not known": ({"tier": "main"}, "tier: is 'main'; write one of 'core' or 'extended'"),
    "a misspelt field": ({"titel": "x"}, "titel: is not a field of the library"),
    "a field that is missing": ({"title": None}, "title: is missing; add it"),
    "a number in quotes": ({"minutes": "15"}, "minutes: is '15'; input should be a valid integer"),
    "an unknown asset type": ({"asset_types": ["bel"]}, "asset_types: no asset type is called 'bel'"),
    "no asset type at all": ({"asset_types": []}, "asset_types: the check is on an asset, so say on which types"),
    "asset types on a building": ({"on": "building"}, "asset_types: the check is on a building, so it has no"),
    "an unknown form": ({"form": "vist"}, "form: no shared form is called 'vist'; forms.yaml has visit"),
    "a rule the engine refuses": ({"rule": RULE | {"unit": "fortnight"}}, "rule: unit"),
    "neither rule nor event": ({"rule": None}, "rule: give a rule, or say under event what calls for the check"),
    "late days under a legal clock": (
        {"rule": RULE | {"clock": "legal", "late_days": 3}},
        "rule.late_days: a legal clock allows no lateness; take late_days out",
    ),
    "law without a legal clock": ({"basis": "law"}, "rule.clock: the basis is law; write clock: legal"),
    "risk-based without its clock": ({"basis": "risk-based-default"}, "rule.clock: clock: risk-based and basis"),
    "statutory without law": ({"standing": "statutory"}, "basis: a statutory check rests on law"),
    "no law named": ({"law": []}, "law: name the law that asks for it"),
    "verified without a source": ({"sources": []}, "sources: verified is true, so give the page"),
    "a source without its address": (
        {"sources": [{"title": "A page", "url": "example.org"}]},
        "sources.1.url: is 'example.org'; write the full address",
    ),
    "a variant no rule can be": (
        {"variants": [{"when": "busy", "every": 1, "unit": "term"}], "rule": RULE | {"counts": "completion"}},
        "variants.1: ",
    ),
    "a fact that no asset has": ({"applies": [{"fact": "age", "at_least": 2}]}, "applies: none of the asset types has"),
    "a fact compared in two ways": (
        {"applies": [{"fact": "size", "at_least": 2, "below": 9}]},
        "applies: compare the fact in exactly one way",
    ),
    "a variant by facts in a round": (
        {
            "grouped_by": "site",
            "variants": [{"when": "big", "every": 2, "unit": "week", "facts": [{"fact": "size", "above": 2}]}],
        },
        "variants.1.facts: one plan covers many assets",
    ),
    "a rotation of nothing": ({"rotation": {"of": "gong", "words": "in turn"}}, "rotation.of: no asset type is called"),
}


@pytest.mark.parametrize(("change", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_check_is_named_with_its_place_and_what_to_do(tmp_path, change, message):
    files = _small()
    check = files["bells"]["checks"][0]
    check.update(change)
    if None in change.values():
        files["bells"]["checks"][0] = {key: value for key, value in check.items() if value is not None}
    found = _problems(tmp_path, files)
    assert any(line.startswith(f"bells.yaml: bell-test, {message}") for line in found), found


QUESTION_FAULTS = {
    "critical that cannot fail": ({"critical": True, "pass": None}, "critical: nothing can fail it"),
    "compared with no question": ({"pass": {"equals_question": "thear"}}, "pass: equals_question points to 'thear'"),
    "compared with itself": ({"pass": {"equals_question": "there"}}, "pass: equals_question points to 'there'"),
    "compared in two ways": ({"pass": {"at_least": 1, "at_most": 2}}, "pass: compare in exactly one way"),
    "compared as a word": ({"pass": {"equals": "pass"}}, "pass: equals does not fit a question of the type number"),
    "limits the wrong way round": ({"pass": {"between": [4, 2]}}, "pass: between needs the smaller number first"),
    "a choice of nothing": ({"type": "choice", "pass": None}, "options: a choice needs options"),
    "a choice that passes on no option": (
        {"type": "choice", "options": ["a"], "pass": {"in": ["b"]}},
        "pass: in names something that is not one of the options",
    ),
    "a table without columns": ({"type": "table", "pass": None}, "columns: a table needs columns"),
    "an asset of no type": ({"type": "asset-ref", "asset_type": "bel", "pass": None}, "asset_type: no asset type"),
    "a unit for words": ({"type": "text", "unit": "mm", "pass": None}, "unit: only a number has this"),
    "a switch that passes on a word": ({"type": "boolean", "pass": {"equals": "yes"}}, "pass: write equals: true or"),
}


@pytest.mark.parametrize(("change", "message"), QUESTION_FAULTS.values(), ids=QUESTION_FAULTS)
def test_a_fault_in_a_question_is_named_with_its_key(tmp_path, change, message):
    files = _small()
    question = files["bells"]["checks"][0]["questions"][1] | change
    files["bells"]["checks"][0]["questions"][1] = {key: value for key, value in question.items() if value is not None}
    found = _problems(tmp_path, files)
    assert any(line.startswith(f"bells.yaml: bell-test, question there, {message}") for line in found), found


def test_a_question_that_the_shared_form_has_already_is_refused(tmp_path):
    files = _small()
    files["bells"]["checks"][0]["questions"][0]["key"] = "who"
    assert _problems(tmp_path, files) == [
        "bells.yaml: bell-test, question who: this key stands twice, perhaps once in the shared form; "
        "give this question another key"
    ]


def test_a_code_used_twice_names_both_files(tmp_path):
    files = _small()
    files["chimes"] = files["bells"] | {"discipline": "chimes", "asset_types": []}
    assert _problems(tmp_path, files) == [
        "chimes.yaml: bell-test: this check stands twice, first in bells.yaml; take one out or rename it"
    ]


def test_everything_wrong_is_said_at_once(tmp_path):
    files = _small()
    files["bells"]["checks"][0] |= {"asset_types": ["bel"], "law": [], "sources": []}
    files["documents"]["documents"][0]["check"] = "bell-tset"
    files["forms"]["forms"].append({"key": "other", "title": "Other", "questions": []})
    assert len(_problems(tmp_path, files)) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("discipline: bells\ntitle: [Bells\n", "bells.yaml: line 3: "),
        ("discipline: bells\ndiscipline: bells\n", "bells.yaml: line 2: 'discipline' stands twice in the same entry"),
        ("just words", "bells.yaml: must hold names with values"),
        ("discipline: gongs\ntitle: Bells\norder: 1\n", "bells.yaml: discipline: is 'gongs'; it must be the file's"),
        ("discipline: bells\ntitle: Bells\norder: 1\nchecks: all\n", "bells.yaml: checks: must be a list"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path, text, message):
    found = _problems(tmp_path, _small() | {"bells": text})
    assert any(line.startswith(message) for line in found), found


def test_an_empty_folder_says_what_is_missing(tmp_path):
    with pytest.raises(LibraryError, match=r"forms\.yaml: this file is missing"):
        read_library(tmp_path)


def test_on_off_yes_and_no_are_words(tmp_path):
    files = _small()
    text = yaml.safe_dump(files["bells"]).replace("'on': asset", "on: asset").replace("Nobody hears it", "no")
    check = _read(tmp_path, files | {"bells": text}).checks["bell-test"]
    assert (check.on, check.risk.reason) == ("asset", "no")


FACT_FAULTS = {
    "a unit of words": ({"type": "text", "unit": "m"}, "fact size, unit: only a number has this"),
    "limits of a day": ({"type": "date", "most": 3}, "fact size, limits: a number has least and most"),
    "limits the wrong way round": ({"least": 9, "most": 3}, "fact size, least: it lies above the most"),
    "a choice of nothing": ({"type": "choice"}, "fact size, options: a choice needs options"),
}


@pytest.mark.parametrize(("change", "message"), FACT_FAULTS.values(), ids=FACT_FAULTS)
def test_a_fault_in_a_fact_of_an_asset_type_is_named(tmp_path, change, message):
    files = _small()
    files["bells"]["asset_types"][0]["facts"][0].update(change)
    found = _problems(tmp_path, files)
    assert any(line.startswith(f"bells.yaml: bell, {message}") for line in found), found


@pytest.mark.parametrize(("kind", "test"), [("date", {"equals": "2026-01-01"}), ("text", {"at_least": 2})])
def test_an_interval_cannot_be_measured_by_words_or_days(tmp_path, kind, test):
    files = _small()
    files["bells"]["asset_types"][0]["facts"][0]["type"] = kind
    files["bells"]["checks"][0]["applies"] = [{"fact": "size", **test}]
    found = _problems(tmp_path, files)
    assert any("nothing can be measured by it" in line for line in found), found
