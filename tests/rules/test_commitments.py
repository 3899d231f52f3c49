"""What an order line promises: whatever becomes of it, ordered = relieved + released + outstanding."""

from hypothesis import given
from hypothesis import strategies as st

from backend.rules.commitments import NOTHING, Position, Promise, accrued_of, invoiced, released

STEPS = st.lists(st.tuples(st.sampled_from(["bill", "final", "credit", "close"]), st.integers(1, 2_000_00)), max_size=8)


@given(st.integers(1, 5_000_00), STEPS, st.integers(0, 5_000_00))
def test_the_parts_of_a_promise_come_to_what_was_ordered_and_none_is_below_nothing(ordered, steps, received):
    promise = Promise(ordered)
    for what, pence in steps:
        before = promise
        if what == "close":
            promise = released(promise)
        else:
            promise = invoiced(promise, -pence if what == "credit" else pence, final=what == "final")
        assert promise.ordered == promise.relieved + promise.released + promise.outstanding
        assert min(promise.relieved, promise.released, promise.outstanding) >= 0
        assert promise.relieved - before.relieved <= (pence if what in {"bill", "final"} else 0)
        if what in {"final", "close"}:
            assert promise.outstanding == 0
        assert 0 <= accrued_of(promise, min(received, ordered)) <= promise.outstanding


def test_a_credit_after_the_last_invoice_raises_no_promise():
    done = invoiced(Promise(1_200_00), 1_150_00, final=True)
    assert (done.relieved, done.released, done.outstanding) == (1_150_00, 50_00, 0)
    assert invoiced(done, -100_00, final=False) == done


@given(st.lists(st.builds(Position, *[st.integers(-(10**9), 10**9)] * 5), max_size=6))
def test_the_positions_of_the_parts_come_to_the_position_of_the_whole(parts):
    whole = sum(parts, NOTHING)
    assert whole.available == sum(each.available for each in parts)
    assert whole.available == whole.budget - whole.actual - whole.accrued - whole.committed
