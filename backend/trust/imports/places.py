"""Buildings and spaces of a school: a row for each space, or for each building alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from backend.trust import permits
from backend.trust.actions import Actor, add_building, add_spaces, change_building, change_space
from backend.trust.imports.cells import folded, of_length, suggested, whole
from backend.trust.imports.kinds import CHANGED, NEW, SAME, Kind, Options, Plan, Tell, Trace, differing
from backend.trust.imports.tables import Column, Row, Table
from backend.trust.models import Building, Site, Space


@dataclass(slots=True)
class Block:
    """A building as it would be, with its spaces: (row, name, what is said of it, the one that is there)."""

    row: int
    site: Site
    name: str
    there: Building | None
    wanted: dict[str, Any] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)
    spaces: dict[str, tuple[int, str, dict[str, Any], Space | None]] = field(default_factory=dict)


class Places(Kind):
    """Buildings and spaces."""

    key: ClassVar[str] = "places"
    title: ClassVar[str] = "Buildings and spaces"
    lead: ClassVar[str] = (
        "A row for each room, corridor, roof or yard, with its building beside it; a building without rooms is a row of its own. "
        "What a building's first row says of it (year, floor area) counts for all its rows."
    )
    permit: ClassVar[str] = permits.SITE_CHANGE
    where: ClassVar[str] = "any"
    doing: ClassVar[str] = "add buildings"

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns."""
        return (
            *school_columns(options),
            Column("site", "Site", of_length(200), aliases=("Site name", "Campus"), example=""),
            Column("building", "Building", of_length(120), required=True,
                   aliases=("Building name", "Block", "Block name", "Bldg"), help="the building's name", example="Main block"),
            Column("built", "Year built", whole(1000, 2100), example="1968",
                   aliases=("Built", "Year", "Construction year", "Yr built", "Year of construction")),
            Column("area", "Floor area m2", whole(1, 500_000, "square metres"),
                   aliases=("GIFA", "GIA", "GIFA m2", "GIA m2", "Floor area", "Area", "Gross internal floor area"),
                   example="2400"),
            Column("floors", "Floors", whole(1, 60), aliases=("Storeys", "Number of floors"), example="2"),
            Column("building_warning", "Building warning", of_length(300), aliases=("Warning of the building",),
                   example="Asbestos in the ceiling of the old hall"),
            Column("space", "Space", of_length(120), example="Boiler room",
                   aliases=("Room", "Room name", "Location", "Room no", "Room number")),
            Column("floor", "Floor", of_length(20), aliases=("Level", "Storey"), keeps=True, example="0"),
            Column("warning", "Space warning", of_length(300), aliases=("Warning", "Room warning", "Hazard"),
                   help="shown before work starts there", example="Two people: confined space"),
        )  # fmt: skip

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """Each building with its spaces, as they would be."""
        plan = Plan(table)
        blocks: dict[Any, Block] = {}
        sites = sites_chosen(options)
        there = Building.objects.filter(site__in=sites).prefetch_related("spaces").select_related("site")
        known = {(each.site_id, folded(each.name)): each for each in there}
        table.offered |= {"site": [each.name for each in sites], "school": sorted({each.school.name for each in sites})}
        for row in table.sound():
            site = site_of(table, row, sites)
            if site is None:
                continue
            name = row["building"]
            key = (site.pk, folded(name))
            block = blocks.setdefault(key, Block(row.number, site, name, known.get(key)))
            describe(table, row, block)
            if row["space"]:
                place(table, row, block)
        for block in blocks.values():
            judge(plan, block)
            plan.work.append(block)
        return plan

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Make and change buildings and spaces."""
        for number, block in enumerate(plan.work, 1):
            tell(f"{number} of {len(plan.work)} buildings")
            building = block.there
            if building is None:
                building = add_building(site=block.site, name=block.name, actor=actor, **block.wanted)
                trace.made(block.row, building)
            elif before := differing(building, block.wanted):
                change_building(building, changes=block.wanted, actor=actor)
                trace.changed(block.row, building, before)
            fresh = [(row, Space(name=name, **said)) for row, name, said, there in block.spaces.values() if there is None]
            if fresh:
                add_spaces(building=building, spaces=[space for _, space in fresh], actor=actor)
            for row, space in fresh:
                trace.made(row, space)
            for row, _, said, there in block.spaces.values():
                if there is not None and (before := differing(there, said)):
                    there.building = building
                    change_space(there, changes=said, actor=actor)
                    trace.changed(row, there, before)


def school_columns(options: Options) -> list[Column]:
    """The column that says which school a row is of, where none was chosen beforehand."""
    if options.school:
        return []
    return [
        Column("school", "School", of_length(200), example="",
               aliases=("School name", "URN", "School URN", "Academy", "Academy name", "Establishment", "Establishment name"),
               help="its name or URN; only in a file of the whole trust, where it is needed")
    ]  # fmt: skip


def sites_chosen(options: Options) -> list[Site]:
    """The sites that rows may be at: the one chosen, the chosen school's, or all of the trust."""
    if options.site:
        return [options.site]
    sites = Site.objects.select_related("school").order_by("school__name", "name")
    return list(sites.filter(school=options.school) if options.school else sites)


def schools_sites(table: Table, row: Row, sites: Sequence[Site]) -> Sequence[Site]:
    """The sites of the school that a row names; none, with the fault noted, when it must name one and does not."""
    schools = {each.school_id: each.school for each in sites}
    if len(schools) <= 1:
        return sites
    names = sorted(each.name for each in schools.values())
    if not row["school"]:
        table.wrong(row, "school", f"Write which school it is of.{suggested('', names)}")
        return ()
    said = folded(row["school"])
    theirs = [each for each in sites if said in (folded(each.school.name), str(each.school.urn))]
    if not theirs:
        table.wrong(row, "school", f"There is no school “{row['school']}” here.{suggested(row['school'], names)}", word=True)
    return theirs


def site_of(table: Table, row: Row, sites: Sequence[Site]) -> Site | None:
    """The site that a row names, or the only one of its school; None, with the fault noted."""
    if sites and not (sites := schools_sites(table, row, sites)):
        return None
    if row["site"] is None and len(sites) == 1:
        return sites[0]
    names = [each.name for each in sites]
    if row["site"] is None:
        said = "This school has several sites" if sites else "This school has no site yet: add one on its page"
        table.wrong(row, "site", f"{said}.{suggested('', names)}")
        return None
    found = next((each for each in sites if folded(each.name) == folded(row["site"])), None)
    if found is None:
        table.wrong(row, "site", f"There is no site “{row['site']}” here.{suggested(row['site'], names)}", word=True)
    return found


COLUMNS = {"built": "built", "area": "floor_area_m2", "floors": "floors", "building_warning": "warning"}


def describe(table: Table, row: Row, block: Block) -> None:
    """What a row says of its building; another row must not say otherwise."""
    for key, column in COLUMNS.items():
        value = row[key]
        if value is None:
            continue
        if column in block.wanted and block.wanted[column] != value:
            said = f"Row {block.said_in[column]} says {block.wanted[column]} of the same building, this one {value}. Write one."
            table.wrong(row, key, said)
        else:
            block.wanted[column] = value
            block.said_in.setdefault(column, row.number)


def place(table: Table, row: Row, block: Block) -> None:
    """The row's space."""
    key = folded(row["space"])
    if key in block.spaces:
        said = f"“{row['space']}” of {block.name} stands in row {block.spaces[key][0]} already. Take one out, or tell them apart."
        table.wrong(row, "space", said)
        return
    wanted = {name: row[name] for name in ("floor", "warning") if row[name] is not None}
    spaces = block.there.spaces.all() if block.there else ()
    there = next((each for each in spaces if folded(each.name) == key), None)
    block.spaces[key] = (row.number, row["space"], wanted, there)


def judge(plan: Plan, block: Block) -> None:
    """What would become of a building and its spaces."""
    if block.there is None:
        plan.add(block.row, NEW, "building", block.name, block.site.name)
    else:
        changes = sorted(differing(block.there, block.wanted))
        plan.add(block.row, CHANGED if changes else SAME, "building", block.name, ", ".join(changes))
    for row, name, wanted, there in block.spaces.values():
        did = NEW if there is None else CHANGED if differing(there, wanted) else SAME
        plan.add(row, did, "space", name, block.name)
