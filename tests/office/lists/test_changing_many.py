"""Many rows changed at once: the preview tells the truth and keeps nothing, the change is whole or none, and is undone."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.assets.models import Asset
from backend.checks.models import Lapse, Plan
from backend.core.days import today
from backend.core.models import AuditEntry
from backend.maintenance.actions import report_defect
from backend.maintenance.models import Defect
from backend.office.models import BulkChange
from tests.office.conftest import done

DAY = dt.timedelta(days=1)


def post(browser, name, do, rows, *, sure=False, **said):
    """Send the form of a change."""
    typed = {f"to-{key}": value for key, value in said.items()}
    ids = " ".join(str(row.pk) for row in rows)
    return browser.post(f"/change/{name}/", {"do": do, "row": ids, **typed, **({"sure": "1"} if sure else {})})


@pytest.fixture
def assets(world):
    """Three panels at Oakfield, one at Riverside."""
    here = [world.asset(name=f"Panel {n}", make="Old") for n in range(3)]
    return [*here, world.asset(site=world.riverside, name="Panel far")]


def hall(world) -> str:
    """Oakfield's hall, as the form names it."""
    return f"space:{world.oakfield.buildings.get().spaces.get(name='Hall').pk}"


def test_a_preview_shows_each_row_before_and_after_and_keeps_nothing(world, assets, browse):
    entries = AuditEntry.objects.count()
    page = post(browse(world.lead), "assets", "place", assets, place=hall(world)).content.decode()
    assert "3 assets would change" in page
    assert "1 cannot" in page
    assert "That building is at another site." in page
    assert "Main block, Boiler room" in page
    assert "Main block, Hall" in page
    assert set(Asset.objects.values_list("space__name", flat=True)) == {"Boiler room"}
    assert AuditEntry.objects.count() == entries


def test_confirmed_all_are_changed_in_the_history_and_taken_back_again(world, assets, browse):
    browser = browse(world.lead)
    answer = post(browser, "assets", "place", assets[:3], place=hall(world), sure=True)
    made = BulkChange.objects.get()
    assert answer["Location"] == f"/change/done/{made.pk}/"
    assert set(Asset.objects.filter(site=world.oakfield).values_list("space__name", flat=True)) == {"Hall"}
    assert AuditEntry.objects.filter(kind="asset-change").count() == 3
    assert "Done: 3 assets changed" in browser.get(answer["Location"]).content.decode()
    browser.post(f"/change/done/{made.pk}/undo/")
    assert set(Asset.objects.filter(site=world.oakfield).values_list("space__name", flat=True)) == {"Boiler room"}
    assert browser.post(f"/change/done/{made.pk}/undo/").status_code == 409


def test_when_one_cannot_be_changed_none_is(world, assets, browse):
    answer = post(browse(world.lead), "assets", "place", assets, place=hall(world), sure=True)
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()
    assert set(Asset.objects.values_list("space__name", flat=True)) == {"Boiler room"}
    assert not BulkChange.objects.exists()


def test_what_was_changed_again_since_is_not_taken_back(world, assets, browse):
    browser = browse(world.lead)
    post(browser, "assets", "make", assets, make="New", sure=True)
    Asset.objects.filter(pk=assets[0].pk).update(make="Newer")
    answer = browser.post(f"/change/done/{BulkChange.objects.get().pk}/undo/")
    assert answer.status_code == 409
    assert set(Asset.objects.values_list("make", flat=True)) == {"New", "Newer"}


def test_rows_of_a_school_one_does_not_work_with_are_not_there(world, assets, browse):
    manager = world.person("site-manager", school=world.oakfield.school)
    far = assets[3]
    assert post(browse(manager), "assets", "make", [far], make="X").status_code == 404
    page = post(browse(manager), "assets", "make", assets, make="X").content.decode()
    assert "3 assets would change" in page
    assert "Panel far" not in page
    post(browse(manager), "assets", "make", assets, make="X", sure=True)
    assert Asset.objects.get(pk=far.pk).make == ""


def test_who_may_change_nothing_is_offered_nothing_and_refused(world, assets, browse):
    governor = browse(world.person("governor", school=world.oakfield.school))
    assert "data-pick" not in governor.get("/assets/?q=").content.decode()
    assert governor.get("/change/assets/").status_code == 403
    caretaker = browse(world.caretaker)
    assert post(caretaker, "assets", "out-of-service", assets[:1], on=str(today()), reason="x").status_code == 403
    assert post(caretaker, "assets", "make", assets[:1], make="By the caretaker").status_code == 200


def test_all_that_the_filter_finds_are_chosen_not_only_those_on_the_page(world, browse):
    for n in range(55):
        world.asset(name=f"Extinguisher {n}")
    world.asset(name="Panel")
    browser = browse(world.lead)
    page = browser.get("/assets/", {"q": "extinguisher"}).content.decode()
    assert "All 55 that this list finds" in page
    asked = browser.get("/change/assets/", {"all": "1", "q": "extinguisher", "do": "make"}).content.decode()
    assert "Set make and model: 55 assets" in asked


def test_too_many_at_once_are_refused_in_words(world, assets, browse, monkeypatch):
    monkeypatch.setattr("backend.office.lists.bulk.MOST", 3)
    answer = browse(world.lead).get("/change/assets/", {"all": "1", "do": "make"})
    assert answer.status_code == 400
    assert "more than 3 at a time" in answer.content.decode()


def test_out_of_service_pauses_the_checks_and_back_lets_them_go_on(world, browse):
    plan = world.plan()
    browser = browse(world.lead)
    out = post(browser, "assets", "out-of-service", [plan.asset], on=str(today()), reason="Being moved", sure=True)
    assert out.status_code == 302
    plan.refresh_from_db()
    assert plan.status(today()) == "paused"
    again = post(browser, "assets", "out-of-service", [plan.asset], on=str(today()), reason="Again").content.decode()
    assert "is not in use" in again
    assert post(browser, "assets", "in-service", [plan.asset], on=str(today()), sure=True).status_code == 302
    plan.refresh_from_db()
    assert plan.status(today()) != "paused"


def test_labels_are_printed_for_those_chosen(world, assets, browse):
    answer = browse(world.lead).get("/change/assets/", {"do": "labels", "row": [assets[0].pk, assets[1].pk]})
    assert answer["Location"] == f"/labels/?asset={assets[0].pk}&asset={assets[1].pk}"
    every = browse(world.lead).get("/change/assets/", {"do": "labels", "all": "1", "q": "panel"})
    assert every["Location"] == "/labels/?q=panel"


def test_checks_are_paused_with_a_reason_and_an_end_and_go_on(world, browse):
    plan = world.plan(note="Key at reception")
    browser = browse(world.lead)
    days = {"first": str(today()), "last": str(today() + 9 * DAY)}
    page = post(browser, "plans", "pause", [plan], **days, reason="Rewiring").content.decode()
    assert "1 check would change" in page
    assert "Status: Paused" in page
    post(browser, "plans", "pause", [plan], **days, reason="Rewiring", sure=True)
    plan.refresh_from_db()
    assert plan.status(today()) == "paused"
    assert plan.status(today() + 10 * DAY) != "paused"
    assert plan.note == "Key at reception Paused: Rewiring"
    assert "It is paused on that day already." in post(browser, "plans", "pause", [plan], **days, reason="x").content.decode()
    post(browser, "plans", "resume", [plan], on=str(today()), sure=True)
    plan.refresh_from_db()
    assert plan.status(today()) != "paused"
    assert plan.note == "Key at reception"


def test_only_what_was_neither_done_nor_missed_begins_on_another_day(world, browse):
    fresh = world.plan("loler-passenger-lift", since=today())
    old = world.plan(since=today())
    done(old, world.caretaker)
    missed = world.plan(asset=world.asset(site=world.riverside), since=today() - 60 * DAY)
    later = today() + 30 * DAY
    page = post(browse(world.lead), "plans", "begin", [fresh, old, missed], starts_on=str(later)).content.decode()
    assert "1 check would change" in page
    assert "It has been done" in page
    assert "a miss is kept" in page
    post(browse(world.lead), "plans", "begin", [fresh], starts_on=str(later), sure=True)
    fresh.refresh_from_db()
    assert (fresh.starts_on, fresh.due_on) == (later, later)


def test_problems_are_closed_with_the_same_words(world, browse):
    import uuid

    from django.utils import timezone

    found = [
        report_defect(id=uuid.uuid4(), site=world.oakfield, person=world.caretaker, summary=f"Lamp {n}", severity="low",
                      unsafe=False, found_on=today(), reported_at=timezone.now())
        for n in range(2)
    ]  # fmt: skip
    browser = browse(world.lead)
    assert post(browser, "problems", "close", found).status_code == 422  # no words
    assert post(browser, "problems", "close", found, note="Lamps replaced", sure=True).status_code == 302
    assert set(Defect.objects.values_list("status", flat=True)) == {"closed"}
    assert "closed already" in post(browser, "problems", "close", found, note="x").content.decode()


@pytest.mark.parametrize("row", ["x", "1 2 3", "=1+1"])
def test_rows_that_cannot_be_read_are_said(world, browse, row):
    assert browse(world.lead).post("/change/assets/", {"do": "make", "row": row, "to-make": "x"}).status_code == 400


def test_a_preview_of_many_good_rows_asks_little_more_than_their_actions_do(world, browse):
    plans = [world.plan(asset=world.asset(name=f"P{n}")) for n in range(12)]
    browser, days = browse(world.lead), {"first": str(today()), "reason": "Works"}

    def queries(rows) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert post(browser, "plans", "pause", rows, **days).status_code == 200
        return len(asked)

    few = queries(plans[:3])
    assert queries(plans) <= few + 12
    assert not Plan.objects.exclude(pauses=[]).exists()


def test_many_problems_are_looked_at_and_closed_and_the_preview_says_so(world, browse):
    said = {"severity": "low", "unsafe": False, "found_on": today(), "reported_at": timezone.now(), "person": world.lead}
    rows = [report_defect(id=uuid.uuid4(), site=world.oakfield, summary=f"Loose {n}", **said) for n in range(2)]
    browser = browse(world.lead)
    page = post(browser, "problems", "triage", rows, severity="high").content.decode()
    assert "2 problems would change" in page and "Serious" in page
    post(browser, "problems", "triage", rows, severity="high", sure=True)
    assert set(Defect.objects.values_list("severity", "stage")) == {("high", "triaged")}
    page = post(browser, "problems", "close", rows, note="Tightened").content.decode()
    assert "2 problems would change" in page
    post(browser, "problems", "close", rows, note="Tightened", sure=True)
    assert set(Defect.objects.values_list("status", flat=True)) == {"closed"}


def test_many_checks_are_planned_no_longer_for_a_reason_and_what_was_missed_stays(world, browse):
    plans = [
        world.plan("fire-alarm-weekly-test", since=today() - 30 * DAY, asset=world.asset(name=f"Panel {n}")) for n in range(3)
    ]
    browser = browse(world.lead)
    page = post(browser, "plans", "end", plans, reason="Taken out").content.decode()
    assert "3 checks would change" in page and "no longer" in page
    assert Plan.objects.filter(active=True).count() == 3
    assert post(browser, "plans", "end", plans, reason=" ", sure=True).status_code == 422
    post(browser, "plans", "end", plans, reason="Taken out", sure=True)
    assert not Plan.objects.filter(active=True).exists()
    assert set(Plan.objects.values_list("ended_why", flat=True)) == {"Taken out"}
    assert Lapse.objects.filter(plan__in=plans).exists()
