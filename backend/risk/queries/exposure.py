"""An open exposure as the pages and papers know it: how bad, why, what it costs, and where to look."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from backend.risk.estate import estate
from backend.risk.queries.assumed import Assumed
from backend.rules.estate import Band, Consequence, hours_cost
from backend.rules.exposures import KINDS, Score
from backend.trust.models import Site

SURVEYED, GIVEN, ASSUMED, UNKNOWN = "surveyed", "given", "assumed", "unknown"
BASES: Final = {
    SURVEYED: "by the survey, at today's prices",
    GIVEN: "by the work order",
    ASSUMED: "assumed",
    UNKNOWN: "not known",
}
"""Where a price comes from."""
USUAL_MINUTES: Final = 30
"""What a check takes where nobody says."""
IN_HOUSE: Final = frozenset({"in-house", "trained-in-house"})


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs to put something right, in pence; None: not known. `by` is the assumption that it rests on."""

    pence: int | None
    basis: str
    by: str = ""

    @property
    def words(self) -> str:
        """Where it comes from."""
        return BASES[self.basis]


NO_PRICE: Final = Price(None, UNKNOWN)


@dataclass(frozen=True)
class Exposure:
    """Something open that could hurt somebody or cost the trust. `site` None: the whole trust. `waiting` is pence a year."""

    key: str
    kind: str
    title: str
    where: str
    site: Site | None
    score: Score
    link: str
    building_id: uuid.UUID | None = None
    discipline: str = ""
    law: tuple[str, ...] = ()
    law_key: str = ""
    since: dt.date | None = None
    price: Price = field(default=NO_PRICE)
    waiting: int | None = None

    @property
    def kind_words(self) -> str:
        """What sort of exposure it is."""
        return KINDS[self.kind]

    @cached_property
    def band(self) -> Band:
        """Severe, high, medium or low."""
        return estate().band(self.score.score)

    @property
    def in_law(self) -> Consequence | None:
        """What can follow in law, and what an inspector would ask."""
        return estate().consequences.get(self.law_key or self.discipline)

    @property
    def order(self) -> tuple[int, int, str, str]:
        """The worst first; of two as bad, the one that would hurt more; then by name, so that the order is always the same."""
        return (-self.score.score, -self.score.consequence, self.title, self.key)


def price_of_check(level: str, discipline: str, minutes: int | None, figures: Mapping[str, Assumed]) -> Price:
    """What one check costs: our own people's time (half an hour when the library does not say), or a firm's visit."""
    if level in IN_HOUSE:
        return Price(hours_cost(minutes or USUAL_MINUTES, figures["hour-own"].value), ASSUMED, "hour-own")
    key = f"visit-{discipline}" if f"visit-{discipline}" in figures else "visit"
    return Price(figures[key].value, ASSUMED, key)
