"""Schools from an extract of the Department for Education's register (Get Information about Schools, GIAS).

Only the rows of our trust count. A school is known again by its URN, or by one it had before: then the same school gets the
new number and keeps its history. Headers as of the public extract "edubasealldata"; only the first two are required.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions import Actor, add_school, add_site, change_school, change_site, renumber_school
from backend.trust.imports.cells import SPOILED, Wrong, day, folded, of_length, postcode, uprn, whole
from backend.trust.imports.gias_links import GROUPS, LINKS, links_of, members_of
from backend.trust.imports.kinds import CHANGED, NEW, SAME, Kind, Options, Plan, Tell, Tick, Trace, differing, the_trust
from backend.trust.imports.tables import Column, Row, Table, Wanted
from backend.trust.models import School, SchoolUrn, Site

LEAVE_UPRN: Final = "leave-uprn-empty"


PHASES: Final = {
    "nursery": School.Phase.PRIMARY,
    "primary": School.Phase.PRIMARY,
    "middledeemedprimary": School.Phase.PRIMARY,
    "middledeemedsecondary": School.Phase.SECONDARY,
    "secondary": School.Phase.SECONDARY,
    "16plus": School.Phase.SECONDARY,
    "allthrough": School.Phase.ALL_THROUGH,
}


"""GIAS's phases of education as ours; "Not applicable" is a special school or alternative provision."""


BRITAIN: Final = (0, 700_000, 0, 1_300_000)  # the British National Grid, metres


STREET: Final = ("street", "locality", "address3", "town", "county")


def phase(text: str) -> str:
    """A phase of education."""
    plain = folded(text)
    if plain in ("notapplicable", "special"):
        return School.Phase.SPECIAL
    if plain not in PHASES:
        raise Wrong(f"“{text}” is no phase of education that is known here. Write Primary, Secondary, All-through or Special.")
    return PHASES[plain]


TRUST: Final = Column("trust", "Trusts (code)", of_length(20), aliases=("Trust code", "Group UID"))


COLUMNS: Final = (
    Column("urn", "URN", whole(1, 9_999_999), required=True, help="the school's URN", example="900001"),
    Column("name", "EstablishmentName", of_length(200), aliases=("School name", "Establishment name", "School", "Name"),
           required=True, help="the school's name", example="Oakfield Primary Academy"),
    TRUST,
    Column("phase", "PhaseOfEducation (name)", phase, aliases=("Phase", "Phase of education"), keeps=True, example="Primary"),
    Column("pupils", "NumberOfPupils", whole(0, 20_000), aliases=("Pupils", "Number of pupils"), example="420"),
    Column("opened", "OpenDate", day, aliases=("Open date",), example="01/09/2014"),
    Column("closed", "CloseDate", day, aliases=("Close date",)),
    Column("status", "EstablishmentStatus (name)", of_length(80), aliases=("Status", "Establishment status")),
    Column("street", "Street", of_length(120), example="1 Mill Lane"),
    Column("locality", "Locality", of_length(120)),
    Column("address3", "Address3", of_length(120)),
    Column("town", "Town", of_length(120), example="Darlington"),
    Column("county", "County (name)", of_length(120), aliases=("County",)),
    Column("postcode", "Postcode", postcode, example="DL1 1AA"),
    Column("easting", "Easting", whole(*BRITAIN[:2], unit="metres"), example="429500"),
    Column("northing", "Northing", whole(*BRITAIN[2:], unit="metres"), example="514500"),
    Column("uprn", "UPRN", uprn, example="100110000001"),
    Column("site", "SiteName", of_length(200), aliases=("Site name",)),
)  # fmt: skip


@dataclass(slots=True)
class Doing:
    """What is to be done about one school."""

    row: Row
    wanted: dict[str, Any]
    place: dict[str, Any]
    site_name: str
    school: School | None = None
    site: Site | None = None
    renumber: bool = False
    former: list[tuple[int, str, dt.date | None]] = field(default_factory=list)


class Gias(Kind):
    """Schools and their main sites."""

    key: ClassVar[str] = "gias"
    title: ClassVar[str] = "Schools, from GIAS"
    lead: ClassVar[str] = (
        "Download “Establishment fields CSV” from Get Information about Schools and send it as it is, unopened. "
        "Only your trust's schools are taken from it. Send a newer one any time: schools are updated, never doubled."
    )
    permit: ClassVar[str] = permits.TRUST_CHANGE
    doing: ClassVar[str] = "import schools"
    ticks: ClassVar[Sequence[Tick]] = (
        Tick(LEAVE_UPRN, "Leave a UPRN empty that a spreadsheet has shortened", "Such as 5.00E+06: its last figures are lost."),
    )
    beside: ClassVar[Sequence[Tick]] = (
        Tick(LINKS, "Establishment links, if you have them", "links.csv: a school keeps its history under its new URN."),
        Tick(GROUPS, "Group links, if you have them", "Says which schools belong to the trust where the first file does not."),
    )

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns of the extract that matter here."""
        if LEAVE_UPRN not in options.ticks:
            return COLUMNS
        return [Column("uprn", "UPRN", kind_uprn, example=each.example) if each.key == "uprn" else each for each in COLUMNS]

    def wanted(self, options: Options) -> Wanted | None:
        """Rows of our trust, by its code; or the schools of the group's links."""
        uid = options.trust_uid or the_trust().uid
        members = members_of(options, uid)
        return lambda said: said.get("trust") == uid or said.get("urn") in members

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """What each school of the extract would become here."""
        plan = Plan(table)
        uid = options.trust_uid or the_trust().uid
        if not table.rows:
            detail = (
                f"None of the {table.seen:,} rows belongs to the trust with the code {uid}. Check the trust's UID"
                f"{'' if 'trust' in table.headers else ', and send the group links too: there is no column “Trusts (code)”'}."
            )
            raise Problem("none_of_ours", detail)
        known = {each.urn: each for each in School.objects.all()}
        before = {each.urn: each.school_id for each in SchoolUrn.objects.all()}
        links, names = links_of(options)
        by_id = {each.pk: each for each in known.values()}
        sites = first_sites()
        seen: dict[int, int] = {}
        doings: list[Doing] = []
        for row in table.sound():
            if row["urn"] in seen:
                table.wrong(row, "urn", f"{row['urn']} stands in row {seen[row['urn']]} already. Take one of them out.")
                continue
            seen[row["urn"]] = row.number
            if row["urn"] in before:
                now = by_id[before[row["urn"]]]
                plan.notes.append(f"Row {row.number}: {row['urn']} was the URN of {now} before; the row is passed over.")
                continue
            doing = doing_of(row)
            doing.school = known.get(row["urn"])
            if doing.school is None:
                inherit(doing, links.get(row["urn"], []), known, names)
            doings.append(doing)
        for doing in settled(plan, doings):
            plan_one(plan, doing, sites)
        spoiled(plan, options)
        return plan

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Make and change schools, with their first sites."""
        trust = the_trust()
        if options.trust_uid and options.trust_uid != trust.uid:
            detail = f"This deployment serves {trust.name} ({trust.uid}); the rows of {options.trust_uid} can only be tried."
            raise Problem("other_trust", detail, status=409)
        for doing in plan.work:
            row, school = doing.row.number, doing.school
            if school is None:
                school = add_school(trust=trust, urn=doing.row["urn"], actor=actor, **doing.wanted)
                trace.made(row, school)
            else:
                if doing.renumber:
                    trace.changed(row, school, {"urn": school.urn})
                    trace.made(row, renumber_school(school, urn=doing.row["urn"], actor=actor, until=doing.former[0][2]))
                if before := differing(school, doing.wanted):
                    change_school(school, changes=doing.wanted, actor=actor)
                    trace.changed(row, school, before)
            if doing.site is None:
                trace.made(row, add_site(school=school, name=doing.site_name, actor=actor, **doing.place))
            elif before := differing(doing.site, doing.place):
                change_site(doing.site, changes=doing.place, actor=actor)
                trace.changed(row, doing.site, before)


def kind_uprn(text: str) -> str | None:
    """A UPRN; one that a spreadsheet shortened is left out."""
    return None if SPOILED.fullmatch(text) else str(uprn(text))


def spoiled(plan: Plan, options: Options) -> None:
    """Say how many UPRNs are left empty."""
    if LEAVE_UPRN in options.ticks:
        count = sum(1 for row in plan.table.rows if SPOILED.fullmatch(row.said.get("uprn", "")))
        if count:
            plan.notes.append(f"{count} {'UPRN was' if count == 1 else 'UPRNs were'} shortened by a spreadsheet and left empty.")


def inherit(
    doing: Doing,
    links: Sequence[tuple[int, dt.date | None]],
    known: Mapping[int, School],
    names: Mapping[int, str],
) -> None:
    """The school that this one follows, when exactly one of its predecessors is here: it gets the new number."""
    here = {urn: date for urn, date in links if urn in known and known[urn].urn == urn}
    if len(here) == 1:
        urn, date = next(iter(here.items()))
        doing.school, doing.renumber = known[urn], True
        doing.former.append((urn, names.get(urn, ""), date - dt.timedelta(days=1) if date else None))


def settled(plan: Plan, doings: Sequence[Doing]) -> list[Doing]:
    """The doings without those that would act on one school twice: the old row of a school that gets its new number, and
    schools of which several follow one."""
    heirs: dict[Any, list[Doing]] = {}
    for doing in doings:
        if doing.renumber and doing.school:
            heirs.setdefault(doing.school.pk, []).append(doing)
    for rivals in heirs.values():
        if len(rivals) > 1:
            rows = ", ".join(str(each.row.number) for each in rivals)
            plan.notes.append(f"Rows {rows} all follow {rivals[0].school}: none takes its history over by itself.")
            for each in rivals:
                each.school, each.renumber = None, False
    found = []
    for doing in doings:
        heir = heirs.get(doing.school.pk) if doing.school and not doing.renumber else None
        if heir and heir[0].renumber:
            plan.notes.append(
                f"Row {doing.row.number}: {doing.row['urn']} is now {heir[0].row['urn']}; the old row is passed over."
            )
            continue
        found.append(doing)
    return found


def doing_of(row: Row) -> Doing:
    """What a row wants its school and site to be."""
    wanted: dict[str, Any] = {"name": row["name"]}
    for key, column in (("phase", "phase"), ("pupils", "pupils"), ("opened", "opened_on"), ("closed", "closed_on")):
        if row[key] is not None:
            wanted[column] = row[key]
    place: dict[str, Any] = {}
    if address := ", ".join(dict.fromkeys(row[key] for key in STREET if row[key])):
        place["address"] = address[:300]
    for key in ("postcode", "uprn"):
        if row[key]:
            place[key] = row[key]
    if row["easting"] and row["northing"]:
        place["latitude"], place["longitude"] = on_the_globe(row["easting"], row["northing"])
    return Doing(row, wanted, place, row["site"] or f"{row['name']} site")


def on_the_globe(easting: int, northing: int) -> tuple[float, float]:
    """Latitude and longitude (WGS 84, degrees, six places) of a point on the British National Grid, in metres."""
    from pyproj import Transformer  # slow to load, and wanted by imports alone

    global _to_globe
    if _to_globe is None:
        _to_globe = Transformer.from_crs(27700, 4326, always_xy=True)
    longitude, latitude = _to_globe.transform(easting, northing)
    return round(latitude, 6), round(longitude, 6)


_to_globe: Any = None


def first_sites() -> dict[Any, Site]:
    """School -> its first site: the one that it was imported with."""
    found: dict[Any, Site] = {}
    for site in Site.objects.order_by("pk"):
        found.setdefault(site.school_id, site)
    return found


def plan_one(plan: Plan, doing: Doing, sites: Mapping[Any, Site]) -> None:
    """Note what would become of one school and its site."""
    number, name = doing.row.number, doing.row["name"]
    if doing.school is None and "phase" not in doing.wanted:
        plan.table.wrong(doing.row, "phase", "Nothing is written here. Write Primary, Secondary, All-through or Special.")
        return
    if doing.school is None:
        closed = doing.wanted.get("closed_on")
        plan.add(number, NEW, "school", f"{name} ({doing.row['urn']})", f"closed on {closed:%d/%m/%Y}" if closed else "")
    else:
        doing.site = sites.get(doing.school.pk)
        different = sorted(differing(doing.school, doing.wanted))
        said = [each.replace("_on", "").replace("_", " ") for each in different]
        if doing.renumber:
            said.insert(0, f"URN {doing.school.urn} becomes {doing.row['urn']}; its history stays with it")
        plan.add(number, CHANGED if said else SAME, "school", f"{name} ({doing.row['urn']})", ", ".join(said))
    if doing.site is None:
        plan.add(number, NEW, "site", doing.site_name, doing.place.get("postcode", ""))
    else:
        changes = sorted(differing(doing.site, doing.place))
        plan.add(number, CHANGED if changes else SAME, "site", str(doing.site), ", ".join(changes))
    plan.work.append(doing)
