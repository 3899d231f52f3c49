"""Sites with their buildings, their assets and what people said of them, as the rules want them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from backend.assets.known import facts_on
from backend.assets.models import Asset
from backend.checks.models import CheckRevision, CheckType
from backend.checks.revisions import said
from backend.core.days import today
from backend.rules.known_facts import House, Judging, Place, Thing, judging
from backend.trust.models import Building, Site


def house_of(building: Building) -> House:
    """A building as the rules want it."""
    kept = {"built": building.built, "floor_area_m2": building.floor_area_m2, "floors": building.floors}
    return House(str(building.pk), building.name, building.facts, **kept)


def judgings(sites: Iterable[Site], types: Collection[str] | None = None) -> dict[uuid.UUID, Judging]:
    """What is known of each site, by its id. Two queries, however many sites. `types`: only assets of these kinds are read."""
    wanted = {site.pk: site for site in sites}
    houses: dict[uuid.UUID, list[House]] = defaultdict(list)
    things: dict[uuid.UUID, list[Thing]] = defaultdict(list)
    for building in Building.objects.filter(site__in=wanted).order_by("name", "pk"):
        houses[building.site_id].append(house_of(building))
    assets = Asset.objects.filter(site__in=wanted).exclude(status=Asset.Status.RETIRED).order_by("name", "pk")
    assets = assets if types is None else assets.filter(type__in=types)
    now = today()
    rows = assets.values_list("site_id", "pk", "name", "type_id", "building_id", "facts")
    for site_id, pk, name, kind, building_id, facts in rows.iterator(chunk_size=5000):
        things[site_id].append(Thing(str(pk), name, kind, str(building_id or ""), facts_on(kind, facts, now)))
    return {pk: judging(Place(site.name, site.facts, houses[pk], things[pk])) for pk, site in wanted.items()}


def published_now() -> list[CheckRevision]:
    """The current revision of every check of the library, with its check, by discipline and title. One query, mostly."""
    current = CheckType.objects.filter(withdrawn=False, current__isnull=False).values("current_id")
    rows = CheckRevision.objects.filter(pk__in=current).defer("content").select_related("check_type")
    found = list(rows.order_by("check_type__discipline", "check_type__title"))
    said(found)
    return found
