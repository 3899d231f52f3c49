"""The library says the same as the domain reference it was made from, in words of its own."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.rules.library import Library, read_library

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(os.environ.get("SITEWARD_DOMAIN", ROOT.parent / "shared/domain")) / "statutory-checks.yaml"
PASS = {"ge": "at_least", "le": "at_most", "equals_field": "equals_question"}
LONG = 40

pytestmark = pytest.mark.skipif(not REFERENCE.exists(), reason="the domain reference (../shared/domain) is not on this machine")


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(ROOT / "schedules")


OURS = {"opening-up-round", "locking-up-round", "key-count"}
"""Checks that the reference does not have: what caretakers do with keys, each marked as not verified."""


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="module")
def pairs(library, reference) -> list[Any]:
    return [(library.checks[old["key"]], old) for old in reference["checks"]]


def test_every_key_is_kept(library, reference):
    for name, old in (
        ("checks", reference["checks"]),
        ("asset_types", reference["asset_types"]),
        ("disciplines", reference["vocabularies"]["disciplines"]),
        ("documents", reference["documents"]),
    ):
        ours = OURS if name == "checks" else set()
        assert set(getattr(library, name)) == {entry["key"] for entry in old} | ours
    assert set(library.schemes) == set(reference["remedial_schemes"])
    assert list(library.disciplines) == [entry["key"] for entry in reference["vocabularies"]["disciplines"]]


def test_place_standing_law_and_weight_agree(pairs):
    for check, old in pairs:
        assert (check.discipline, check.tier, check.on) == (old["discipline"], old["tier"], old["applies_to"])
        assert (check.standing, check.law, check.standards) == (
            old["legal_status"],
            old["legal_basis"],
            old["standards"],
        ), check.code
        assert [*check.asset_types, *check.also_covers] == old["asset_types"], check.code
        assert check.risk.weight == old["risk"]["weight"]
        assert check.minutes == old.get("typical_minutes")
        assert check.competence.level == old["competence"]["level"]
        assert check.competence.accreditations == old["competence"]["accreditations"]
        assert check.evidence == old["evidence"]


def test_intervals_clocks_and_windows_agree(pairs):
    for check, old in pairs:
        interval, tolerance = old["interval"], old["interval"].get("tolerance") or {}
        assert check.basis == interval["basis"]
        if interval["calendar"] == "event":
            assert check.rule is None
            continue
        assert check.rule is not None
        termly = interval["calendar"] in {"once-per-term", "before-term-start"}
        wanted = (1, "term") if termly else (interval["every"], interval["unit"])
        assert (check.rule["every"], check.rule["unit"]) == wanted, check.code
        assert check.rule["calendar"] == interval["calendar"]
        assert (check.rule["counts"] == "calendar") == (interval["anchor"] == "fixed"), check.code
        assert (check.rule["clock"] == "legal") == interval["hard_limit"], check.code
        assert check.rule.get("early_days", 0) == (tolerance.get("early_days") or 0), check.code
        assert check.rule.get("late_days", 0) == (tolerance.get("late_days") or 0), check.code


def test_variants_agree(pairs):
    for check, old in pairs:
        variants = old["interval"].get("variants", [])
        assert [(one.every, one.unit) for one in check.variants] == [(one["every"], one["unit"]) for one in variants]


def test_what_was_verified_and_where_it_was_read_agree(pairs, library, reference):
    for check, old in pairs:
        assert check.verified == old["verified"], check.code
        read = [(source["title"], source["url"]) for source in old["source"] if source["url"]]
        assert [(source.title, source.url) for source in check.sources] == read, check.code
    for old in reference["documents"]:
        document = library.documents[old["key"]]
        assert (document.verified, document.held_for) == (old["verified"], old["held_per"])
        assert (document.check, document.law) == (old.get("linked_check"), old["legal_basis"])


def test_questions_units_and_pass_values_agree(pairs, reference):
    for check, old in pairs:
        shared = reference["form_templates"].get(old["form"].get("extends"), [])
        fields = [*shared, *old["form"]["fields"]]
        assert len(check.questions) == len(fields), check.code
        for question, field in zip(check.questions, fields, strict=True):
            place = (check.code, question.key)
            assert (question.key, question.type, question.required) == (field["key"], field["type"], field["required"])
            assert (question.unit, question.options) == (field.get("unit"), field.get("options")), place
            assert (question.columns, question.asset_type) == (field.get("columns"), field.get("asset_type")), place
            assert question.critical == field.get("critical", False), place
            assert bool(question.required_when) == bool(field.get("required_when")), place
            assert bool(question.wait_seconds) == ("measure_within" in field), place
            rule = question.pass_.model_dump(by_alias=True, exclude_none=True) if question.pass_ else {}
            assert rule == {PASS.get(name, name): value for name, value in field.get("pass", {}).items()}, place


def test_the_codes_of_reports_agree(library, reference):
    for key, old in reference["remedial_schemes"].items():
        scheme = library.schemes[key]
        if not old["codes"]:
            continue  # the reference tells of bands in words; ours give them codes
        assert [(code.code, code.days) for code in scheme.codes] == [
            (code["code"], code.get("target_days")) for code in old["codes"]
        ]
        at_once = {code.code for code in scheme.codes if code.stop_use == "at-once"}
        assert at_once == {code["code"] for code in old["codes"] if code.get("out_of_use") is True}


def _prose(value: Any, skip: set[str]) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key not in skip for text in _prose(inner, skip)]
    if isinstance(value, list):
        return [text for inner in value for text in _prose(inner, skip)]
    return [value] if isinstance(value, str) else []


def test_the_sentences_are_our_own(library, reference):
    """Law titles, standards, accreditations and the titles of sources are names, and stay as they are."""
    names = {"law", "standards", "sources", "accreditations", "url"}
    ours = [text for check in library.checks.values() for text in _prose(check.content(), names)]
    for part in (library.documents, library.schemes, library.asset_types, library.forms):
        ours += [text for entry in part.values() for text in _prose(entry.model_dump(mode="json"), names)]
    theirs = {text.strip().lower() for text in _prose(reference, set())}
    long = [text for text in ours if len(text) > LONG and " " in text]
    copied = sorted({text for text in long if text.strip().lower() in theirs})
    assert len(long) > 500
    assert not copied, f"{len(copied)} of {len(long)} sentences are the reference's own: {copied}"
