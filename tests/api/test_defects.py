"""Problems: found, reported, noted, closed."""

import datetime as dt
import uuid

import pytest

from backend.core.days import today
from backend.core.models import AuditEntry
from backend.maintenance.models import Defect
from tests.api.conftest import problem


def report(world, **more):
    return {"site": str(world.oakfield.pk), "summary": "Slab loose by the gate", "severity": "high", "unsafe": True, **more}


def test_a_problem_is_reported_once_however_often_it_is_sent(world, ask):
    caretaker, sent = ask(world.caretaker), report(world, id=str(uuid.uuid4()), made_safe="Coned off")
    first, again = caretaker.post("defects", sent), caretaker.post("defects", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["status"], first.json()["made_safe"]) == ("open", "Coned off")
    problem(caretaker.post("defects", {**sent, "summary": "Another"}), 409, "id_taken")
    assert Defect.objects.count() == 1


def test_an_asset_brings_its_place_and_discipline(world, estate, ask):
    sent = {"asset": str(estate.asset.pk), "summary": "Beeps at night"}
    one = ask(world.caretaker).post("defects", sent).json()
    assert (one["site"], one["building"], one["discipline"]) == (str(world.oakfield.pk), str(estate.asset.building_id), "fire")
    assert one["found_on"] == today().isoformat()


def test_a_space_brings_its_building(world, ask):
    space = world.oakfield.buildings.first().spaces.first()
    one = ask(world.caretaker).post("defects", report(world, space=str(space.pk))).json()
    assert (one["space_name"], one["building_name"]) == (space.name, "Main block")


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"summary": ""}, 400, "summary"),
        ({"summary": "x" * 501}, 400, "summary"),
        ({"severity": "awful"}, 400, "severity"),
        ({"unsafe": "perhaps"}, 400, "unsafe"),
        ({"site": str(uuid.uuid4())}, 404, "site"),
        ({"asset": str(uuid.uuid4())}, 404, "asset"),
        ({"found_on": "2199-01-01"}, 400, "found_on"),
        ({"found_on": "9999-99-99"}, 400, "found_on"),
        ({"photos": [{"sha256": "a" * 64, "type": "image/jpeg", "size": 10**12}]}, 400, "photos.0.size"),
    ],
)
def test_a_problem_that_says_nothing_sensible_is_refused_and_nothing_is_kept(more, status, field, world, ask):
    before = AuditEntry.objects.exclude(kind__in=("token", "actor-name")).count()
    assert field in problem(ask(world.caretaker).post("defects", report(world, **more)), status)["fields"]
    assert (Defect.objects.count(), AuditEntry.objects.exclude(kind__in=("token", "actor-name")).count()) == (0, before)
    problem(ask(world.caretaker).post("defects", {"summary": "Somewhere"}), 400, "no_place")


def test_any_member_of_staff_may_report_at_their_school_and_read_nothing(world, ask):
    teacher = ask(world.person("staff", school=world.oakfield.school))
    assert teacher.post("defects", report(world)).status_code == 201
    assert teacher.rows("defects") == []
    own = teacher.get(f"defects/{Defect.objects.get().pk}")
    assert (own.status_code, own.json()["stage"]) == (200, "new")
    other = ask(world.person("governor", school=world.riverside.school))
    problem(other.get(f"defects/{Defect.objects.get().pk}"), 404)
    problem(teacher.post("defects", report(world, site=str(world.riverside.pk))), 404)


def test_an_auditor_reads_and_may_not_report(world, estate, ask):
    auditor = ask(world.person("auditor"))
    assert len(auditor.rows("defects")) == 1
    problem(auditor.post("defects", report(world)), 403, "forbidden")


def test_a_problem_is_noted_and_closed_with_what_was_done(world, estate, ask):
    caretaker, manager = ask(world.caretaker), ask(world.person("site-manager", school=world.oakfield.school))
    path = f"defects/{estate.defect.pk}"
    assert caretaker.post(f"{path}/note", {"note": "Part ordered", "minutes": 15}).json()["notes"][0]["minutes"] == 15
    problem(caretaker.post(f"{path}/close", {"note": "Done"}), 403)
    problem(ask(world.stranger).post(f"{path}/close", {"note": "Done"}), 404)
    assert "note" in problem(manager.post(f"{path}/close", {"note": ""}), 400)["fields"]
    closed = manager.post(f"{path}/close", {"note": "New head fitted"}).json()
    assert (closed["status"], [note["kind"] for note in closed["notes"]]) == ("closed", ["update", "closed"])
    problem(manager.post(f"{path}/close", {"note": "Again"}), 409, "closed_already")


def test_problems_are_found_by_place_status_severity_and_day(world, estate, ask):
    lead = ask(world.lead)
    lead.post("defects", report(world, site=str(world.riverside.pk)))
    assert len(lead.rows("defects")) == 2
    assert [row["site_name"] for row in lead.rows("defects", site=str(world.riverside.pk))] == ["Riverside site"]
    assert [row["unsafe"] for row in lead.rows("defects", unsafe="true")] == [True, True]  # a failed critical question too
    assert lead.rows("defects", unsafe="false") == []
    assert len(lead.rows("defects", since=today().isoformat())) == 1
    assert len(lead.rows("defects", since=(today() - dt.timedelta(days=30)).isoformat(), status="open")) == 2
    assert lead.rows("defects", status="closed") == []
    assert [row["id"] for row in lead.rows("defects", asset=str(estate.asset.pk))] == [str(estate.defect.pk)]
