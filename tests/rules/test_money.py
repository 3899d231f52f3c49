"""Amounts as people write them, VAT to the penny, and how far an invoice may differ."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.rules.money import MOST_PENCE, NotMoney, half_up, pence_of, pounds_text, said, tolerance, vat_agrees, vat_on


@pytest.mark.parametrize(
    ("written", "pence"),
    [
        ("1000", 100_000),
        ("1000.5", 100_050),
        ("0.01", 1),
        ("£1,000.00", 100_000),
        ("1,234,567.89", 123_456_789),
        (" 12.30 ", 1230),
    ],
)  # fmt: skip
def test_what_can_only_be_meant_in_one_way_is_taken(written, pence):
    assert pence_of(written) == pence


@pytest.mark.parametrize(
    "written",
    [
        "-5", "0", "0.00", "1,000", "1,00", "£1000", "1e3", "NaN", "inf", "1.234", "99999999999.99", "", "£", "12.", ".5",
        "1 000.00", "1,00.00", "£١٢٣.00", "١٢٣", "12,345,6.00", "£-5.00", "1_000", "0x10", "1000.00£",
    ],
)  # fmt: skip
def test_what_cannot_is_refused_with_how_to_write_it(written):
    with pytest.raises(NotMoney) as refused:
        pence_of(written)
    assert str(refused.value)


@given(st.integers(1, MOST_PENCE))
def test_what_is_said_to_people_and_to_programs_can_be_read_again(pence):
    assert pence_of(said(pence)) == pence == pence_of(pounds_text(pence))


@given(st.text(max_size=15))
def test_no_text_is_an_amount_by_accident(written):
    try:
        pence = pence_of(written)
    except NotMoney:
        return
    assert Decimal(written.strip().replace("£", "").replace(",", "")) * 100 == pence


def test_a_reversal_of_an_amount_is_said_with_a_minus():
    assert (said(-1250), pounds_text(-5)) == ("−£12.50", "-0.05")


def test_vat_is_rounded_half_up_once_and_a_penny_is_forgiven():
    assert (vat_on(1_25, Decimal(20)), vat_on(1_03, Decimal(5)), vat_on(2_50, Decimal("12.5"))) == (25, 5, 31)
    assert vat_on(-1_25, Decimal(20)) == -25
    assert [vat_agrees(100_00, Decimal(20), each) for each in (1998, 1999, 2000, 2001, 2002)] == [False, True, True, True, False]


@given(st.integers(-10_000, 10_000), st.integers(1, 50))
def test_half_up_goes_away_from_nothing_in_the_middle_and_to_the_nearest_elsewhere(top, below):
    from fractions import Fraction

    exact = Fraction(top, below)
    found = half_up(exact)
    assert abs(found - exact) <= Fraction(1, 2)
    if abs(found - exact) == Fraction(1, 2):
        assert abs(found) > abs(exact)


@pytest.mark.parametrize(("ordered", "most"), [(1_800_00, 50_00), (1_000_00, 50_00), (999_80, 49_99), (200_00, 10_00), (0, 0)])
def test_an_invoice_may_be_above_its_order_by_the_lesser_of_5_percent_and_50_pounds(ordered, most):
    assert tolerance(ordered) == most
