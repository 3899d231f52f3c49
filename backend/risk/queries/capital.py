"""Capital projects as they stand: what each costs, which risk it takes away, by when; and what the estate proposes."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backend.risk.estate import estate, funding
from backend.risk.models import Project
from backend.risk.queries.assumed import Assumed
from backend.risk.queries.condition import price_today
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import Gathered, Sums, gather, summed
from backend.rules.capital import HORIZONS, Funding, Route, route_of_project, route_of_trust
from backend.rules.estate import at_todays_prices
from backend.trust.models import Building, Person, School, Site

SEPTEMBER = 9


@dataclass
class Works:
    """A project, or what the estate proposes as one (`project` None): its open items and what they come to.

    `pence`: its works at today's prices, None while nothing of it has a price; `unpriced` items have none. `by`: the year in
    whose September-to-August it should be done; None when no survey says.
    """

    title: str
    site: Site
    items: list[Any]
    exposures: list[Exposure]
    pence: int | None
    unpriced: int
    by: int | None
    route: str
    project: Project | None = None
    building: Building | None = None
    element: str = ""

    @property
    def points(self) -> int:
        """Points of risk that it takes away: the scores of the exposures that its items are."""
        return sum(each.score.score for each in self.exposures)

    @cached_property
    def sums(self) -> Sums:
        """Its exposures by band."""
        return summed(self.exposures)

    @property
    def priority(self) -> int | None:
        """The most urgent of its items."""
        return min((each.priority for each in self.items if each.priority), default=None)

    @property
    def route_words(self) -> str:
        """Who pays."""
        return funding().titles[self.route]

    @property
    def key(self) -> str:
        """What it is asked for by while it is only proposed."""
        return f"{self.site.pk}.{self.building.pk if self.building else ''}.{self.element}"


@dataclass(slots=True)
class Capital:
    """All of it that somebody may see on a day: open projects, what no project is for yet, and who pays."""

    day: dt.date
    found: Gathered
    works: list[Works]
    proposed: list[Works]
    route: Route
    others: list[Project] = field(default_factory=list)

    @property
    def funding(self) -> Funding:
        """The rules of who pays."""
        return funding()

    @property
    def route_title(self) -> str:
        """Who pays for large works."""
        return funding().titles[self.route.key]

    @property
    def route_words(self) -> str:
        """How they do."""
        return funding().words[self.route.key]

    @property
    def first_year(self) -> int:
        """The year in whose September the present year of the trust began."""
        return year_of(self.day)


def year_of(day: dt.date) -> int:
    """The year in whose September the academies' year of a day began (1 September to 31 August: the Academy Trust Handbook)."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


def year_words(first: int) -> str:
    """A year of the trust in words: "2026/27"."""
    return f"{first}/{(first + 1) % 100:02d}"


def capital(person: Person, day: dt.date) -> Capital:
    """Open projects and what the estate proposes beside them, the most points of risk first. Some twenty queries."""
    found = gather(person, day)
    route = trust_route()
    rows = list(Project.objects.visible_to(person).select_related("site__school"))
    items = {each.pk: each for each in found.items}
    exposed = {each.key: each for each in found.exposures}
    held = {item for row in rows if row.is_open for item in row.items}
    works = [
        works_of(row, [items[each] for each in row.items if each in items], exposed, found, route) for row in rows if row.is_open
    ]
    loose = [each for each in found.items if each.pk not in held and each.priority]
    proposed = [works_of(None, those, exposed, found, route) for those in grouped(loose)]
    return Capital(
        day, found, sorted(works, key=order), sorted(proposed, key=order), route, [row for row in rows if not row.is_open]
    )


def order(one: Works) -> tuple[Any, ...]:
    """The most points of risk first."""
    return (-one.points, one.title, str(one.site), one.key)


def grouped(items: Sequence[Any]) -> list[list[Any]]:
    """Items by site, building and element: what one firm does in one go."""
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for each in items:
        found[each.survey.site_id, each.building_id, each.element].append(each)
    return list(found.values())


def works_of(project: Project | None, items: list[Any], exposed: Mapping[str, Exposure], found: Gathered, route: Route) -> Works:
    """One project with its open items, or some items as a project that there could be."""
    prices = [price_today(each, found.day, found.figures).pence for each in items]
    pence = sum(each or 0 for each in prices) if any(each is not None for each in prices) else None
    unpriced = prices.count(None)
    if project and project.works_pence is not None and project.priced_on:
        rise = found.figures["prices-rise"].value
        pence, unpriced = at_todays_prices(project.works_pence, project.priced_on, found.day, rise), 0
    element = items[0].element if items else ""
    building = items[0].building if items else None
    return Works(
        title=str(project) if project else title_of(element, building),
        site=project.site if project else items[0].survey.site,
        items=items,
        exposures=[exposed[key] for each in items if (key := f"condition.{each.pk}") in exposed],
        pence=pence,
        unpriced=unpriced,
        by=min((each for each in map(by_of, items) if each is not None), default=None),
        route=route_of_project(route, pence, found.figures["works-small"].value),
        project=project,
        building=building,
        element=element,
    )  # fmt: skip


def title_of(element: str, building: Building | None) -> str:
    """What a project of an element is called until somebody calls it otherwise."""
    words = estate().elements.get(element, element)
    return f"{words}, {building}"[:160] if building else words


def by_of(item: Any) -> int | None:
    """The year of the trust in which an item should be done: by its own year, else as its priority says since its survey."""
    if item.year is not None:
        return int(item.year) - 1  # by the end of a calendar year: in the year of the trust that begins the September before
    if item.priority is None:
        return None
    return year_of(item.survey.done_on) + int(estate().within_years[item.priority])


def trust_route() -> Route:
    """Who pays for large works of this trust, by how many academies and pupils it has. One query."""
    said = list(School.objects.filter(closed_on=None).values_list("pupils", flat=True))
    return route_of_trust(funding(), len(said), sum(each or 0 for each in said), said.count(None))


@dataclass(slots=True)
class Horizon:
    """What should be done within so many years: works in a project and works in none yet."""

    years: int
    until: int
    works: list[Works]
    proposed: list[Works]

    @property
    def pence(self) -> int:
        """What it comes to at today's prices, as far as it has a price."""
        return sum(each.pence or 0 for each in (*self.works, *self.proposed))

    @property
    def unpriced(self) -> int:
        """How many items have no price."""
        return sum(each.unpriced for each in (*self.works, *self.proposed))

    @property
    def sums(self) -> Sums:
        """The exposures that it takes away, by band."""
        return summed(each for one in (*self.works, *self.proposed) for each in one.exposures)


def horizons(one: Capital) -> list[Horizon]:
    """What should be done within 1, 5 and 10 years, each with what came before it. What has no year belongs to none."""
    found = []
    for years in HORIZONS:
        until = one.first_year + years - 1
        parts = [[each for each in some if each.by is not None and each.by <= until] for some in (one.works, one.proposed)]
        found.append(Horizon(years, until, *parts))
    return found


def chosen(one: Capital, keys: Sequence[str]) -> list[Works]:
    """What the estate proposes, by the keys of some; those that are proposed no longer are left out."""
    wanted = set(keys)
    return [each for each in one.proposed if each.key in wanted]


def of_project(one: Capital, id: uuid.UUID) -> Works | None:
    """One open project."""
    return next((each for each in one.works if each.project and each.project.pk == id), None)


def lines_of_cost(figures: Mapping[str, Assumed]) -> dict[str, int]:
    """What the cost of works in a year rests on, by the names that the rule knows."""
    names = {"rise": "prices-rise", "unexpected": "works-unexpected", "fees": "works-fees"}
    return {name: figures[key].value for name, key in names.items()}
