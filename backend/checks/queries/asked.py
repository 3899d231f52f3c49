"""Which questions about sites and buildings are answered, and which are open: counted for many sites at once."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backend.assets.models import Asset
from backend.checks.queries.places import house_of
from backend.rules.known_facts import House, Judging, Place, Source, Thing, judging
from backend.rules.place_facts import GROUPS, PLACE_FACTS, UNKNOWN
from backend.trust.models import Building, Site


@dataclass(slots=True)
class Asked:
    """How many questions a site and its buildings have, how many are open, by group; and how many nobody knows an answer to."""

    site: Site
    total: int = 0
    open: int = 0
    not_known: int = 0
    groups: dict[str, list[int]] = field(default_factory=lambda: {key: [0, 0] for key in GROUPS})

    @property
    def answered(self) -> int:
        """How many are answered, by people or by the register."""
        return self.total - self.open - self.not_known

    @property
    def next_group(self) -> str:
        """The first screen with an open question; "" when there is none."""
        return next((key for key, (_, still) in self.groups.items() if still), "")


def count(site: Site, judged: Judging) -> Asked:
    """Count the questions of one site."""
    found = Asked(site)
    for fact in PLACE_FACTS.values():
        if fact.on == "site":
            add(found, fact.group, judged.site[fact.key].source, site.facts.get(fact.key) == UNKNOWN)
            continue
        for house in judged.place.houses:
            add(found, fact.group, judged.houses[house.id][fact.key].source, house.said.get(fact.key) == UNKNOWN)
    return found


def add(found: Asked, group: str, source: Source, told: bool) -> None:
    """Add one question."""
    found.total += 1
    found.groups[group][0] += 1
    if source is Source.UNKNOWN:
        if told:
            found.not_known += 1
        else:
            found.open += 1
            found.groups[group][1] += 1


def asked_of_sites(sites: Sequence[Site]) -> Mapping[uuid.UUID, Asked]:
    """The questions of each site. Two queries, however many sites and assets: of assets only the kinds are read."""
    houses: dict[uuid.UUID, list[House]] = defaultdict(list)
    for building in Building.objects.filter(site__in=[site.pk for site in sites]).order_by("name", "pk"):
        houses[building.site_id].append(house_of(building))
    kinds: dict[uuid.UUID, list[Thing]] = defaultdict(list)
    for site_id, kind in kinds_at(sites):
        kinds[site_id].append(Thing("", kind, kind))
    return {site.pk: count(site, judging(Place(site.name, site.facts, houses[site.pk], kinds[site.pk]))) for site in sites}


def kinds_at(sites: Sequence[Site]) -> Iterable[tuple[uuid.UUID, str]]:
    """The kinds of asset that each site has in its register."""
    there = Asset.objects.filter(site__in=[site.pk for site in sites]).exclude(status=Asset.Status.RETIRED)
    return there.order_by().values_list("site_id", "type_id").distinct()
