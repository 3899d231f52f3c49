"""The asset register from a spreadsheet: each asset at its place, of its type, with its label where it has one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.db import transaction

from backend.assets.actions import add_assets, change_asset, tag_assets
from backend.assets.imports.facts import FACT
from backend.assets.imports.rows import (
    MAKE_PLACES,
    NUMBER_ALIKE,
    Doing,
    doing_of,
    here_at,
    if_only_roughly,
    note_slips,
    recognised,
    serial_number,
    tag,
    twice,
)
from backend.assets.imports.words import also_called
from backend.assets.models import Asset, AssetType
from backend.core.ids import new_id
from backend.trust import permits
from backend.trust.actions import Actor, add_building, add_spaces
from backend.trust.imports.cells import day_or_so, folded, of_length, one_of
from backend.trust.imports.kinds import CHANGED, NEW, SAME, Kind, Options, Plan, Tell, Tick, Trace, differing
from backend.trust.imports.places import school_columns, sites_chosen
from backend.trust.imports.tables import Column, Table
from backend.trust.models import Building, Space

STATUSES: Final = {
    "In use": "in-use", "Active": "in-use", "Live": "in-use", "Operational": "in-use", "Working": "in-use", "OK": "in-use",
    "Out of service": "out-of-service", "Out of use": "out-of-service", "Not in use": "out-of-service",
    "Broken": "out-of-service", "Faulty": "out-of-service",
    "Retired": "retired", "Disposed": "retired", "Scrapped": "retired", "Removed": "retired",
}  # fmt: skip


STEP: Final = 200
FILL_DOWN: Final = "fill-down"
DOWN: Final = ("school", "site", "building")


class Assets(Kind):
    """The asset register."""

    key: ClassVar[str] = "assets"
    title: ClassVar[str] = "Asset register"
    lead: ClassVar[str] = (
        "A row for each thing that is looked after. An asset that is here already is known again by its label, its serial "
        "number, or its type, name and place, and is updated."
    )
    permit: ClassVar[str] = permits.SITE_CHANGE
    where: ClassVar[str] = "any"
    doing: ClassVar[str] = "import assets"
    ticks: ClassVar[Sequence[Tick]] = (
        Tick(MAKE_PLACES, "Make buildings and spaces that are not here yet", "Otherwise a row that names one is a mistake."),
        Tick(
            NUMBER_ALIKE,
            "Number things that are alike",
            "Three extinguishers in one hall become “Fire extinguisher”, “Fire extinguisher 2” and “3”. Otherwise the second row "
            "is taken for a mistake.",
        ),
        Tick(
            FILL_DOWN,
            "An empty school, site or building means the one above",
            "As where cells are merged, or the name is written once for all that follow.",
        ),
    )

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns."""
        types = {each.key: each for each in AssetType.objects.all()}
        known = {each.name: each for each in types.values()}
        return (
            Column("type", "Type", one_of(known, "type of asset", also_called(types)), required=True, offers=sorted(known),
                   help="the type of asset, as on the list below", example="Fire extinguisher",
                   aliases=("Asset type", "Category", "Kind", "Equipment type", "Asset category", "Type of asset", "Equip type")),
            Column("name", "Name", of_length(160),
                   aliases=("Asset name", "Asset", "Description", "Desc", "Asset description", "Item", "Equipment"),
                   help="what people call it; left empty, the type's name", example="Extinguisher by the kitchen door"),
            *school_columns(options),
            Column("site", "Site", of_length(200), aliases=("Site name", "Campus")),
            Column("building", "Building", of_length(120), aliases=("Block", "Building name", "Block name", "Bldg", "Bldg name"),
                   example="Main block"),
            Column("space", "Space", of_length(120),
                   aliases=("Room", "Location", "Area", "Space name", "Room name", "Room no", "Room number"),
                   example="Kitchen"),
            Column("make", "Make", of_length(80), aliases=("Manufacturer", "Brand", "Make/Manufacturer"), example="Chubb"),
            Column("model", "Model", of_length(80), aliases=("Model number", "Model no"), example="FX6"),
            Column("serial", "Serial", serial_number, aliases=("Serial number", "Serial no", "S/N", "Serial No."), keeps=False,
                   example="C-10442"),
            Column("installed", "Installed", day_or_so, example="28/02/2019",
                   help="a day; a year alone will do where no more is known",
                   aliases=("Installed on", "Install date", "Date installed", "Installation date", "Commissioned",
                            "Date of install", "Date of installation", "Installed date", "Year installed", "Year of installation",
                            "Installation year", "Install year")),
            Column("status", "Status", one_of(STATUSES, "status"), offers=("In use", "Out of service", "Retired"),
                   example="In use", aliases=("State", "Condition status"), help="In use, Out of service or Retired"),
            Column("tag", "Label code", tag, aliases=("Tag", "Label", "QR code", "Tag code", "Barcode"),
                   help="the eight letters and figures of a label that was printed here"),
            Column("note", "Note", of_length(2000), aliases=("Notes", "Comment", "Comments", "Remarks")),
        )  # fmt: skip

    def more(self, header: str) -> bool:
        """Columns of facts: "Fact: agent"."""
        return FACT.fullmatch(header) is not None

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """Each asset as it would be."""
        plan = Plan(table)
        here = here_at(sites_chosen(options))
        table.offered |= here.names()
        seen: dict[tuple[Any, ...], int] = {}
        if FILL_DOWN in options.ticks:
            fill_down(table)
        for row in table.rows:
            doing = doing_of(table, row, here, options)
            if row.faulty or doing is None or twice(plan, doing, seen, number=NUMBER_ALIKE in options.ticks):
                continue
            doing.there = recognised(here, doing)
            if_only_roughly(doing)
            judge(plan, doing)
        if MAKE_PLACES in options.ticks:
            count_places(plan)
        note_slips(plan, here)
        return plan

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Make places that are wanted, then the assets, their labels, and what changes."""
        make_places(plan.work, actor, trace)
        fresh = [each for each in plan.work if each.there is None]
        changing = [each for each in plan.work if each.there is not None]
        for start in range(0, len(fresh), STEP):
            some = fresh[start : start + STEP]
            tell(f"{start:,} of {len(fresh):,} assets")
            made = add_assets([asset_of(each, options) for each in some], person=actor)
            for doing, asset in zip(some, made, strict=True):
                doing.there = asset
                trace.made(doing.row.number, asset)
        for count, doing in enumerate(changing):
            if not count % STEP:
                tell(f"{count:,} of {len(changing):,} that are here already")
            change(doing, actor, trace)
        claim(plan.work, actor, trace)


def fill_down(table: Table) -> None:
    """Let an empty school, site or building say what the row above says; a new one of the larger ends what was of the smaller."""
    above: dict[str, str] = {}
    for row in table.rows:
        for place, key in enumerate(DOWN):
            if row[key]:
                above = {each: above[each] for each in DOWN[:place] if each in above} | {key: row[key]}
            elif key in above:
                row.values[key] = row.said[key] = above[key]


def judge(plan: Plan, doing: Doing) -> None:
    """What would become of one asset."""
    row, there = doing.row, doing.there
    if there is not None and there.type_id != doing.kind.pk:
        said = f"The label {row['tag']} is on “{there}”, which is another type of asset. Check the label."
        plan.table.wrong(row, "tag", said)
        return
    status = row["status"]
    if there is not None and status and status != there.status:
        now = there.get_status_display().lower()
        said = f"“{there}” is {now} here. What is here already is taken in and out of service on its page, with a reason."
        plan.table.wrong(row, "status", said)
        return
    where = ", ".join(filter(None, (row.said.get("building", ""), row.said.get("space", ""))))
    detail = f"{doing.kind.name}{' · ' + where if where else ''}"
    if there is None:
        plan.add(row.number, NEW, "asset", doing.wanted["name"], detail)
    else:
        changes = sorted(changes_of(doing))
        plan.add(row.number, CHANGED if changes else SAME, "asset", str(there), ", ".join(changes) or detail)
    plan.work.append(doing)


def changes_of(doing: Doing) -> dict[str, Any]:
    """What the asset that is here holds now of the columns that would change. Facts are added to, not replaced."""
    there = doing.there
    if there is None:
        return {}
    wanted = dict(doing.wanted)
    if "facts" in wanted:
        wanted["facts"] = {**there.facts, **wanted["facts"]}
    before = differing(there, wanted)
    if doing.building and (there.building_id != doing.building.pk or (doing.space and there.space_id != doing.space.pk)):
        before |= {"building_id": there.building_id, "space_id": there.space_id}
    return before


def change(doing: Doing, actor: Actor, trace: Trace) -> None:
    """Bring an asset that is here up to date."""
    there, before = doing.there, changes_of(doing)
    if there is None or not before:
        return
    changes = {name: doing.wanted[name] for name in before if name in doing.wanted}
    if "facts" in changes:
        changes["facts"] = {**there.facts, **changes["facts"]}
    if "building_id" in before:
        changes |= {"building": doing.building, "space": doing.space}
    kept = {name: str(value) if name.endswith("_id") and value else value for name, value in before.items()}
    trace.changed(doing.row.number, there, kept)
    change_asset(there, changes=changes, person=actor)


def asset_of(doing: Doing, options: Options) -> Asset:
    """A new asset, not yet saved."""
    asset = Asset(id=new_id(), site=doing.site, building=doing.building, space=doing.space, type=doing.kind, **doing.wanted)
    if doing.row["status"]:
        asset.status = doing.row["status"]
    if asset.status != Asset.Status.IN_USE:
        asset.status_since, asset.status_reason = options.today, "As the imported register says."
    return asset


def count_places(plan: Plan) -> None:
    """Note the buildings and spaces that would be made."""
    buildings: dict[tuple[Any, str], Doing] = {}
    spaces: dict[tuple[Any, str, str], Doing] = {}
    for doing in plan.work:
        named, room = doing.where
        if named:
            buildings.setdefault((doing.site.pk, folded(named)), doing)
        if room:
            at = folded(named) if named else str(doing.building.pk if doing.building else "")
            spaces.setdefault((doing.site.pk, at, folded(room)), doing)
    for doing in buildings.values():
        plan.add(doing.row.number, NEW, "building", doing.where[0], doing.site.name)
    for doing in spaces.values():
        plan.add(doing.row.number, NEW, "space", doing.where[1], doing.where[0] or str(doing.building))


@transaction.atomic
def make_places(doings: Sequence[Doing], actor: Actor, trace: Trace) -> None:
    """Make the buildings and spaces that are wanted, and put them on the doings."""
    made: dict[tuple[Any, str], Building] = {}
    rooms: dict[Any, dict[str, tuple[Space, int]]] = defaultdict(dict)
    owners: dict[Any, Building] = {}
    for doing in doings:
        named, room = doing.where
        if named:
            key = (doing.site.pk, folded(named))
            if key not in made:
                made[key] = add_building(site=doing.site, name=named, actor=actor)
                trace.made(doing.row.number, made[key])
            doing.building = made[key]
        if room and doing.building:
            owners[doing.building.pk] = doing.building
            theirs = rooms[doing.building.pk]
            doing.space = theirs.setdefault(folded(room), (Space(name=room), doing.row.number))[0]
    for pk, theirs in rooms.items():
        add_spaces(building=owners[pk], spaces=[space for space, _ in theirs.values()], actor=actor)
        for space, number_ in theirs.values():
            trace.made(number_, space)


def claim(doings: Sequence[Doing], actor: Actor, trace: Trace) -> None:
    """Put the labels that rows name on their assets."""
    pairs = {each.row["tag"]: each.there for each in doings if each.row["tag"] and each.there}
    rows: Mapping[str, int] = {each.row["tag"]: each.row.number for each in doings if each.row["tag"]}
    for tag_, before in tag_assets(pairs, person=actor):
        trace.changed(rows[tag_.pk], tag_, before)
