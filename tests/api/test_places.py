"""Schools, places, people, calendars, and the library: whose names, and what of them."""

from backend.hr.models import Competence
from backend.trust.models import CalendarMark
from tests.api.conftest import problem


def test_each_sees_their_own_schools_and_places(world, ask):
    for person, schools in (
        (world.caretaker, {"Oakfield"}),
        (world.stranger, {"Riverside"}),
        (world.lead, {"Oakfield", "Riverside"}),
    ):
        asker = ask(person)
        assert {row["name"] for row in asker.rows("schools")} == schools
        assert {row["school_name"] for row in asker.rows("sites")} == schools
        for path in ("buildings", "spaces"):
            sites = {row["site"] for row in asker.rows(path)}
            assert sites == {row["id"] for row in asker.rows("sites")}, path


def test_somebody_of_one_site_sees_its_school_once(world, ask):
    world.oakfield.school.sites.create(name="Playing field")
    groundsman = ask(world.person("caretaker", site=world.oakfield))
    assert [row["name"] for row in groundsman.rows("schools")] == ["Oakfield"]
    assert [row["name"] for row in groundsman.rows("sites")] == ["Oakfield site"]
    assert ask(world.caretaker).get("schools").json()["count"] == 1


def test_colleagues_are_known_by_name_alone(world, ask):
    names = {person.name for person in (world.caretaker, world.lead)}
    world.person("staff", school=world.riverside.school)
    rows = ask(world.caretaker).rows("people")
    assert {row["name"] for row in rows} == names
    assert all(row.keys() == {"id", "name"} for row in rows)
    assert ask(world.person("staff", school=world.oakfield.school)).rows("people") == []


def test_competences_are_those_of_colleagues(world, ask):
    far = Competence.objects.create(person=world.stranger, name="Legionella", covers=["water-hygiene"], held_from="2020-01-01")
    own = Competence.objects.create(
        person=world.caretaker, name="Fire alarm user", covers=["fire"], held_from="2020-01-01", expires_on="2021-01-01"
    )
    caretaker = ask(world.caretaker)
    assert [row["id"] for row in caretaker.rows("competences")] == [str(own.pk)]
    assert caretaker.rows("competences", valid_on="2022-01-01") == caretaker.rows("competences", covers="water-hygiene") == []
    problem(caretaker.get(f"competences/{far.pk}"), 404)
    assert {row["person_name"] for row in ask(world.lead).rows("competences")} == {world.stranger.name, world.caretaker.name}


def test_a_schools_calendar_is_read_by_who_sees_the_school(world, ask):
    mark = CalendarMark.objects.create(school=world.oakfield.school, kind="inset", first_day="2026-09-01", last_day="2026-09-01")
    caretaker = ask(world.caretaker)
    assert len(caretaker.rows("terms", school=str(world.oakfield.school_id))) == 9
    assert caretaker.rows("terms", school=str(world.riverside.school_id)) == []
    assert [row["id"] for row in caretaker.rows("calendar-marks", kind="inset")] == [mark.pk]
    problem(ask(world.stranger).get(f"calendar-marks/{mark.pk}"), 404)


def test_the_library_is_read_check_by_check_and_revision_by_revision(world, ask):
    staff = ask(world.person("staff", school=world.oakfield.school))
    one = staff.one("check-types/fire-alarm-weekly-test")
    assert (one["discipline"], one["revision"], one["content"]["rule"]["unit"]) == ("fire", 1, "week")
    assert "content" not in staff.rows("check-types")[0]
    assert staff.get("check-types").json()["count"] == 152
    kinds = {row["code"] for row in staff.rows("check-types", asset_type="fire-alarm-panel")}
    assert "fire-alarm-weekly-test" in kinds and "legionella-risk-assessment" not in kinds
    [revision] = staff.rows("check-types/fire-alarm-weekly-test/revisions")
    assert staff.one("check-types/fire-alarm-weekly-test/revisions/1") == revision
    assert revision["content"] == one["content"]
    problem(staff.get("check-types/no-such-check/revisions"), 404)
    problem(staff.get("check-types/fire-alarm-weekly-test/revisions/2"), 404)
