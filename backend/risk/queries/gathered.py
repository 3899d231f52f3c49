"""Every open exposure that somebody may see on a day, and their sums. A fixed number of queries, however large the trust."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from backend.risk.estate import estate
from backend.risk.queries.assumed import Assumed, assumed
from backend.risk.queries.condition import of_condition, open_items
from backend.risk.queries.dangers import of_defects, of_firms, of_single_people, of_single_things
from backend.risk.queries.duties import Duties
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.papers_wanting import of_documents
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import reach


@dataclass(slots=True)
class Gathered:
    """What is open on a day, the worst first, with what it was reckoned by. `items` are the open items of condition."""

    day: dt.date
    exposures: list[Exposure]
    items: list[Any]
    sites: list[Site]
    figures: dict[str, Assumed]


def gather(person: Person, day: dt.date) -> Gathered:
    """Every open exposure in sight of somebody who may see risk, the worst first; nothing for others."""
    figures = assumed(day)
    if reach(person, permits.RISK_VIEW).nowhere():
        return Gathered(day, [], [], [], figures)
    sites = list(Site.objects.visible_to(person, permits.RISK_VIEW).select_related("school").order_by("school__name", "name"))
    known = {each.pk: each for each in sites}
    duties = Duties(person, day, figures, known)
    items = list(open_items(person, day))
    found = [
        *duties.all(),
        *of_defects(person, day, figures),
        *of_documents(person, day, figures, duties.places),
        *of_condition(items, day, figures),
        *of_single_things(person, day),
        *of_single_people(day, known),
        *of_firms(person, day, known),
    ]
    return Gathered(day, sorted(found, key=lambda each: each.order), items, sites, figures)


@dataclass(slots=True)
class Sums:
    """How many exposures there are in each band, and what they cost: never one figure without its bands.

    `pence` is what has a price; `unpriced` how many have none; `assumed` how many prices are assumed; `waiting` pence a year.
    """

    bands: dict[str, int] = field(default_factory=lambda: {each.key: 0 for each in estate().bands})
    pence: int = 0
    unpriced: int = 0
    assumed: int = 0
    waiting: int = 0

    def add(self, one: Exposure) -> None:
        """Add one."""
        self.bands[one.band.key] += 1
        self.waiting += one.waiting or 0
        if one.price.pence is None:
            self.unpriced += 1
        else:
            self.pence += one.price.pence
            self.assumed += one.price.basis == "assumed"

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.bands.values())

    @property
    def worst(self) -> str:
        """The worst band of which there is one; "" when there is none."""
        return next((key for key, number in self.bands.items() if number), "")

    @property
    def order(self) -> tuple[int, ...]:
        """Sorts the worst first."""
        return tuple(-number for number in self.bands.values())


Key = TypeVar("Key", bound=Hashable)


def summed(those: Iterable[Exposure]) -> Sums:
    """The sums of some."""
    sums = Sums()
    for each in those:
        sums.add(each)
    return sums


def summed_by(those: Sequence[Exposure], key: Callable[[Exposure], Key]) -> dict[Key, Sums]:
    """The sums by a key of each."""
    found: dict[Key, Sums] = defaultdict(Sums)
    for each in those:
        found[key(each)].add(each)
    return dict(found)
