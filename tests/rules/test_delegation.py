"""A scheme of delegation leaves no amount to nobody and none to two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.rules.delegation import Band, NotContinuous, band_of, in_order, limit_of

PUBLISHED = [
    Band(3_000_00, ("headteacher",)),
    Band(10_000_00, ("cfo",)),
    Band(20_000_00, ("cfo", "trustee"), quotes=3),
    Band(None, ("trustee",), tender=True),
]


@given(st.sets(st.integers(1, 10**9), min_size=1, max_size=6), st.integers(1, 2 * 10**9))
def test_every_amount_falls_into_one_band_and_its_limit_counts(uppers, pence):
    bands = in_order([Band(upper, (str(upper),)) for upper in sorted(uppers, reverse=True)] + [Band(None, ("board",))])
    band = band_of(bands, pence)
    assert band.upper is None or pence <= band.upper
    assert all(pence > each.upper for each in bands[: bands.index(band)] if each.upper is not None)


def test_the_published_scheme_leaves_no_pound_between_its_limits():
    bands = in_order(PUBLISHED)
    assert [band_of(bands, pence).roles[0] for pence in (3_000_00, 3_000_01, 3_000_50, 10_000_00, 10_000_01)] == [
        "headteacher", "cfo", "cfo", "cfo", "cfo",
    ]  # fmt: skip
    assert (limit_of(bands, "headteacher"), limit_of(bands, "cfo"), limit_of(bands, "trustee")) == (3_000_00, 10_000_00, None)
    assert limit_of(bands, "sbm") == 0


@pytest.mark.parametrize(
    ("bands", "says"),
    [
        ([], "at least one limit"),
        ([Band(1, ("a",))], "Nobody agrees to more than £0.01"),
        ([Band(300_00, ("a",), over=0), Band(None, ("b",), over=301_00)], "would belong to nobody"),
        ([Band(300_00, ("a",), over=0), Band(None, ("b",), over=299_00)], "would belong to two"),
        ([Band(300_00, ("a",)), Band(300_00, ("b",)), Band(None, ("c",))], "Two limits are the same"),
        ([Band(None, ("a",)), Band(None, ("b",))], "Two limits are the same"),
        ([Band(300_00, ("a",), over=1_00), Band(None, ("b",))], "Nobody agrees to what is below £1.00"),
        ([Band(0, ("a",)), Band(None, ("b",))], "more than nothing"),
        ([Band(None, ())], "somebody who agrees"),
    ],
)
def test_a_gap_or_an_overlap_is_refused_and_named(bands, says):
    with pytest.raises(NotContinuous, match=says):
        in_order(bands)
