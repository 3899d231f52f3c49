"""Condition surveys and the department's blocks from spreadsheets: tried first, all or nothing, and back again."""

import csv
import io

import pytest

from backend.core.days import today
from backend.office.setting_up.importing import applied, undone
from backend.office.setting_up.kinds import KINDS
from backend.risk.models import ConditionItem, ConditionSurvey
from backend.risk.queries.condition import open_items
from backend.trust.imports import running
from backend.trust.imports.kinds import Options
from backend.trust.models import Building, Import

pytestmark = pytest.mark.django_db
HEAD = ["School", "Building", "Element", "Finding", "Grade", "Priority", "Cost", "Year", "Survey date", "Surveyor"]
GOOD = ["Oakfield", "Main block", "Roofs", "Felt at its end", "D", "P1", "£48k", "2027", "14/03/2026", "Others LLP"]
CDC = ["Site", "URN", "SurveySectionSectionType", "GIFA", "Block Age"]


def sheet(head: list[str], *rows: list[str]) -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def begun(world, content: bytes, key: str = "condition") -> Import:
    """An import that was tried."""
    row = running.begin(kind=KINDS[key], content=content, options=Options(today()), actor=world.lead)
    running.trial(row, kind=KINDS[key], actor=world.lead)
    row.refresh_from_db()
    return row


def faults(row: Import) -> str:
    """What the trial found wrong, in one text."""
    return str(row.report["faults"])


def test_rows_of_one_day_and_surveyor_become_one_survey_and_go_back_again(world):
    other = ["Oakfield", "", "Electrics", "Boards", "Grade C", "2", "1,250.50", "", "14/03/2026", "others llp"]
    row = begun(world, sheet(HEAD, GOOD, other))
    assert not row.report["faults"]
    assert not ConditionSurvey.objects.exists(), "a trial changes nothing"
    applied(row, actor=world.lead)
    survey = ConditionSurvey.objects.get()
    first, second = survey.items.all()
    assert (first.element, first.grade, first.priority, first.cost_pence, first.year) == ("roofs", "D", 1, 4_800_000, 2027)
    assert (second.element, second.building, second.cost_pence) == ("electrical", None, 125_050)
    again = begun(world, sheet(HEAD, GOOD, other))
    assert again.report["totals"]["condition survey"] == {"new": 0, "changed": 0, "same": 1}
    row.refresh_from_db()
    undone(row, actor=world.lead)
    assert not open_items(world.person("cfo"), today()).exists()
    survey.refresh_from_db()
    assert survey.withdrawn_why


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (1, "Man block", "Main block"),
        (2, "Rooofs", "Roofs"),
        (4, "E", "A, B, C or D"),
        (5, "", "needs a priority"),
        (5, "7", "1, 2, 3 or 4"),
        (6, "a lot", "sum of money"),
        (8, "14/03/2062", "still to come"),
        (0, "Nowhere", "no school"),
    ],
)
def test_each_slip_is_named_with_what_to_write(world, place, text, said):
    row = begun(world, sheet(HEAD, [*GOOD[:place], text, *GOOD[place + 1 :]]))
    assert said in faults(row)
    assert not ConditionItem.objects.exists()


def test_blocks_are_known_again_by_their_area_and_what_is_known_here_stays(world):
    main = world.oakfield.buildings.get()
    Building.objects.filter(pk=main.pk).update(floor_area_m2=800, built=1968)
    rows = [
        ["Oakfield (CDC2)", "900001", "BLOCK", "809", "1991-2000"],
        ["Oakfield (CDC2)", "900001", "ANCILLARY", "89", "Pre 1919"],
        ["Elsewhere", "130000", "BLOCK", "500", "1991-2000"],
    ]
    row = begun(world, sheet(CDC, *rows), "cdc")
    assert not row.report["faults"]
    assert "1 school of the file is not of this trust" in str(row.report["notes"])
    applied(row, actor=world.lead)
    main.refresh_from_db()
    assert (main.floor_area_m2, main.built) == (800, 1968)
    fresh = world.oakfield.buildings.exclude(pk=main.pk).get()
    assert (fresh.name, fresh.floor_area_m2, fresh.built) == ("Ancillary building 1 (CDC)", 89, 1918)
    row.refresh_from_db()
    undone(row, actor=world.lead)
    assert world.oakfield.buildings.count() == 1
