"""The codes on labels: what is issued, what is accepted, what a scanned or typed text is."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.rules.tagcode import ALPHABET, CROCKFORD, check_character, from_text, is_valid, make_code

CASES = json.loads((Path(__file__).parents[2] / "fixtures/cases/tags.json").read_text(encoding="utf-8"))
SEVENS = st.text(alphabet=CROCKFORD, min_size=7, max_size=7)


def issued(seed: int) -> str:
    return make_code(random.Random(seed))


@pytest.mark.parametrize("case", CASES["texts"], ids=lambda case: case["why"])
def test_a_scanned_or_typed_text_is_told_for_what_it_is(case):
    found = from_text(case["text"], CASES["hosts"])
    assert (found.kind, found.code) == (case["kind"], case["code"])


@pytest.mark.parametrize("case", CASES["check_characters"], ids=lambda case: case["seven"])
def test_the_check_character_is_that_of_the_shared_cases(case):
    assert check_character(case["seven"]) == case["check"]


def test_the_check_character_agrees_with_a_published_example():
    # ISO 7064 MOD 37,36 is what a Global Release Identifier ends in; A1-2425GABC1234002-M is IFPI's own example.
    assert check_character("A12425GABC1234002") == "M"


@given(st.integers(min_value=0))
def test_every_issued_code_is_valid_and_has_no_letter_that_is_misread(seed):
    code = issued(seed)
    assert len(code) == 8
    assert is_valid(code)
    assert not set(code) & set("ILOU")


@given(SEVENS, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_caught(seven, position, wrong):
    code = seven + check_character(seven)
    changed = code[:position] + wrong + code[position + 1 :]
    assert changed == code or not is_valid(changed)


@given(st.integers(min_value=0))
def test_a_code_does_not_become_another_valid_code_by_its_case(seed):
    code = issued(seed)
    assert not is_valid(code.lower()) or code.lower() == code
    assert from_text(code.lower(), []).code == code


def test_codes_are_drawn_again_when_the_check_character_would_be_misread():
    class OneThenAnother:
        """Draws PRM7N0M first, whose check character is O."""

        def __init__(self):
            self.coming = iter("PRM7N0M" + "M9S346Q")

        def choice(self, _characters):
            return next(self.coming)

    assert make_code(OneThenAnother()) == "M9S346Q0"


@given(st.text())
def test_no_text_whatever_is_an_error(text):
    assert from_text(text, ["Q.SITE.DEMO"]).kind in {"code", "bad-code", "not-ours"}
