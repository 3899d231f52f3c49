"""What is said of an asset is judged alike here and on the phone: both read fixtures/cases/facts.json."""

import json
from pathlib import Path

import pytest

from backend.rules.asset_facts import fault_of
from backend.rules.library_words import words_of

CASES = json.loads((Path(__file__).resolve().parents[2] / "fixtures/cases/facts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_shared_case_is_judged_as_it_says(case):
    assert fault_of(words_of({"key": "fact", "label": "Fact", **case["fact"]}), case["kept"]) == case["expect"]
