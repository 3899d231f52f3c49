"""The library's words as pages read them are those of the library itself."""

from pathlib import Path

from backend.rules.library import read_library
from backend.rules.library_words import read_words

FOLDER = Path(__file__).resolve().parents[2] / "schedules"


def test_both_readings_know_the_same_disciplines_and_facts():
    whole, words = read_library(FOLDER), read_words(FOLDER)
    assert words.disciplines == {key: each.title for key, each in whole.disciplines.items()}
    assert list(words.disciplines) == list(whole.disciplines)

    def said(facts):
        return {fact.key: (fact.label, fact.type, fact.unit, fact.least, fact.most, fact.since) for fact in facts}

    here = {key: said(facts.values()) for key, facts in words.facts.items()}
    assert {key: said(kind.facts) for key, kind in whole.asset_types.items()} == here


def test_every_kind_of_asset_has_details_of_its_own():
    library = read_library(FOLDER)
    bare = [kind.key for kind in library.asset_types.values() if not kind.facts]
    assert not bare


def test_every_number_of_a_kind_has_both_limits_and_every_text_a_length():
    library = read_library(FOLDER)
    open_ended = [
        f"{kind.key}.{fact.key}"
        for kind in library.asset_types.values()
        for fact in kind.facts
        if (fact.type == "number" and fact.least is None) or (fact.type in ("number", "text") and fact.most is None)
    ]
    assert not open_ended
