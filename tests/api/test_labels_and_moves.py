"""By the API too: a lost label replaced, one taken out of use, rolls made, the year's proposed moves accepted."""

import json

import pytest
from django.test import Client

from backend.assets.actions import ensure_tags
from backend.assets.models import LabelRun, Tag, TagRetirement
from backend.checks.models import BookedCheck
from backend.core.days import today
from backend.hr.actions import set_working_week
from backend.office.calendar.year import year_of

API = "/api/v1"


@pytest.fixture
def lead(world):
    browser = Client()
    browser.force_login(world.lead)
    return browser


def asked(world, role, school=None) -> Client:
    browser = Client()
    browser.force_login(world.person(role, school=school))
    return browser


def send(browser, path, body):
    return browser.post(f"{API}{path}", data=json.dumps(body), content_type="application/json")


def labelled(world) -> Tag:
    asset = world.asset()
    return ensure_tags([asset])[asset.pk]


def test_a_lost_label_is_replaced_and_the_new_one_told(world, lead):
    old = labelled(world)
    answer = send(lead, f"/tags/{old.code.lower()}/replace", {"why": "lost", "note": "Painted over"})
    assert answer.status_code == 201
    new = answer.json()
    assert new["code"] != old.code
    assert new["asset"] == str(old.asset_id)
    assert TagRetirement.objects.get(tag=old).replaced_by_id == new["code"]
    again = send(lead, f"/tags/{old.code}/replace", {"why": "lost"})
    assert (again.status_code, again.json()["code"]) == (409, "tag_retired")


def test_a_label_is_taken_out_of_use_and_says_why(world, lead):
    tag = labelled(world)
    assert send(lead, f"/tags/{tag.code}/retire", {"why": "because"}).status_code == 400
    assert Tag.objects.get().retired_at is None
    answer = send(lead, f"/tags/{tag.code}/retire", {"why": "damaged"}).json()
    assert (answer["asset"], bool(answer["retired_at"])) == (None, True)


def test_who_prints_no_labels_takes_none_out_of_use_and_a_stranger_knows_of_none(world):
    tag = labelled(world)
    colleague = asked(world, "governor", world.oakfield.school)
    stranger = asked(world, "site-manager", world.riverside.school)
    for deed in ("replace", "retire"):
        assert send(colleague, f"/tags/{tag.code}/{deed}", {"why": "lost"}).status_code == 403
        hidden = send(stranger, f"/tags/{tag.code}/{deed}", {"why": "lost"})
        nothing = send(stranger, f"/tags/00000000/{deed}", {"why": "lost"})
        assert (hidden.status_code, hidden.json()["detail"]) == (404, nothing.json()["detail"])
    assert not TagRetirement.objects.exists()


def test_a_roll_is_made_read_and_counts_down_as_it_is_claimed(world, lead):
    made = send(lead, "/label-rolls", {"site": str(world.oakfield.pk), "count": 3}).json()
    assert len(set(made["codes"])) == 3
    assert made["unclaimed"] == 3
    asset = world.asset()
    assert send(lead, f"/assets/{asset.pk}/claim-tag", {"code": made["codes"][0]}).status_code == 200
    [row] = lead.get(f"{API}/label-rolls").json()["results"]
    assert (row["unclaimed"], "codes" in row) == (2, False)
    assert lead.get(f"{API}/label-rolls/{made['id']}").json()["codes"] == made["codes"]
    assert send(lead, "/label-rolls", {"site": str(world.oakfield.pk), "count": 1001}).status_code == 400
    assert LabelRun.objects.count() == 1
    other = asked(world, "site-manager", world.riverside.school)
    assert other.get(f"{API}/label-rolls").json()["count"] == 0
    assert other.get(f"{API}/label-rolls/{made['id']}").status_code == 404


@pytest.fixture
def crowded(world):
    """More work in one week than the four hours that there are."""
    world.plan()
    for number in range(8):
        world.plan("emergency-lighting-monthly-test", note=f"Lights {number}")
    set_working_week(person=world.caretaker, minutes=240, in_holidays=True, actor=world.lead)
    return world


def test_proposed_moves_are_read_and_accepted_and_those_that_are_gone_refused(crowded, lead):
    path = f"/schools/{crowded.oakfield.school_id}/year-moves"
    moves = lead.get(f"{API}{path}").json()["moves"]
    proposed = year_of(crowded.oakfield.school, crowded.lead, today()).moves()
    assert [each["on"] for each in moves] == [each.to.isoformat() for each in proposed]
    assert moves
    first = moves[0]["move"]
    assert send(lead, path, {"moves": [first]}).json() == {"booked": 1}
    line = BookedCheck.objects.select_related("booking").get()
    assert (str(line.plan_id), line.booking.day.isoformat()) == (moves[0]["plan"], moves[0]["on"])
    assert send(lead, path, {"moves": [first]}).status_code == 409
    assert BookedCheck.objects.count() == 1
    left = lead.get(f"{API}{path}").json()["moves"]
    assert send(lead, path, {"moves": ["all"]}).json() == {"booked": len(left)}


def test_who_books_nothing_accepts_nothing(crowded):
    path = f"/schools/{crowded.oakfield.school_id}/year-moves"
    governor = asked(crowded, "governor", crowded.oakfield.school)
    assert governor.get(f"{API}{path}").status_code == 200
    assert send(governor, path, {"moves": ["all"]}).status_code == 403
    stranger = asked(crowded, "site-manager", crowded.riverside.school)
    assert stranger.get(f"{API}{path}").status_code == 404
    assert send(stranger, path, {"moves": ["all"]}).status_code == 404
    assert not BookedCheck.objects.exists()
