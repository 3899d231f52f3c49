"""Who sees which page: the owner, a colleague without the permit, a stranger, and nobody at all."""

import re
import uuid

import pytest
from django.urls import get_resolver
from django.utils import timezone

from backend.core.days import today
from backend.maintenance.actions import report_defect
from backend.maintenance.models import Defect
from backend.sync.models import Op
from tests.office.conftest import done

LISTS = ["/compliance/", "/plans/", "/assets/", "/records/", "/lapses/", "/problems/", "/labels/", "/search/?q=panel"]
SHEETS = ["/compliance.csv", "/plans.csv", "/assets.csv", "/records.csv", "/lapses.csv", "/problems.csv"]


@pytest.fixture
def things(world):
    """Something of every kind at Oakfield, by its page."""
    plan = world.plan()
    record = done(plan, world.caretaker, answers={"panel_response": "fail"})
    op = Op.objects.create(
        id=uuid.uuid4(), push=uuid.uuid4(), digest="0" * 64, kind="check_done", author_id=str(world.caretaker.pk), device_id="d",
        sent="{}", received_at=timezone.now(), outcome="held", code="asset_retired", detail="It was retired.",
        site=world.oakfield,
    )  # fmt: skip
    return {
        "school": f"/schools/{world.oakfield.school_id}/",
        "site": f"/sites/{world.oakfield.pk}/",
        "building": f"/buildings/{plan.asset.building_id}/",
        "asset": f"/assets/{plan.asset_id}/",
        "plan": f"/plans/{plan.pk}/",
        "record": f"/records/{record.pk}/",
        "problem": f"/problems/{Defect.objects.get().pk}/",
        "held": f"/held/{op.pk}/",
    }


def test_the_estates_lead_opens_every_page(world, things, browse):
    browser = browse(world.lead)
    for page in ["/", *LISTS, *SHEETS, "/held/", "/help/", *things.values()]:
        assert browser.get(page, follow=True).status_code == 200, page


def test_the_caretaker_opens_what_belongs_to_the_school_and_settles_nothing(world, things, browse):
    browser = browse(world.caretaker)
    for name, page in things.items():
        assert browser.get(page).status_code == (403 if name == "held" else 200), page
    assert browser.get("/labels/").status_code == 403


def test_a_stranger_finds_none_of_it(world, things, browse):
    browser = browse(world.person("site-manager", school=world.riverside.school))
    for page in things.values():
        assert browser.get(page).status_code == 404, page


def test_a_strangers_lists_and_sheets_show_none_of_it(world, things, browse):
    browser = browse(world.person("site-manager", school=world.riverside.school))
    for page in [*LISTS, *SHEETS, "/held/", "/"]:
        answer = browser.get(page)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"Oakfield" not in text, page
        assert b"Fire alarm panel</a>" not in text, page


def test_a_stranger_cannot_filter_by_another_schools_things(world, things, browse):
    browser = browse(world.stranger)
    for query in (f"site={world.oakfield.pk}", f"school={world.oakfield.school_id}"):
        for page in ("/plans/", "/assets/", "/records/", "/lapses/", "/problems/"):
            answer = browser.get(f"{page}?{query}")
            assert answer.status_code == 404
            assert "nothing is listed" in answer.content.decode()


def test_a_member_of_staff_gets_a_home_and_no_estate(world, things, browse):
    browser = browse(world.person("staff", school=world.oakfield.school))
    assert "You are signed in as member of staff" in browser.get("/").content.decode()
    for page in [*LISTS, *SHEETS, *things.values()]:
        assert browser.get(page).status_code == 403, page


def test_somebody_whose_last_role_is_over_is_out_at_the_next_request(world, browse):
    leaver = world.person("staff", school=world.oakfield.school)
    browser = browse(leaver)
    assert browser.get("/").status_code == 200
    leaver.appointments.update(ends_on="2020-01-01", starts_on="2019-01-01")
    assert browser.get("/")["Location"].startswith("/sign-in/")


WAYS_IN = {
    "sign-in-second-step", "sign-in-forgotten", "sign-in-reset", "openid_connect_login", "openid_connect_callback", "invitation",
}  # fmt: skip
"""Pages for those who are not signed in yet: a secret opens them, or they show nothing."""


def test_nobody_sees_a_page_without_signing_in(db, browse):
    """Every page of the office that there is, but for those that are meant for all."""
    public = {"sign-in", "sign-out", "help", "help-page", "field", "field-path", "label"} | WAYS_IN
    some_id, some_hash = uuid.uuid4(), "a" * 64
    for pattern in get_resolver("backend.office.urls").url_patterns:
        name = getattr(pattern, "name", "")
        if name in public:
            continue
        path = "/" + str(pattern.pattern).replace("<uuid:id>", str(some_id)).lstrip("^").rstrip("$")
        path = path.replace("(?P<sha256>[0-9a-f]{64})", some_hash).replace("(?P<size>small|large)", "small")
        path = re.sub(r"<uuid:\w+>", str(some_id), re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>", "x", path)))
        answer = browse().get(path)
        if answer.status_code == 405:
            answer = browse().post(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/sign-in/?next="), path


def test_an_auditor_whose_time_is_over_sees_nothing(world, things, browse):
    auditor = world.person("auditor")
    browser = browse(auditor)
    assert browser.get(things["asset"]).status_code == 200
    auditor.appointments.update(ends_on="2024-06-01", starts_on="2024-01-01")
    assert browser.get(things["asset"])["Location"].startswith("/sign-in/")


def test_a_governor_may_look_and_not_close_a_problem(world, things, browse):
    browser = browse(world.person("governor", school=world.oakfield.school))
    assert "Close the problem" not in browser.get(things["problem"]).content.decode()
    assert browser.post(things["problem"] + "close/", {"note": "Mended"}).status_code == 403


def test_a_problem_reported_at_another_school_cannot_be_closed(world, browse):
    defect = report_defect(
        id=uuid.uuid4(), site=world.oakfield, person=world.caretaker, summary="Tile loose", severity="low", unsafe=False,
        found_on=today(), reported_at=timezone.now(),
    )  # fmt: skip
    manager = world.person("site-manager", school=world.riverside.school)
    assert browse(manager).post(f"/problems/{defect.pk}/close/", {"note": "Mended"}).status_code == 404
