"""The quick spelling of a value is the one spelled out step by step, or is not used."""

from hypothesis import given
from hypothesis import strategies as st

from backend.sync.canonical import BOOKKEEPING, canonical, spelled, spelled_out
from tests.rules.due_drawn import tried

ODD = ["1.5", ",1.5]", ":1e5}", "\x7f", "\u2028", "\ud800", "\x00\x1f\b\f", "é😀", "</script>"]
PLAIN = st.none() | st.booleans() | st.integers() | st.integers(-(10**40), 10**40) | st.text() | st.sampled_from(ODD)
VALUES = st.recursive(
    PLAIN | st.floats(allow_nan=False, allow_infinity=False) | st.floats(0, 100),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=20,
)


@tried
@given(VALUES)
def test_a_value_has_one_spelling(value):
    assert canonical(value) == spelled_out(value)


@tried
@given(st.dictionaries(st.sampled_from(["id", "body", "seq", "prev", "hash", "kind", "mono_ms", "é"]), VALUES))
def test_an_operation_has_one_spelling(op):
    said = {key: value for key, value in op.items() if key == "body" or key not in BOOKKEEPING}
    assert spelled(op, canonical(op.get("body"))) == spelled_out(said)
