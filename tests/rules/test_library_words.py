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
        return {fact.key: (fact.label, fact.type, fact.unit, fact.least, fact.most) for fact in facts}

    here = {key: said(facts.values()) for key, facts in words.facts.items()}
    assert {key: said(kind.facts) for key, kind in whole.asset_types.items()} == here
