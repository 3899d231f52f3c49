"""Imports: a trial that changes nothing, all or nothing, and back again; each kind by its ordinary mistakes."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.files.storage import default_storage

from backend.assets.actions import make_tags
from backend.assets.models import Asset
from backend.core.days import today
from backend.core.invariants import all_invariants
from backend.core.models import AuditEntry, StoredFile
from backend.core.problems import Forbidden, Problem
from backend.office.setting_up.importing import applied, undone
from backend.office.setting_up.kinds import KINDS
from backend.trust.imports import running
from backend.trust.imports.kinds import Options
from backend.trust.models import Building, CalendarMark, Import, Invitation, Outline, Person, School, Site, Space
from backend.trust.tasks import forget_trials

GIAS_HEAD = [
    "URN",
    "EstablishmentName",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "PhaseOfEducation (name)",
    "NumberOfPupils",
    "Trusts (code)",
    "Street",
    "Town",
    "Postcode",
    "Easting",
    "Northing",
    "UPRN",
    "SiteName",
    "Head Title",
]


def gias_row(urn, name, **more) -> list[str]:
    said = {
        "URN": str(urn),
        "EstablishmentName": name,
        "EstablishmentStatus (name)": "Open",
        "OpenDate": "01/09/2014",
        "PhaseOfEducation (name)": "Primary",
        "NumberOfPupils": "420",
        "Trusts (code)": "T1",
        "Street": "1 Mill Lane",
        "Town": "Darlington",
        "Postcode": "dl1  1aa",
        "Easting": "429500",
        "Northing": "514500",
        "UPRN": "100110000001",
        **more,
    }
    return [said.get(name, "") for name in GIAS_HEAD]


def table(*rows, encoding: str = "cp1252", mark: bytes = b"") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return mark + out.getvalue().encode(encoding)


def tried(kind, content, actor, **options) -> Import:
    one = KINDS[kind]
    row = running.begin(kind=one, content=content, options=Options(today(), **options), actor=actor, file_name="table.csv")
    running.trial(row, kind=one, actor=actor)
    return row


def faults(row) -> list[str]:
    return [f"Row {number}, {column}: {said}" for number, column, said in row.report.get("faults", [])]


def evidence_holds() -> list[str]:
    keys = {
        "school",
        "site",
        "building",
        "space",
        "asset",
        "tag",
        "import",
        "import-trace",
        "term",
        "calendar-mark",
        "school-urn",
        "outline",
        "person",
        "appointment",
        "invitation",
    }
    wanted = {f"evidence-{key}" for key in keys} | {"removed-by-undoing", "audit-chain"}
    return [fault for each in all_invariants() if each.key in wanted for fault in each.faults(lambda _n: None)]


@pytest.fixture
def fresh(world):
    """The world's rows in the chain, as if they had been made by actions."""
    from backend.core import audit
    from backend.trust.actions.acting import System, fact

    assert world.lead and world.caretaker
    everything = [
        *School.objects.all(),
        *Site.objects.all(),
        *Building.objects.all(),
        *Space.objects.all(),
        *Person.objects.all(),
    ]
    terms = [each for school in School.objects.all() for each in school.terms.all()]
    held = [each for person in Person.objects.all() for each in person.appointments.all()]
    audit.append([fact("test", each, System("test")) for each in [*everything, *terms, *held]])
    return world


def test_an_extract_makes_schools_with_their_sites_and_again_changes_nothing(fresh):
    content = table(GIAS_HEAD, gias_row(910001, "St Mary’s"), gias_row(910002, "Elsewhere", **{"Trusts (code)": "T9"}), mark=b"")
    row = tried("gias", content, fresh.lead)
    assert School.objects.count() == 2, "a trial changes nothing"
    assert row.report["passed_over"] == 1
    assert row.report["unknown"] == ["Head Title"]
    applied(row, actor=fresh.lead)
    school = School.objects.get(urn=910001)
    site = school.sites.get()
    assert (school.name, school.phase, school.pupils, school.opened_on) == ("St Mary’s", "primary", 420, dt.date(2014, 9, 1))
    assert (site.postcode, site.uprn, site.address) == ("DL1 1AA", "100110000001", "1 Mill Lane, Darlington")
    assert site.latitude == pytest.approx(54.5243, abs=0.001)
    assert site.longitude == pytest.approx(-1.5455, abs=0.001)
    again = tried("gias", content, fresh.lead)
    assert again.report["totals"] == {"school": {"new": 0, "changed": 0, "same": 1}, "site": {"new": 0, "changed": 0, "same": 1}}
    kept = StoredFile.objects.get(pk=Import.objects.get(pk=row.pk).kept_sha256)
    assert b"Elsewhere" not in default_storage.open(f"kept/{kept.pk[:2]}/{kept.pk[2:4]}/{kept.pk}").read()
    assert not evidence_holds()


def test_a_spoiled_uprn_refuses_row_by_row_unless_it_may_be_left_empty(fresh):
    content = table(GIAS_HEAD, gias_row(910001, "A", UPRN="5.00E+06"), gias_row(910002, "B", UPRN="5.00E+06"))
    row = tried("gias", content, fresh.lead)
    assert [said[:14] for said in faults(row)] == ["Row 2, UPRN: “", "Row 3, UPRN: “"]
    with pytest.raises(Problem, match="Nothing was imported"):
        applied(row, actor=fresh.lead)
    assert School.objects.count() == 2
    row = tried("gias", content, fresh.lead, ticks=frozenset({"leave-uprn-empty"}))
    applied(row, actor=fresh.lead)
    assert Site.objects.get(school__urn=910001).uprn == ""


def test_a_predecessors_history_stays_with_the_school_under_its_new_urn(fresh):
    school = fresh.oakfield.school
    links = table(
        ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"],
        ["910009", "900001", "Oakfield", "Predecessor", "01/09/2025"],
        ["", "", "", "", ""],
    )
    content = table(GIAS_HEAD, gias_row(910009, "Oakfield Academy"))
    row = tried("gias", content, fresh.lead, beside={"links": links})
    assert "its history stays" in row.report["will"][0][4]
    applied(row, actor=fresh.lead)
    school.refresh_from_db()
    assert (school.urn, school.name, School.objects.count()) == (910009, "Oakfield Academy", 2)
    former = school.former_urns.get()
    assert (former.urn, former.until) == (900001, dt.date(2025, 8, 31))
    assert not evidence_holds()
    undone(row, actor=fresh.lead)
    school.refresh_from_db()
    assert (school.urn, school.name, school.former_urns.count()) == (900001, "Oakfield", 0)
    assert not evidence_holds()


def test_group_links_say_whose_school_it_is_where_the_extract_does_not(fresh):
    groups = table(["URN", "Group UID", "Group Name"], ["910001", "T1", "Test Trust"], ["910002", "T7", "Another"])
    content = table(GIAS_HEAD, gias_row(910001, "A", **{"Trusts (code)": ""}), gias_row(910002, "B", **{"Trusts (code)": ""}))
    row = tried("gias", content, fresh.lead, beside={"groups": groups})
    assert row.report["totals"]["school"]["new"] == 1
    row = tried("gias", content, fresh.lead)
    assert "None of the 2 rows belongs to the trust" in row.report["problem"]


def test_term_dates_replace_the_year_they_are_of_and_are_put_back(fresh):
    school = fresh.oakfield.school
    before = list(school.terms.values_list("name", "first_day", "last_day"))
    year = today().year
    content = table(
        ["School", "Type", "Name", "Start", "End"],
        ["oakfield", "Term", "Autumn", f"02/09/{year}", f"19/12/{year}"],
        ["900001", "INSET day", "", f"01/09/{year}", ""],
        ["Oakfield", "Half term", "", f"26/10/{year}", f"30/10/{year}"],
    )
    row = tried("terms", content, fresh.lead)
    assert not faults(row)
    applied(row, actor=fresh.lead)
    assert school.calendar_marks.filter(kind=CalendarMark.Kind.INSET, first_day=dt.date(year, 9, 1)).exists()
    assert school.terms.filter(first_day=dt.date(year, 9, 2), last_day=dt.date(year, 12, 19)).count() == 1
    assert school.terms.count() == len(before), "other years stay"
    undone(row, actor=fresh.lead)
    assert list(school.terms.values_list("name", "first_day", "last_day")) == before
    assert not evidence_holds()


def test_term_dates_that_cannot_be_are_explained_in_their_rows(fresh):
    content = table(
        ["School", "What", "Name", "First day", "Last day"],
        ["Oakfeild", "Term", "", "02/09/2026", "18/12/2026"],
        ["Oakfield", "Trem", "", "02/09/2026", "18/12/2026"],
        ["Oakfield", "Term", "A", "18/12/2026", "02/09/2026"],
        ["Oakfield", "Term", "B", "04/01/2027", "01/04/2027"],
        ["Oakfield", "Term", "C", "31/03/2027", "20/07/2027"],
    )
    said = faults(tried("terms", content, fresh.lead))
    assert "Did you mean “Oakfield”?" in said[0]
    assert "Did you mean “Term”" in said[1]
    assert "before it begins" in said[2]
    assert "C begins before B ends" in said[3]


def test_buildings_and_spaces_are_made_and_undone(fresh):
    content = table(
        ["Block", "GIFA", "Room", "Warning"],
        ["Main Block", "2,400", "Boiler Room", "Two people"],
        ["Science block", "900", "Lab 1", ""],
        ["Science block", "900", "Lab 2", ""],
    )
    row = tried("places", content, fresh.lead, school=fresh.oakfield.school)
    assert row.report["totals"]["building"] == {"new": 1, "changed": 1, "same": 0}
    applied(row, actor=fresh.lead)
    main = fresh.oakfield.buildings.get(name="Main block")
    assert main.floor_area_m2 == 2400
    assert main.spaces.get(name="Boiler room").warning == "Two people"
    undone(row, actor=fresh.lead)
    assert [each.name for each in fresh.oakfield.buildings.all()] == ["Main block"]
    assert not evidence_holds()


def test_undoing_is_refused_naming_the_rows_once_something_is_used(fresh):
    content = table(["Building", "Space"], ["Science block", "Lab 1"])
    row = tried("places", content, fresh.lead, school=fresh.oakfield.school)
    applied(row, actor=fresh.lead)
    science = fresh.oakfield.buildings.get(name="Science block")
    fresh.asset(name="Fume cupboard").__class__.objects.filter(name="Fume cupboard").update(building=science, space=None)
    with pytest.raises(Problem) as refused:
        undone(row, actor=fresh.lead)
    assert refused.value.status == 409
    assert "Row 2, Science block: it is used by 1 asset, made since." in refused.value.fields["rows"]
    assert Building.objects.filter(name="Science block").exists(), "nothing half undone"


def test_people_are_invited_and_the_invitations_withdrawn(fresh, settings):
    admin = fresh.person("administrator")
    content = table(
        ["Name", "Email", "Job title", "School"],
        ["Sam Whitlock", "Sam@Oakfield.example", "Caretaker", "Oakfield"],
        ["Ada Byrne", "ada@trust.example", "Head of estates", "the whole trust"],
    )
    row = tried("people", content, admin)
    assert not faults(row)
    applied(row, actor=admin)
    sam = Person.objects.get(email="sam@oakfield.example")
    assert sam.appointments.get().school == fresh.oakfield.school
    assert Invitation.objects.filter(accepted_at=None).count() == 2
    assert not Import.objects.get(pk=row.pk).kept_sha256, "a table of people is not kept"
    undone(row, actor=admin)
    sam.refresh_from_db()
    assert not sam.is_active
    said = faults(
        tried(
            "people",
            table(
                ["Name", "Email", "Role", "School"],
                ["A", "a@b", "Caretaker", "Oakfield"],
                ["B", "b@b.example", "Carataker", "Oakfield"],
                ["C", "c@b.example", "Head", "Nowhere"],
            ),
            admin,
        )
    )
    assert "no e-mail address" in said[0]
    assert "Did you mean “Caretaker”" in said[1]
    assert "no school “Nowhere”" in said[2]


ASSETS = [
    "Asset type",
    "Description",
    "Building",
    "Room",
    "Manufacturer",
    "Serial number",
    "Date installed",
    "Status",
    "Label code",
    "Fact: agent",
    "Colour",
]


def test_every_ordinary_mistake_of_a_register_is_explained_in_its_row(fresh):
    rows = [
        ["Fire extinguisher", "By the door", "Main block", "Hall", "Chubb", "C1", "28/02/2019", "In use", "", "co2", "red"],
        ["Fire extingisher", "X", "Main block", "Hall", "", "", "", "", "", "", ""],
        ["Fire extinguisher", "Y", "Main blok", "Hall", "", "", "", "", "", "", ""],
        ["Fire extinguisher", "Z", "Main block", "Hal", "", "", "31/02/2019", "", "", "", ""],
        ["Fire extinguisher", "Q", "Main block", "Hall", "", "C1", "", "", "", "", ""],
        ["", "No type", "Main block", "Hall", "", "", "", "", "", "", ""],
        ["Fire extinguisher", "W", "Main block", "Hall", "", "", "28/02/2119", "Workign", "ABCDEFGH", "", ""],
        ["Fire extinguisher", "E", "", "Cellar", "", "", "Q3 2019", "", "", "", ""],
        ["", "", "", "", "", "", "", "", "", "", ""],
    ]
    row = tried("assets", table(ASSETS, *rows), fresh.lead, school=fresh.oakfield.school, site=fresh.oakfield)
    said = faults(row)
    assert row.report["faulty_rows"] == 7
    wanted = [
        "Row 3, Asset type: “Fire extingisher” is no type of asset. Did you mean “Fire extinguisher”",
        "Row 4, Building: There is no building “Main blok”",
        "Row 5, Date installed: “31/02/2019” is no date: February 2019 has 28 days. Look up the day, or leave it empty.",
        "Row 5, Room: There is no space “Hal” in Main block. Did you mean “Hall”",
        "Row 6, Serial number: The serial number C1 stands in row 2 already",
        "Row 7, Asset type: Nothing is written here",
        "Row 8, Date installed: “28/02/2119” lies in the future",
        "Row 8, Status: “Workign” is no status",
        "Row 8, Label code: “ABCDEFGH” is no code",
        "Row 9, Date installed: “Q3 2019” is no date",
        "Row 9, Room: There is no space “Cellar”",
    ]
    missing = [each for each in wanted if not any(each.lower() in one.lower() for one in said)]
    assert not missing, said
    assert not Asset.objects.exists()


def test_a_register_is_imported_with_labels_and_facts_and_known_again(fresh):
    tag = make_tags(1)[0]
    rows = [
        ["Fire extinguisher", "", "Main block", "Hall", "Chubb", "C1", "28/02/2019", "In use", tag.pk, "Wet chemical", ""],
        ["fire-alarm-panel", "Panel", "Old block", "Lobby", "Advanced", "", "", "", "", "", ""],
    ]
    ticks = frozenset({"make-places"})
    place = {"school": fresh.oakfield.school, "site": fresh.oakfield}
    row = tried("assets", table(ASSETS, *rows), fresh.lead, ticks=ticks, **place)
    assert not faults(row)
    assert row.report["totals"]["building"]["new"] == 1
    applied(row, actor=fresh.lead)
    extinguisher = Asset.objects.get(serial="C1")
    assert (extinguisher.name, extinguisher.facts) == ("Fire extinguisher", {"agent": "wet-chemical"})
    assert extinguisher.tags.get() == tag
    space = Asset.objects.get(name="Panel").space
    assert space and space.name == "Lobby"
    rows[0][4] = "Gloria"
    again = tried("assets", table(ASSETS, *rows), fresh.lead, ticks=ticks, **place)
    assert again.report["totals"]["asset"] == {"new": 0, "changed": 1, "same": 1}
    applied(again, actor=fresh.lead)
    assert Asset.objects.count() == 2
    assert not evidence_holds()
    undone(again, actor=fresh.lead)
    assert Asset.objects.get(serial="C1").make == "Chubb"
    with pytest.raises(Problem):
        undone(row, actor=fresh.lead)  # the extinguisher was changed since, also by undoing
    assert not evidence_holds()


def test_a_slip_of_a_building_that_is_here_is_not_made_a_new_one(fresh):
    rows = [["Fire extinguisher", name, name, "Hall"] for name in ("Mian block", "Main blcok", "Science block", "Block A")]
    place = {"school": fresh.oakfield.school, "site": fresh.oakfield, "ticks": frozenset({"make-places"})}
    said = faults(tried("assets", table(["Type", "Name", "Building", "Space"], *rows), fresh.lead, **place))
    assert [each[:5] for each in said] == ["Row 2", "Row 3"]
    assert "looks like “Main block”" in said[0]


def test_an_import_undone_leaves_no_asset_and_frees_its_label(fresh):
    tag = make_tags(1)[0]
    rows = [["Fire extinguisher", "", "Old block", "Lobby", "", "", "", "", tag.pk, "", ""]]
    place = {"school": fresh.oakfield.school, "site": fresh.oakfield}
    row = tried("assets", table(ASSETS, *rows), fresh.lead, ticks=frozenset({"make-places"}), **place)
    applied(row, actor=fresh.lead)
    undone(row, actor=fresh.lead)
    tag.refresh_from_db()
    assert tag.asset is None
    assert not Asset.objects.exists()
    assert not Building.objects.filter(name="Old block").exists()
    assert AuditEntry.objects.filter(kind="import-undone", subject=f"import:{row.pk}").count() == 1
    assert not evidence_holds()


def test_a_trial_that_nobody_applied_is_forgotten_after_a_month(fresh):
    row = tried("places", table(["Building"], ["Science block"]), fresh.lead, school=fresh.oakfield.school)
    assert forget_trials() == 0
    Import.objects.filter(pk=row.pk).update(made_at=row.made_at - dt.timedelta(days=31))
    assert forget_trials() == 1
    assert not Import.objects.exists()


def test_applying_twice_does_it_once(fresh):
    content = table(["Building"], ["Science block"])
    row = tried("places", content, fresh.lead, school=fresh.oakfield.school)
    applied(row, actor=fresh.lead)
    applied(row, actor=fresh.lead)
    assert Building.objects.filter(name="Science block").count() == 1


def test_a_stranger_and_a_colleague_without_the_permit_are_refused(fresh):
    content = table(["Building"], ["Science block"])
    with pytest.raises(Problem) as refused:
        tried("places", content, fresh.person("site-manager", school=fresh.riverside.school), school=fresh.oakfield.school)
    assert refused.value.status == 404
    with pytest.raises(Forbidden):
        tried("places", content, fresh.person("caretaker", school=fresh.oakfield.school), school=fresh.oakfield.school)
    with pytest.raises(Forbidden):
        tried("gias", table(GIAS_HEAD, gias_row(1, "A")), fresh.person("sbm", school=fresh.oakfield.school))


SQUARE = [[-1.55, 54.52], [-1.549, 54.52], [-1.549, 54.521], [-1.55, 54.521], [-1.55, 54.52]]


def shapes(*features) -> bytes:
    made = [
        {"type": "Feature", "properties": props, "geometry": {"type": kind, "coordinates": at}} for props, kind, at in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def test_boundaries_and_footprints_are_matched_by_name_urn_and_site(fresh):
    content = shapes(
        ({"URN": 900001}, "Polygon", [SQUARE]),
        ({"site": "Oakfield site", "building": "main BLOCK"}, "Polygon", [SQUARE]),
        ({"name": "Nowhere"}, "Polygon", [SQUARE]),
        ({"name": "Riverside"}, "Point", [1, 52]),
    )
    said = faults(tried("outlines", content, fresh.lead))
    assert "No site or building is called “Nowhere”" in said[0]
    assert "This is Point" in said[1]
    content = shapes(
        ({"URN": 900001}, "Polygon", [SQUARE]), ({"site": "Oakfield site", "building": "main BLOCK"}, "Polygon", [SQUARE])
    )
    row = tried("outlines", content, fresh.lead)
    applied(row, actor=fresh.lead)
    assert Outline.objects.get(building=None).site == fresh.oakfield
    assert Outline.objects.get(building__name="Main block").area_m2 == pytest.approx(7200, rel=0.1)
    undone(row, actor=fresh.lead)
    assert not Outline.objects.exists()
    assert not evidence_holds()


def test_a_year_or_a_month_will_do_for_when_a_thing_was_put_in(fresh):
    """Its first day stands for it and the note says so; a day that is here already is better."""
    rows = [
        ["Fire extinguisher", "Old one", "Main block", "Hall", "", "A1", "2019", "", "", "", ""],
        ["Fire extinguisher", "New one", "Main block", "Hall", "", "A2", "May 2021", "", "", "", ""],
        ["Fire extinguisher", "Exact", "Main block", "Hall", "", "A3", "03/09/2020", "", "", "", ""],
        ["Fire extinguisher", "Financial", "Main block", "Hall", "", "A4", "2015/16", "", "", "", ""],
        ["Fire extinguisher", "Counted", "Main block", "Hall", "", "A5", "43524", "", "", "", ""],
    ]
    place = {"school": fresh.oakfield.school, "site": fresh.oakfield}
    applied(tried("assets", table(ASSETS, *rows), fresh.lead, **place), actor=fresh.lead)
    found = {each.serial: (str(each.installed_on), each.note) for each in Asset.objects.all()}
    assert found == {
        "A1": ("2019-01-01", "Installed in 2019: the day is not known."),
        "A2": ("2021-05-01", "Installed in May 2021: the day is not known."),
        "A3": ("2020-09-03", ""),
        "A4": ("2015-04-01", "Installed in 2015/16: the day is not known."),
        "A5": ("2019-02-28", ""),
    }
    rows[2][6] = "2020"
    again = tried("assets", table(ASSETS, *rows), fresh.lead, **place)
    assert not faults(again)
    applied(again, actor=fresh.lead)
    assert {each.serial: (str(each.installed_on), each.note) for each in Asset.objects.all()} == found
