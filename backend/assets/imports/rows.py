"""The rows of a register: what each wants, at which place, and whether that asset is here already."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backend.assets.imports.facts import facts_of, judge_facts
from backend.assets.models import Asset, AssetType, Tag
from backend.rules.tagcode import is_valid
from backend.trust.imports.cells import SPOILED, Roughly, Wrong, folded, misspelt, nearly, of_length, suggested
from backend.trust.imports.kinds import Options, Plan
from backend.trust.imports.places import site_of
from backend.trust.imports.tables import Row, Table
from backend.trust.models import Building, Site, Space

MAKE_PLACES: Final = "make-places"


NUMBER_ALIKE: Final = "number-alike"


PLAIN: Final = ("make", "model", "serial", "note")


@dataclass(slots=True)
class Doing:
    """What is to be done about one asset; `where` is the (building's, space's) name when they are to be made."""

    row: Row
    kind: AssetType
    site: Site
    wanted: dict[str, Any]
    building: Building | None
    space: Space | None
    where: tuple[str, str] = ("", "")
    there: Asset | None = None


@dataclass(slots=True)
class Here:
    """What there is at the sites: buildings, spaces, assets by what tells them apart."""

    sites: list[Site]
    buildings: dict[Any, dict[str, Building]] = field(default_factory=lambda: defaultdict(dict))
    spaces: dict[Any, dict[str, Space]] = field(default_factory=lambda: defaultdict(dict))
    by_serial: dict[tuple[Any, str, str], Asset] = field(default_factory=dict)
    by_place: dict[tuple[Any, ...], list[Asset]] = field(default_factory=lambda: defaultdict(list))
    numbered: dict[tuple[Any, ...], list[Asset]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[str, Any] = field(default_factory=dict)

    def names(self) -> dict[str, list[str]]:
        """What there is to choose from for a word that is none of them."""
        buildings = {each.name for theirs in self.buildings.values() for each in theirs.values()}
        spaces = {each.name for theirs in self.spaces.values() for each in theirs.values()}
        schools = sorted({each.school.name for each in self.sites})
        return {
            "school": schools,
            "site": [each.name for each in self.sites],
            "building": sorted(buildings),
            "space": sorted(spaces),
        }


def serial_number(text: str) -> str:
    """A maker's number, in full. Raises Wrong."""
    if SPOILED.fullmatch(text):
        raise Wrong(f"“{text}” was shortened by a spreadsheet: its last figures are lost. Write the number in full, or nothing.")
    return str(of_length(80)(text))


def tag(text: str) -> str:
    """A label's code. Raises Wrong."""
    code = re.sub(r"[\s-]", "", text.rsplit("/", 1)[-1]).upper().translate(str.maketrans("OIL", "011"))
    if not is_valid(code):
        raise Wrong(
            f"“{text}” is no code of a label of ours, or was mistyped. Copy the eight letters and figures, or leave it empty."
        )
    return code


def here_at(sites: list[Site]) -> Here:
    """What there is at the sites: five queries."""
    here = Here(sites)
    for building in Building.objects.filter(site__in=sites).select_related("site"):
        here.buildings[building.site_id][folded(building.name)] = building
    for space in Space.objects.filter(building__site__in=sites):
        here.spaces[space.building_id][folded(space.name)] = space
    for asset in Asset.objects.filter(site__in=sites).exclude(status=Asset.Status.RETIRED).select_related("site").order_by("pk"):
        place = (asset.site_id, asset.type_id, folded(asset.name), asset.building_id, asset.space_id)
        if asset.serial:
            here.by_serial[asset.site_id, asset.type_id, folded(asset.serial)] = asset
            here.numbered[place].append(asset)
        else:
            here.by_place[place].append(asset)
    return here


def doing_of(table: Table, row: Row, here: Here, options: Options) -> Doing | None:
    """What a row wants; None, with the faults noted, when it cannot be told. Every fault of a row is noted at once."""
    site = site_of(table, row, here.sites)
    if site is None:
        return None
    building, space, where = place_of(table, row, here, site, MAKE_PLACES in options.ticks)
    if row["installed"] and row["installed"] > options.today:
        table.wrong(row, "installed", f"“{row.said['installed']}” lies in the future. Check the year.")
    facts = facts_of(row)
    if row["tag"]:
        judge_tag(table, row, here, site)
    kind = row["type"]
    if kind is not None:
        judge_facts(table, row, kind, facts)
    if kind is None or row.faulty:
        return None
    wanted: dict[str, Any] = {key: row[key] for key in PLAIN if row[key] is not None}
    wanted["name"] = row["name"] or kind.name
    if row["installed"]:
        wanted["installed_on"] = row["installed"]
    if facts:
        wanted["facts"] = facts
    return Doing(row, kind, site, wanted, building, space, where)


def if_only_roughly(doing: Doing) -> None:
    """Where only the year or month is known, its first day stands for it and the note says so. A day that is known stays."""
    said, there = doing.row["installed"], doing.there
    if not isinstance(said, Roughly):
        return
    known = there.installed_on if there else None
    month = " " in said.words
    if known and known.year == said.year and (not month or known.month == said.month):
        del doing.wanted["installed_on"]
        return
    doing.wanted["installed_on"] = dt.date(said.year, said.month, said.day)
    note = doing.wanted.get("note", there.note if there else "")
    words = f"Installed in {said.words}: the day is not known."
    if words not in note:
        doing.wanted["note"] = f"{note} {words}".strip()[:2000]


def place_of(table: Table, row: Row, here: Here, site: Site, make: bool) -> tuple[Building | None, Space | None, tuple[str, str]]:
    """The building and space that a row names, or their names when they are to be made."""
    named, room = row["building"], row["space"]
    buildings = here.buildings[site.pk]
    if named is None and room is None:
        return None, None, ("", "")
    if named is None:
        having = [each for each in buildings.values() if folded(room) in here.spaces[each.pk]] if len(buildings) > 1 else []
        if len(buildings) != 1 and len(having) != 1:
            names = [each.name for each in having or buildings.values()]
            said = f"A space is named, “{room}”, and no building. Write which building it is in.{suggested('', names)}"
            table.wrong(row, "building", said)
            return None, None, ("", "")
        building: Building | None = having[0] if having else next(iter(buildings.values()))
    else:
        building = buildings.get(folded(named))
    if building is None:
        lacks(table, row, "building", f"at {site}", [each.name for each in buildings.values()], make=make)
        return None, None, (named, room or "")
    spaces = here.spaces[building.pk]
    space = spaces.get(folded(room)) if room else None
    if room and space is None:
        lacks(table, row, "space", f"in {building}", [each.name for each in spaces.values()], make=make)
    return building, space, ("", room if room and space is None else "")


def lacks(table: Table, row: Row, what: str, where: str, names: Sequence[str], *, make: bool) -> None:
    """Note that a building or space is not here; where it would be made, only when it looks like a slip of one that is."""
    said = row[what]
    if not make:
        hint = suggested(said, names) or " Tick the box that makes it."
        table.wrong(row, what, f"There is no {what} “{said}” {where}.{hint}", word=True)
    elif meant := misspelt(said, names):
        table.wrong(
            row,
            what,
            f"“{said}” looks like “{meant}”, which is here. Write it so; if it is another {what}, add it by hand first.",
            word=True,
        )


def judge_tag(table: Table, row: Row, here: Here, site: Site) -> None:
    """A label must be one of ours, in use by nothing else. Looked up once for all rows."""
    if not here.tags:
        codes = {each["tag"] for each in table.rows if each["tag"]}
        here.tags = {each.pk: each for each in Tag.objects.filter(pk__in=codes).select_related("asset__site")}
        here.tags.setdefault("", None)
    found = here.tags.get(row["tag"])
    if found is None:
        table.wrong(row, "tag", f"There is no label {row['tag']}: labels are printed here. Leave it empty, and print one later.")
    elif found.retired_at:
        table.wrong(row, "tag", f"The label {row['tag']} was taken out of use. Use a new one.")
    elif found.building_id or found.space_id:
        table.wrong(row, "tag", f"The label {row['tag']} is on a room or a building.")
    elif found.asset and found.asset.site_id != site.pk:
        table.wrong(row, "tag", f"The label {row['tag']} is on an asset at another site.")


def twice(plan: Plan, doing: Doing, seen: dict[tuple[Any, ...], int], *, number: bool) -> bool:
    """Whether a row says again what another said; noted as a fault, or, when every word is the same and a number tells
    that it is one thing, as taken once. `number`: things told apart by nothing are numbered."""
    row, serial = doing.row, doing.wanted.get("serial", "")
    keys: list[tuple[str, tuple[Any, ...], str]] = []
    if row["tag"]:
        keys.append(("tag", ("tag", row["tag"]), f"The label {row['tag']}"))
    if serial:
        keys.append(("serial", ("serial", doing.site.pk, doing.kind.pk, folded(serial)), f"The serial number {serial}"))
    elif not row["tag"]:
        if number:
            tell_apart(doing, seen)
        keys.append(("name", named_there(doing), "The same type, name and place"))
    for key, found, said in keys:
        if found in seen and key != "name" and ("said", seen[found], *row.said.values()) in seen:
            plan.notes.append(f"Row {row.number} repeats row {seen[found]} word for word: it is taken once.")
            return True
        if found in seen:
            advice = "Take one of them out" if key != "name" else "Take one out, or tell them apart by name, such as “2”"
            # a number that was made up to fill the column is said to be none once, for all its rows
            plan.table.wrong(row, key, f"{said} stands in row {seen[found]} already. {advice}.", word=key == "serial")
            return True
    seen.update((found, row.number) for _, found, _ in keys)
    seen["said", row.number, *row.said.values()] = row.number
    return False


def named_there(doing: Doing) -> tuple[Any, ...]:
    """What an asset without a number is known by: its type, name and place."""
    where = (folded(doing.row.said.get("building", "")), folded(doing.row.said.get("space", "")))
    return ("same", doing.site.pk, doing.kind.pk, folded(doing.wanted["name"]), *where)


def tell_apart(doing: Doing, seen: dict[tuple[Any, ...], int]) -> None:
    """Give the second of a name at a place the number 2, and so on: the same rows get the same numbers again."""
    name, first = doing.wanted["name"], ("alike", *named_there(doing))
    while named_there(doing) in seen:
        seen[first] = seen.get(first, 1) + 1
        doing.wanted["name"] = f"{name[:150]} {seen[first]}"


def recognised(here: Here, doing: Doing) -> Asset | None:
    """The asset that is here already."""
    labelled = here.tags.get(doing.row["tag"]) if doing.row["tag"] else None
    if labelled and labelled.asset:
        found: Asset = labelled.asset
        return found
    serial = doing.wanted.get("serial", "")
    if serial and (known := here.by_serial.get((doing.site.pk, doing.kind.pk, folded(serial)))):
        return known
    if any(doing.where):
        return None
    alike = here.by_place.get(standing_at(doing), [])
    return alike[0] if alike else None


def standing_at(doing: Doing) -> tuple[Any, ...]:
    """The site, type, name and place by which what is here is looked up."""
    at = (doing.building.pk if doing.building else None, doing.space.pk if doing.space else None)
    return (doing.site.pk, doing.kind.pk, folded(doing.wanted["name"]), *at)


def note_slips(plan: Plan, here: Here) -> None:
    """Note each new asset whose number looks like a slip of one that is here, of the same name and place and in no row.

    It is no mistake: two of a kind may well stand side by side with numbers alike. But somebody should look.
    """
    known = {doing.there.pk for doing in plan.work if doing.there}
    for doing in plan.work:
        serial = folded(doing.wanted.get("serial", ""))
        if doing.there or not serial or any(doing.where):
            continue
        for asset in here.numbered.get(standing_at(doing), []):
            if asset.pk not in known and len(serial) > 4 and nearly(serial, folded(asset.serial)):
                plan.notes.append(
                    f"Row {doing.row.number}: the serial number {doing.wanted['serial']} looks like {asset.serial}, that of "
                    f"“{asset}” in the same place. If it is that one, correct the number; otherwise it is added as another."
                )
                break
