"""Condition surveys from a spreadsheet: a row for each thing that was found."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from backend.core.problems import Problem
from backend.risk.actions import NewItem, NewSurvey, enter_survey, withdraw_survey
from backend.risk.estate import estate
from backend.risk.models import ConditionSurvey, ItemEnding
from backend.rules.estate import POOR
from backend.trust import permits
from backend.trust.actions import Actor
from backend.trust.imports.cells import Wrong, day, folded, number, of_length, one_of, suggested, whole
from backend.trust.imports.kinds import NEW, SAME, Kind, Options, Plan, Tell, Trace
from backend.trust.imports.places import school_columns, site_of, sites_chosen
from backend.trust.imports.tables import Column, Row, Table
from backend.trust.models import Building, Person, Site

ALSO: Final = {
    "Roof": "roofs", "Roof covering": "roofs", "Floors": "floors-stairs", "Stairs": "floors-stairs",
    "Windows": "external-walls", "Windows and doors": "external-walls", "Windows & doors": "external-walls",
    "External walls": "external-walls", "Walls": "external-walls", "Internal walls": "internal-walls", "Doors": "internal-walls",
    "Sanitary": "sanitary", "Sanitary services": "sanitary", "Toilets": "sanitary", "WCs": "sanitary",
    "Mechanical": "mechanical", "Mechanical services": "mechanical", "Heating": "mechanical", "Plumbing": "mechanical",
    "Electrical": "electrical", "Electrics": "electrical", "Lighting": "electrical", "Fire": "fire-safety",
    "Fire alarm": "fire-safety", "Decorations": "redecoration", "Redecorations": "redecoration",
    "Fixtures and fittings": "fixed-furniture", "External works": "external-areas", "Grounds": "external-areas",
    "Drainage": "external-areas", "Playing field": "playing-fields", "Frame": "structure",
}  # fmt: skip
MONEY: Final = re.compile(r"^£?\s*([\d,]+(?:\.\d{1,2})?)\s*(k|K)?$")


def pounds(text: str) -> int:
    """A sum of money in pence: "12,500", "£1,250.50", "12.5k". Raises Wrong."""
    found = MONEY.match(text.strip())
    if not found:
        raise Wrong(f"“{text}” is no sum of money. Write pounds, as in 12500.")
    pence = round(number(found[1]) * 100)
    return pence * 1000 if found[2] else pence


def grade(text: str) -> str:
    """A to D, also "Grade C" or "D - Bad". Raises Wrong."""
    found = re.match(r"^(?:grade\s*)?([a-d])\b", text.strip(), re.IGNORECASE)
    if not found:
        raise Wrong(f"“{text}” is no grade. Write A, B, C or D.")
    return found[1].upper()


def priority(text: str) -> int:
    """1 to 4, also "P2" or "Priority 3". Raises Wrong."""
    found = re.match(r"^(?:p|priority\s*)?([1-4])\b", text.strip(), re.IGNORECASE)
    if not found:
        raise Wrong(f"“{text}” is no priority. Write 1, 2, 3 or 4.")
    return int(found[1])


@dataclass(slots=True)
class Found:
    """A survey as it would be entered."""

    site: Site
    done_on: dt.date
    surveyor: str
    row: int
    items: list[NewItem] = field(default_factory=list)


class ConditionSurveys(Kind):
    """Condition surveys. Rows of one site, day and surveyor are one survey."""

    key: ClassVar[str] = "condition"
    title: ClassVar[str] = "Condition surveys"
    lead: ClassVar[str] = (
        "A row for each element that was looked at, with its grade A to D; what is C or D needs a priority from 1 to 4. Rows of "
        "one site, day and surveyor make one survey. It takes the place of what earlier surveys said of the same buildings."
    )
    permit: ClassVar[str] = permits.RISK_MANAGE
    where: ClassVar[str] = "any"
    doing: ClassVar[str] = "import condition surveys"

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns."""
        titles = {title: key for key, title in estate().elements.items()}
        return (
            *school_columns(options),
            Column("site", "Site", of_length(200), aliases=("Site name", "Campus"), example=""),
            Column("building", "Building", of_length(120), aliases=("Block", "Block name", "Building name"), example="Main block",
                   help="left empty: the whole site"),
            Column("element", "Element", one_of(titles, "element", ALSO), required=True, offers=sorted(titles),
                   aliases=("Element group", "Component", "Building element", "Category"), example="Roofs"),
            Column("words", "Finding", of_length(500), required=True, example="Felt roof over the hall has reached its end",
                   aliases=("Description", "Defect", "Comment", "Comments", "What was found", "Observation")),
            Column("grade", "Grade", grade, required=True, aliases=("Condition", "Condition grade", "Condition rating"),
                   help="A, B, C or D", example="C"),
            Column("priority", "Priority", priority, aliases=("Priority rating", "Pri"), help="1 to 4; needed for C and D",
                   example="2"),
            Column("cost", "Cost", pounds, aliases=("Cost £", "Cost GBP", "Budget cost", "Estimated cost", "Remedial cost"),
                   help="pounds, at the survey's prices", example="48000"),
            Column("year", "Year", whole(1950, 2200), aliases=("Year due", "Recommended year", "Target year", "Due year"),
                   help="to be done by the end of it", example="2027"),
            Column("done_on", "Survey date", day, required=True, aliases=("Date", "Date of survey", "Surveyed on"),
                   example="14/03/2026"),
            Column("surveyor", "Surveyor", of_length(160), required=True, aliases=("Surveyed by", "Company", "Inspector", "By"),
                   example="Made-up Surveyors LLP"),
        )  # fmt: skip

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """Each survey as it would be entered; one that is here already is left as it is."""
        plan = Plan(table)
        sites = sites_chosen(options)
        table.offered |= {"site": [each.name for each in sites], "school": sorted({each.school.name for each in sites})}
        buildings = {(each.site_id, folded(each.name)): each for each in Building.objects.filter(site__in=sites)}
        surveys: dict[Any, Found] = {}
        for row in table.sound():
            site = site_of(table, row, sites)
            if site is None or not judge(table, row, options.today):
                continue
            building = self.building_of(table, row, site, buildings)
            if row.faulty:
                continue
            one = surveys.setdefault(
                (site.pk, row["done_on"], folded(row["surveyor"])), Found(site, row["done_on"], row["surveyor"], row.number)
            )
            one.items.append(
                NewItem(row["element"], row["words"], row["grade"], row["priority"], row["cost"], row["year"], building)
            )
        there = ConditionSurvey.objects.filter(site__in=sites, withdrawn_at=None)
        here = {(each.site_id, each.done_on, folded(each.surveyor)) for each in there}
        for key, one in surveys.items():
            did = SAME if key in here else NEW
            name = f"{one.site}, {one.done_on:%d/%m/%Y}, {one.surveyor}"
            plan.add(one.row, did, "condition survey", name, f"{len(one.items)} findings")
            if did == NEW:
                plan.work.append(one)
        return plan

    def building_of(self, table: Table, row: Row, site: Site, buildings: Mapping[Any, Building]) -> Building | None:
        """The building that a row names; None for the whole site, and with the fault noted when there is none of that name."""
        if not row["building"]:
            return None
        found = buildings.get((site.pk, folded(row["building"])))
        if found is None:
            names = [each.name for each in buildings.values() if each.site_id == site.pk]
            said = f"There is no building “{row['building']}” at {site}.{suggested(row['building'], names)}"
            table.wrong(row, "building", said, word=True)
        return found

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Enter each survey."""
        for number_, one in enumerate(plan.work, 1):
            new = NewSurvey(one.site, one.done_on, one.surveyor, one.items, ConditionSurvey.Source.IMPORTED)
            survey = enter_survey(new=new, actor=actor, today=options.today)
            trace.other(one.row, "survey", survey=str(survey.pk), name=str(survey))
            tell(f"{number_:,} of {len(plan.work):,} surveys entered")

    def hindrance(self, step: Mapping[str, Any]) -> tuple[str, str] | None:
        """A survey of which something was put right stays."""
        if ItemEnding.objects.filter(item__survey=step["survey"]).exists():
            return str(step["name"]), "something that it found was put right or set aside since."
        return None

    def undo(self, step: Mapping[str, Any], actor: Actor) -> None:
        """Withdraw the survey: it stays readable, and counts no more."""
        survey = ConditionSurvey.objects.get(pk=step["survey"])
        if not isinstance(actor, Person):
            raise Problem("person", "Only a person can withdraw a survey.")
        if survey.withdrawn_at is None:
            withdraw_survey(survey=survey, person=actor, why="The import that entered it was undone.")


def judge(table: Table, row: Row, today: dt.date) -> bool:
    """Whether a row can be: a priority for what is poor, no day to come."""
    if row["grade"] in POOR and row["priority"] is None:
        table.wrong(row, "priority", f"What is graded {row['grade']} needs a priority. Write 1, 2, 3 or 4.")
    if row["done_on"] > today:
        table.wrong(row, "done_on", "This day is still to come. Check the year.")
    return not row.faulty
