"""The invented trust's schools, sites, buildings and rooms, with their calendars."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice

from backend.office.demo.dice import dice
from backend.office.demo.fixtures import BuildingPlan, Fixtures, SchoolPlan, SitePlan
from backend.office.demo.terms import calendar_of
from backend.trust.actions import Actor, add_building, add_school, add_site, add_spaces, set_calendar
from backend.trust.models import Building, School, Site, Space, Trust


@dataclass(slots=True)
class Place:
    """A room, with what it is used for."""

    space: Space
    use: str


@dataclass(slots=True)
class Block:
    """A building that was made, with its plan and rooms."""

    building: Building
    plan: BuildingPlan
    places: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class Grounds:
    """A site that was made, with its buildings."""

    site: Site
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Made:
    """A school that was made, with everything on it."""

    school: School
    plan: SchoolPlan
    grounds: list[Grounds] = field(default_factory=list)

    def blocks(self) -> list[Block]:
        """Every building of the school."""
        return [block for each in self.grounds for block in each.blocks]


def planned(fixtures: Fixtures, number: int, seed: int) -> list[SchoolPlan]:
    """`number` schools: those written out, then others like them under further names."""
    return [*fixtures.schools[:number], *islice(further(fixtures, seed), max(0, number - len(fixtures.schools)))]


def further(fixtures: Fixtures, seed: int) -> Iterator[SchoolPlan]:
    """Schools like the ones written out, without end of patience: each with a name and URN of its own."""
    models, names = fixtures.schools, fixtures.more_names
    for number in count():
        model, name = models[number % len(models)], names[number % len(names)]
        if number >= len(names):
            name = f"{name} {number // len(names) + 1}"
        throw = dice(seed, "school", name)
        kind = {"primary": "Primary", "secondary": "Academy", "special": "School"}[model.phase]
        title = f"{name} {kind}"
        sites = [like(site, model, title, number, throw.uniform(0.85, 1.2)) for site in model.sites]
        yield model.model_copy(
            update={
                "key": name.lower().replace(" ", "-"),
                "name": title,
                "urn": fixtures.schools[-1].urn + 1 + number,
                "pupils": int(model.pupils * throw.uniform(0.8, 1.2)),
                "overdue": {},
                "sites": sites,
            }
        )


def like(site: SitePlan, model: SchoolPlan, title: str, number: int, size: float) -> SitePlan:
    """A site like another's, larger or smaller."""
    buildings = [each.model_copy(update={"area": int(each.area * size)}) for each in site.buildings]
    at = [site.at[0] + 0.01 * (number % 17), site.at[1] + 0.01 * (number % 13)] if site.at else None
    name = site.name.replace(model.name, title) if model.name in site.name else f"{title}, {site.name}"
    return site.model_copy(
        update={"name": name, "buildings": buildings, "at": at, "address": f"{number + 1} Any Road, {title}", "postcode": ""}
    )


def make_school(plan: SchoolPlan, *, trust: Trust, fixtures: Fixtures, actor: Actor, today: dt.date) -> Made:
    """One school with its sites, buildings, rooms and calendar."""
    school = add_school(trust=trust, name=plan.name, urn=plan.urn, phase=plan.phase, pupils=plan.pupils, actor=actor)
    terms, marks = calendar_of(fixtures.terms[plan.terms], today, club=plan.club)
    set_calendar(school=school, terms=terms, marks=marks, actor=actor)
    made = Made(school, plan)
    for each in plan.sites:
        latitude, longitude = each.at or (None, None)
        site = add_site(
            school=school,
            name=each.name,
            address=each.address,
            postcode=each.postcode,
            latitude=latitude,
            longitude=longitude,
            actor=actor,
        )
        made.grounds.append(Grounds(site, [make_block(site, block, fixtures, actor) for block in each.buildings]))
    return made


def make_block(site: Site, plan: BuildingPlan, fixtures: Fixtures, actor: Actor) -> Block:
    """A building with its rooms."""
    building = add_building(
        site=site,
        name=plan.name,
        built=plan.built,
        floor_area_m2=plan.area,
        floors=plan.floors,
        warning=plan.warning,
        actor=actor,
    )
    block = Block(building, plan)
    for room in fixtures.rooms[plan.kind]:
        for number in range(1, room.count + 1):
            space = Space(name=room.name.format(n=number), floor=room.floor, warning=room.warning)
            block.places.append(Place(space, room.use))
    add_spaces(building=building, spaces=[place.space for place in block.places], actor=actor)
    return block
