"""A scheme of delegation: who may agree to how much. Limits are inclusive, in whole pence, and leave no gap between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from backend.rules.money import said


@dataclass(frozen=True, slots=True)
class Band:
    """Up to and with `upper` pence (None: any amount) these roles agree, one after the other, after so many quotes.

    `over`: what the scheme as published says that it begins above, where it says so; kept to find gaps and overlaps.
    """

    upper: int | None
    roles: tuple[str, ...]
    quotes: int = 0
    tender: bool = False
    consult_heads: bool = False
    over: int | None = None


class NotContinuous(ValueError):  # noqa: N818  the word people use for it
    """A scheme with a gap or an overlap; the message says where."""


def in_order(bands: Sequence[Band]) -> tuple[Band, ...]:
    """The bands from the lowest to the highest. Raises NotContinuous unless every amount falls into one and only one.

    A published table says "£3,000" and then "£3,001 to £10,000": £3,000.50 would belong to nobody. Here a band begins one penny
    above the one before, so what is written as its beginning has to be that.
    """
    if not bands:
        raise NotContinuous("A scheme needs at least one limit.")
    if any(not band.roles for band in bands):
        raise NotContinuous("Every limit needs somebody who agrees.")
    found = sorted(bands, key=lambda band: (band.upper is None, band.upper or 0))
    if found[-1].upper is not None:
        raise NotContinuous(f"Nobody agrees to more than {said(found[-1].upper)}. Say who does, without a limit.")
    if (lowest := found[0].over) is not None and lowest != 0:
        raise NotContinuous(f"Nobody agrees to what is below {said(lowest)}.")
    for below, above in pairwise(found):
        if below.upper is None or below.upper == above.upper:
            raise NotContinuous("Two limits are the same: one amount, two rules.")
        if above.over is not None and above.over != below.upper:
            kind = "between" if above.over > below.upper else "twice between"
            raise NotContinuous(
                f"{said(below.upper)} and {said(above.over)}: amounts {kind} them would belong to "
                f"{'nobody' if above.over > below.upper else 'two'}. Let one begin where the other ends."
            )
    if any(band.upper is not None and band.upper <= 0 for band in found):
        raise NotContinuous("A limit has to be more than nothing.")
    return tuple(found)


def band_of(bands: Sequence[Band], pence: int) -> Band:
    """The band that an amount falls into: the first whose limit it does not exceed. The bands are as `in_order` gives them."""
    return next(band for band in bands if band.upper is None or pence <= band.upper)


def limit_of(bands: Sequence[Band], role: str) -> int | None:
    """Up to how much a role agrees as the last one asked, in pence: 0 for who never does, None for any amount."""
    last = [band.upper for band in bands if band.roles[-1] == role]
    return None if None in last else max((upper for upper in last if upper is not None), default=0)
