"""Adding and changing the trust, its schools and its places."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions.acting import Actor, Row, checked, fact, require_school, require_site, require_trust
from backend.trust.models import Building, Outline, School, SchoolUrn, Site, Space, Trust

SCHOOL_COLUMNS: Final = frozenset({"name", "phase", "pupils", "opened_on", "closed_on"})
SITE_COLUMNS: Final = frozenset({"name", "address", "postcode", "uprn", "latitude", "longitude"})
BUILDING_COLUMNS: Final = frozenset({"name", "built", "floor_area_m2", "floors", "warning"})
SPACE_COLUMNS: Final = frozenset({"name", "floor", "warning"})


@transaction.atomic
def add_trust(*, name: str, uid: str, actor: Actor, made_up: bool = False) -> Trust:
    """Set up the one trust of this deployment. Raises Problem when there is one already."""
    require_trust(actor, permits.TRUST_CHANGE, "set up a trust")
    if Trust.objects.exists():
        raise Problem("trust_exists", "There is a trust here already: one deployment serves one trust.", status=409)
    trust = checked(Trust(name=name.strip(), uid=uid, made_up=made_up))
    trust.save()
    audit.append([fact("trust", trust, actor)])
    return trust


@transaction.atomic
def add_school(
    *,
    trust: Trust,
    name: str,
    urn: int,
    phase: str,
    actor: Actor,
    pupils: int | None = None,
    opened_on: dt.date | None = None,
    closed_on: dt.date | None = None,
) -> School:
    """Add a school. Raises Problem when its URN is taken or something is not sound."""
    require_trust(actor, permits.TRUST_CHANGE, "add schools")
    former = SchoolUrn.objects.select_related("school").filter(urn=urn).first()
    if former:
        said = f"{urn} was the URN of {former.school} before. It is the same school: nothing is to be added."
        raise Problem("urn_taken", said, status=409, fields={"urn": said})
    school = School(trust=trust, name=name.strip(), urn=urn, phase=phase, pupils=pupils)
    school.opened_on, school.closed_on = opened_on, closed_on
    checked(school).save()
    audit.append([fact("school", school, actor)])
    return school


@transaction.atomic
def change_school(school: School, *, changes: Mapping[str, Any], actor: Actor) -> School:
    """Change what is known of a school (SCHOOL_COLUMNS). Its URN: see renumber_school. Raises Problem."""
    require_trust(actor, permits.TRUST_CHANGE, "change schools")
    return changed(school, changes, SCHOOL_COLUMNS, actor)


@transaction.atomic
def renumber_school(school: School, *, urn: int, actor: Actor, until: dt.date | None = None) -> SchoolUrn:
    """Give a school its new URN, as when it became an academy; the old one is kept and still finds it. Raises Problem."""
    require_trust(actor, permits.TRUST_CHANGE, "change schools")
    if School.objects.filter(urn=urn).exclude(pk=school.pk).exists() or SchoolUrn.objects.filter(urn=urn).exists():
        raise Problem("urn_taken", f"{urn} is another school's URN.", status=409, fields={"urn": "Another school has this URN."})
    former = SchoolUrn(school=school, urn=school.urn, name=school.name, until=until)
    checked(former).save()
    school.urn = urn
    checked(school).save(update_fields=["urn"])
    audit.append([fact("school-urn", former, actor), fact("school-change", school, actor)])
    return former


@transaction.atomic
def add_site(
    *,
    school: School,
    name: str,
    actor: Actor,
    address: str = "",
    postcode: str = "",
    uprn: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> Site:
    """Add a site to a school. Raises Problem when the school has one of that name."""
    require_school(actor, permits.SITE_CHANGE, school, "add sites")
    site = Site(school=school, name=name.strip(), address=address, postcode=postcode, uprn=uprn)
    site.latitude, site.longitude = latitude, longitude
    checked(site).save()
    audit.append([fact("site", site, actor)])
    return site


@transaction.atomic
def change_site(site: Site, *, changes: Mapping[str, Any], actor: Actor) -> Site:
    """Change what is known of a site (SITE_COLUMNS). Raises Problem."""
    require_site(actor, permits.SITE_CHANGE, site, "change this site")
    return changed(site, changes, SITE_COLUMNS, actor)


@transaction.atomic
def add_building(
    *,
    site: Site,
    name: str,
    actor: Actor,
    built: int | None = None,
    floor_area_m2: int | None = None,
    floors: int | None = None,
    warning: str = "",
) -> Building:
    """Add a building to a site; `warning` is what somebody must know before work starts. Raises Problem."""
    require_site(actor, permits.SITE_CHANGE, site, "add buildings")
    building = Building(site=site, name=name.strip(), built=built, floors=floors, warning=warning)
    building.floor_area_m2 = floor_area_m2
    checked(building).save()
    audit.append([fact("building", building, actor)])
    return building


@transaction.atomic
def change_building(building: Building, *, changes: Mapping[str, Any], actor: Actor) -> Building:
    """Change what is known of a building (BUILDING_COLUMNS). Raises Problem."""
    require_site(actor, permits.SITE_CHANGE, building.site, "change buildings")
    return changed(building, changes, BUILDING_COLUMNS, actor)


@transaction.atomic
def add_spaces(*, building: Building, spaces: Sequence[Space], actor: Actor) -> list[Space]:
    """Add rooms, corridors or yards (not yet saved) to one building. Raises Problem for a name missing or used twice."""
    require_site(actor, permits.ASSET_CHANGE, building.site, "add spaces")
    taken = set(building.spaces.values_list("name", flat=True))
    for space in spaces:
        space.building, space.name = building, space.name.strip()
        if not space.name or len(space.name) > 120:
            raise Problem("name_missing", "Give the space a name of at most 120 letters.", fields={"name": "Write a name."})
        if space.name in taken:
            said = f"{building.name} has a space called {space.name} already."
            raise Problem("name_taken", said, status=409, fields={"name": said})
        taken.add(space.name)
    made = Space.objects.bulk_create(spaces, batch_size=1000)
    audit.append([fact("space", each, actor) for each in made])
    return made


@transaction.atomic
def change_space(space: Space, *, changes: Mapping[str, Any], actor: Actor) -> Space:
    """Change what is known of a space (SPACE_COLUMNS). Raises Problem."""
    require_site(actor, permits.SITE_CHANGE, space.building.site, "change spaces")
    return changed(space, changes, SPACE_COLUMNS, actor)


@transaction.atomic
def draw_outline(*, site: Site, building: Building | None, geometry: Mapping[str, Any], area_m2: int, actor: Actor) -> Outline:
    """Keep the boundary of a site, or the footprint of one of its buildings, in place of what there was. Raises Problem."""
    require_site(actor, permits.SITE_CHANGE, site, "draw outlines")
    if building and building.site_id != site.pk:
        raise Problem("wrong_place", "That building is at another site.", fields={"building": "Choose a building of this site."})
    outline = Outline.objects.filter(site=site, building=building).first() or Outline(site=site, building=building)
    outline.geometry, outline.area_m2 = dict(geometry), area_m2
    outline.save()
    audit.append([fact("outline", outline, actor)])
    return outline


def changed(row: Row, changes: Mapping[str, Any], columns: frozenset[str], actor: Actor) -> Row:
    """The row with these columns changed, checked, saved and entered; one that does not differ is left as it is."""
    unknown = set(changes) - columns
    if unknown:
        raise Problem("unknown_field", "Some of these details cannot be changed.", fields=dict.fromkeys(unknown, "not known"))
    different = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    if not different:
        return row
    for name in different:
        setattr(row, name, changes[name])
    checked(row).save(update_fields=different)
    audit.append([fact(f"{row._meta.model_name}-change", row, actor)])
    return row
