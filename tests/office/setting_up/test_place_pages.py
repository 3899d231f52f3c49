"""Pages that add and change schools, sites, buildings, spaces and school years by hand."""

import datetime as dt

import pytest

from backend.core.days import today
from backend.trust.models import Building, School, Site


@pytest.fixture
def lead(world, browse):
    return browse(world.lead)


def test_a_school_with_its_site_building_and_rooms_is_added_by_hand(world, lead):
    said = {"name": "Harrow Lane", "urn": "910001", "phase": "primary", "pupils": "210"}
    path = lead.post("/set-up/schools/add/", said).url
    path = lead.post(path, {"name": "Harrow Lane site", "postcode": "dl11aa"}).url
    assert Site.objects.get(name="Harrow Lane site").postcode == "DL1 1AA"
    path = lead.post(f"{path}buildings/add/", {"name": "Main", "built": "1968", "warning": "Asbestos in the ceiling"}).url
    page = lead.post(path, {"names": "Hall\n\nBoiler room\n"}, follow=True).text
    assert "Main has 2 spaces" in page
    assert lead.post(path, {"names": "Hall"}).status_code == 422


def test_a_new_urn_keeps_the_school_and_the_old_one_is_remembered(world, lead):
    school = world.oakfield.school
    page = lead.post(
        f"/schools/{school.pk}/change/", {"name": "Oakfield Academy", "urn": "910009", "phase": "primary"}, follow=True
    )
    assert page.status_code == 200
    school.refresh_from_db()
    assert (school.urn, school.former_urns.get().urn) == (910009, 900001)
    answer = lead.post(f"/schools/{school.pk}/change/", {"name": "X", "urn": "900002", "phase": "primary"})
    assert answer.status_code == 422
    assert "Another school has this URN." in answer.text


def test_a_warning_before_work_is_changed_and_shown(world, lead):
    building = world.oakfield.buildings.get()
    room = building.spaces.get(name="Boiler room")
    lead.post(f"/buildings/{building.pk}/change/", {"name": "Main block", "built": "1985", "warning": "Two people"})
    lead.post(f"/spaces/{room.pk}/change/", {"name": "Boiler room", "warning": "Hot surfaces"})
    assert "Two people" in lead.get(f"/buildings/{building.pk}/").text
    assert "Hot surfaces" in lead.get(f"/buildings/{building.pk}/spaces/").text
    building.refresh_from_db()
    assert building.built == 1985


def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(world, lead):
    answer = lead.post(f"/schools/{world.oakfield.school_id}/sites/add/", {"name": "Annexe", "postcode": "nowhere"})
    assert answer.status_code == 422
    assert "no postcode" in answer.text
    assert "Annexe" in answer.text
    answer = lead.post(f"/schools/{world.oakfield.school_id}/sites/add/", {"name": "Oakfield site"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/schools/{school}/change/",
        "/schools/{school}/sites/add/",
        "/sites/{site}/change/",
        "/sites/{site}/buildings/add/",
        "/buildings/{building}/change/",
        "/set-up/schools/add/",
    ],
)
def test_only_who_may_opens_a_form(world, browse, path):
    building = world.oakfield.buildings.get()
    path = path.format(school=world.oakfield.school_id, site=world.oakfield.pk, building=building.pk)
    assert browse(world.lead).get(path).status_code == 200
    assert browse(world.caretaker).get(path).status_code == 403
    stranger = browse(world.person("site-manager", school=world.riverside.school))
    assert stranger.get(path).status_code == (403 if "set-up" in path else 404)
    assert stranger.post(path, {"name": "Taken over"}).status_code == (403 if "set-up" in path else 404)
    assert not School.objects.filter(name="Taken over").exists()
    assert not Building.objects.filter(name="Taken over").exists()


def spans(*rows) -> dict[str, str]:
    said = {"span-TOTAL_FORMS": str(len(rows)), "span-INITIAL_FORMS": "0"}
    for number, (kind, name, first, last) in enumerate(rows):
        said |= {f"span-{number}-kind": kind, f"span-{number}-name": name}
        said |= {f"span-{number}-first_day": first, f"span-{number}-last_day": last}
    return said


def test_a_school_year_is_set_seen_and_taken_over_by_another_school(world, lead):
    school, other = world.oakfield.school, world.riverside.school
    year = today().year + 1
    path = f"/schools/{school.pk}/calendar/?year={year}"
    rows = spans(
        ("term", "Autumn", f"{year}-09-03", f"{year}-12-18"),
        ("half-term", "", f"{year}-10-25", f"{year}-10-29"),
        ("inset", "Training", f"{year}-09-02", ""),
        ("term", "", "", ""),
    )
    kept = school.terms.filter(first_day__lt=dt.date(year, 8, 1)).count()
    page = lead.post(path, rows, follow=True).text
    assert "1 term." in page
    assert "INSET day" in page
    assert school.terms.filter(first_day__lt=dt.date(year, 8, 1)).count() == kept, "other years stay"
    lead.post(f"/schools/{other.pk}/calendar/?year={year}", {"copy": str(school.pk)})
    assert other.calendar_marks.filter(first_day=dt.date(year, 9, 2)).exists()


def test_a_year_that_cannot_be_is_not_saved(world, lead):
    school = world.oakfield.school
    year = today().year + 1
    before = list(school.terms.values_list("first_day"))
    path = f"/schools/{school.pk}/calendar/?year={year}"
    answer = lead.post(
        path, spans(("term", "A", f"{year}-09-03", f"{year}-12-18"), ("term", "B", f"{year}-12-01", f"{year + 1}-03-01"))
    )
    assert answer.status_code == 422
    assert "before A ends" in answer.text
    answer = lead.post(path, spans(("term", "A", f"{year}-09-03", "")))
    assert answer.status_code == 422
    assert "Write both days." in answer.text
    answer = lead.post(path, spans(("term", "A", f"{year + 3}-09-03", f"{year + 3}-12-03")))
    assert "another academic year" in answer.text
    assert list(school.terms.values_list("first_day")) == before


def test_a_reader_sees_the_year_and_cannot_set_it(world, browse):
    path = f"/schools/{world.oakfield.school_id}/calendar/"
    head = browse(world.person("site-manager", site=world.oakfield))
    page = head.get(path)
    assert page.status_code == 200
    assert "Save the year" not in page.text
    assert head.post(path, spans(("term", "A", "2027-09-03", "2027-12-18"))).status_code == 403
