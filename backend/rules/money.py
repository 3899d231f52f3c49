"""Amounts of money as people write them, VAT on a line, and how far an invoice may differ from its order. All in whole pence."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

MOST_PENCE: Final = 9_999_999_999
"""£99,999,999.99: what a line may come to at most. More is a slip of the finger."""
PLAIN: Final = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)
GROUPED: Final = re.compile(r"£?\d{1,3}(,\d{3})*\.\d{2}", re.ASCII)
"""With commas or a pound sign the pence have to be there: of "1,000" and "1,00" nobody can tell what the comma stands for."""
HOW: Final = "Write pounds and pence, as in 1000.00 or £1,000.00."


class NotMoney(ValueError):  # noqa: N818  the word people use for it
    """What was written is no amount; the message says why and how to write it."""


def pence_of(text: str, *, least: int = 1) -> int:
    """The whole pence of an amount in pounds as it was written: "1000", "1000.5", "1,000.00", "£1,000.00".

    Raises NotMoney for anything else (a sign, an exponent, three decimals, a comma that may be either), for less than `least`
    pence, and for more than MOST_PENCE.
    """
    written = text.strip()
    if not (PLAIN.fullmatch(written) or GROUPED.fullmatch(written)):
        raise NotMoney(f"“{written[:20]}” is not an amount. {HOW}")
    pounds = Decimal(written.replace("£", "").replace(",", ""))
    pence = int(pounds.scaleb(2))
    if pence < least:
        raise NotMoney("It has to be more than nothing." if least > 0 else HOW)
    if pence > MOST_PENCE:
        raise NotMoney(f"At most {said(MOST_PENCE)}. Is there a slip of the finger?")
    return pence


def said(pence: int) -> str:
    """An amount as people read it: "£1,000.00", "−£12.50"."""
    sign = "−" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def pounds_text(pence: int) -> str:
    """An amount as programs are told it: "1000.00", "-12.50"."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02}"


def half_up(exact: Fraction) -> int:
    """The nearest whole number; what lies in the middle goes away from nothing (as a till does it)."""
    size = abs(exact)
    whole = int(size + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def vat_on(net_pence: int, rate_percent: Decimal) -> int:
    """The VAT in pence on a line, rounded half up once."""
    return half_up(Fraction(net_pence) * Fraction(rate_percent) / 100)


def vat_agrees(net_pence: int, rate_percent: Decimal, vat_pence: int) -> bool:
    """Whether VAT is what the rate makes of the line, to a penny: suppliers round lines in more than one way."""
    return abs(vat_pence - vat_on(net_pence, rate_percent)) <= 1


def tolerance(ordered_pence: int, *, percent: Decimal = Decimal(5), most_pence: int = 50_00) -> int:
    """By how much an invoice may be above its order before the approver has to decide anew: the lesser of a share and a sum.

    5 % or £50 as published financial regulations of schools have it; a trust may set its own.
    """
    share = (Decimal(max(ordered_pence, 0)) * percent / 100).to_integral_value(ROUND_HALF_UP)
    return min(int(share), most_pence)
