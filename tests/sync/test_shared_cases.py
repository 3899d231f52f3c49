"""Phone and server spell an operation's content alike: both read fixtures/cases/sync.json."""

import json
from pathlib import Path

import pytest

from backend.sync.canonical import canonical, chained

CASES = json.loads((Path(__file__).resolve().parents[2] / "fixtures/cases/sync.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["canonical"], ids=lambda case: case["name"])
def test_content_has_one_spelling(case):
    assert canonical(json.loads(case["json"])) == case["text"]


@pytest.mark.parametrize("case", CASES["chain"], ids=lambda case: case["hash"][:8])
def test_the_chain_is_the_phones(case):
    assert chained(case["prev"], canonical(json.loads(case["json"]))) == case["hash"]
