"""The department's condition data collection (CDC): blocks of each school with floor area and age.

The layout has no names for blocks: a block is known again by its floor area, and called by a number when it is new.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from backend.trust import permits
from backend.trust.actions import Actor, add_building, change_building
from backend.trust.imports.cells import Wrong, of_length, one_of, whole
from backend.trust.imports.kinds import CHANGED, NEW, SAME, Kind, Options, Plan, Tell, Trace, differing
from backend.trust.imports.places import sites_chosen
from backend.trust.imports.tables import Column, Row, Table
from backend.trust.models import Building, SchoolUrn, Site

NEAR: Final = 20  # a block is known again when its area differs by at most a twentieth
SECTIONS: Final = {"BLOCK": "Block", "ANCILLARY": "Ancillary building"}
SECTION_KEYS: Final = {each: each for each in SECTIONS}
BAND: Final = re.compile(r"(\d{4})\s*[-–]\s*(\d{4})")


def age(text: str) -> int:
    """The first year of an age band: 1991-2000 is 1991; "Pre 1919" is 1900. Raises Wrong."""
    if found := BAND.search(text):
        return int(found[1])
    if found := re.search(r"(?:pre|before)\D*(\d{4})", text, re.IGNORECASE):
        return int(found[1]) - 1
    if found := re.search(r"(?:post|after)\D*(\d{4})", text, re.IGNORECASE):
        return int(found[1]) + 1
    if found := re.fullmatch(r"\s*(\d{4})\s*", text):
        return int(found[1])
    raise Wrong(f"“{text}” is no age of a block. Write a span of years, as in 1991-2000.")


@dataclass(slots=True)
class Block:
    """A block as it would be: what it is called when it is new, and the building that it is known again as."""

    row: int
    site: Site
    name: str
    wanted: dict[str, Any]
    there: Building | None


class ConditionData(Kind):
    """Blocks from the department's condition data."""

    key: ClassVar[str] = "cdc"
    title: ClassVar[str] = "Condition data (CDC)"
    lead: ClassVar[str] = (
        "The department's file of blocks, with their floor area and age. A block is known again by its floor area; what is not "
        "known again becomes a building called by a number, to be renamed. What you have entered yourself is never overwritten."
    )
    permit: ClassVar[str] = permits.SITE_CHANGE
    where: ClassVar[str] = "any"
    doing: ClassVar[str] = "add buildings"

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns of the department's file."""
        return (
            Column("site", "Site", of_length(200), aliases=("Site name", "School", "SiteName"), example="Oakfield (CDC2)"),
            Column("urn", "URN", whole(1, 9_999_999), required=True, aliases=("School URN",), example="130000"),
            Column("section", "SurveySectionSectionType", one_of(SECTION_KEYS, "sort of block"), required=True,
                   aliases=("Section type", "SectionType", "Survey section type"), example="BLOCK", offers=sorted(SECTIONS)),
            Column("area", "GIFA", whole(1, 500_000, "square metres"), required=True, aliases=("GIFA m2", "Floor area"),
                   example="809"),
            Column("built", "Block Age", age, aliases=("Age", "Age band", "BlockAge"), example="1991-2000"),
        )  # fmt: skip

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """Each block at the first site of its school. Schools of other trusts are passed over with a word."""
        plan = Plan(table)
        sites: dict[int, Site] = {}
        chosen = sites_chosen(options)
        for site in chosen:
            sites.setdefault(site.school.urn, site)
        former = SchoolUrn.objects.filter(school__in=[each.school_id for each in chosen]).values_list("urn", "school__urn")
        now_of = dict(former)
        free: dict[Any, list[Building]] = defaultdict(list)
        for building in Building.objects.filter(site__in=chosen).order_by("name"):
            free[building.site_id].append(building)
        counts: dict[tuple[Any, str], int] = defaultdict(int)
        others: set[int] = set()
        for row in table.sound():
            found = sites.get(now_of.get(row["urn"], row["urn"]))
            if found is None:
                others.add(row["urn"])
                continue
            counts[found.pk, row["section"]] += 1
            block = self.block_of(row, found, free[found.pk], counts[found.pk, row["section"]])
            self.add(plan, block)
        if others:
            several = "1 school of the file is" if len(others) == 1 else f"{len(others)} schools of the file are"
            plan.notes.append(f"{several} not of this trust, or not chosen, and passed over.")
        return plan

    def block_of(self, row: Row, site: Site, free: list[Building], number: int) -> Block:
        """The block of a row: the building nearest in area, if one is near enough, else a new one."""
        area = row["area"]
        near = [each for each in free if each.floor_area_m2 and abs(each.floor_area_m2 - area) * NEAR <= area]
        there = min(near, key=lambda each: (abs((each.floor_area_m2 or 0) - area), each.name), default=None)
        if there:
            free.remove(there)
        wanted = {"floor_area_m2": area, **({"built": row["built"]} if row["built"] else {})}
        if there:  # what is known here stays: the file only fills in what is empty
            wanted = {name: value for name, value in wanted.items() if getattr(there, name) is None}
        return Block(row.number, site, f"{SECTIONS[row['section']]} {number} (CDC)", wanted, there)

    def add(self, plan: Plan, block: Block) -> None:
        """Note what would be done with a block."""
        did = NEW if block.there is None else CHANGED if block.wanted else SAME
        detail = ", ".join(f"{value}" for value in block.wanted.values())
        plan.add(block.row, did, "building", f"{block.there or block.name}, {block.site}", detail)
        if did != SAME:
            plan.work.append(block)

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Add or fill in each building."""
        for number, block in enumerate(plan.work, 1):
            if block.there:
                before = differing(block.there, block.wanted)
                change_building(block.there, changes=block.wanted, actor=actor)
                trace.changed(block.row, block.there, before)
            else:
                trace.made(block.row, add_building(site=block.site, name=free_name(block), actor=actor, **block.wanted))
            tell(f"{number:,} of {len(plan.work):,} buildings written")


def free_name(block: Block) -> str:
    """A name that no building of the site has yet."""
    names = set(Building.objects.filter(site=block.site).values_list("name", flat=True))
    name, number = block.name, 2
    while name in names:
        name, number = f"{block.name} {number}", number + 1
    return name
