"""The pages of what applies: questions answered, plans proposed and accepted, decisions agreed, plans changed by hand."""

import datetime as dt
import io
import re

import pytest

from backend.assets.models import Asset
from backend.checks.actions.library import publish_library
from backend.checks.models import CheckRecord, LapseNote, LibraryDecision, NotApplicable, Plan
from backend.core.days import today
from tests.checks.test_which_apply import changed_library
from tests.office.conftest import done


@pytest.fixture
def lead(world, browse):
    """The estates lead's browser."""
    return browse(world.lead)


def url(world, rest):
    """An address of Oakfield's site."""
    return f"/sites/{world.oakfield.pk}/{rest}"


def test_questions_are_answered_one_screen_after_the_other(world, lead):
    assert "open" in lead.get("/applying/").text
    page = lead.get(url(world, "facts/"))
    assert "Gas, oil and heating" in page.text
    answer = lead.post(url(world, "facts/heating/"), {"gas": "yes", "oil": "no", "co_alarms": "unknown"})
    assert answer.headers["Location"] == url(world, "facts/electricity/")
    world.oakfield.refresh_from_db()
    assert world.oakfield.facts == {"co_alarms": "unknown", "gas": True, "oil": False}
    assert 'value="unknown" checked' in " ".join(lead.get(url(world, "facts/heating/")).text.split())


def test_a_figure_that_cannot_be_is_said_and_typed_again_while_the_others_are_kept(world, lead):
    building = world.oakfield.buildings.get()
    answer = lead.post(url(world, "facts/buildings/"), {f"built:{building.pk}": "later", f"radon:{building.pk}": "no"})
    assert answer.status_code == 422
    assert "Give a whole number from 1,000 to 2,100." in answer.text
    assert 'value="later"' in answer.text


def test_what_the_register_shows_is_not_asked(world, lead):
    world.asset("gas-boiler", name="Boiler 1")
    page = lead.get(url(world, "facts/heating/")).text
    assert "Boiler 1 in Main block" in page
    assert 'name="gas"' not in page


def ticked(page_text, world):
    """What the proposal's form would send with everything ticked."""
    codes = [part.split('"')[0] for part in page_text.split('name="check" value="')[1:]] or [
        part.split('value="')[1].split('"')[0] for part in page_text.split('name="check"')[1:]
    ]
    return {"proposal": "1", "check": codes}


def test_plans_are_proposed_with_their_law_and_accepted_in_one_go(world, lead):
    world.asset("gas-boiler", name="Boiler 1")
    page = lead.get(url(world, "proposal/")).text
    assert "Because Boiler 1 is in Main block" in page
    assert "Gas Safety (Installation and Use) Regulations 1998 reg. 35" in page
    assert lead.post(url(world, "proposal/"), ticked(page, world)).status_code == 302
    assert Plan.objects.filter(asset__name="Boiler 1", origin="proposed", active=True).count() == 1
    before = Plan.objects.count()
    lead.post(url(world, "proposal/"), ticked(page, world))
    assert Plan.objects.count() == before
    assert "is planned." in lead.get(url(world, "proposal/")).text


def test_what_is_left_out_is_asked_why_and_then_waits_for_somebody(world, lead, browse):
    page = lead.get(url(world, "proposal/")).text
    sent = ticked(page, world)
    sent["check"].remove("condition-survey")
    asked = lead.post(url(world, "proposal/"), sent)
    assert "You left out 1 check" in asked.text
    assert Plan.objects.count() == 0
    key = f"why-condition-survey|{world.oakfield.buildings.get().pk}|"
    assert lead.post(url(world, "proposal/"), {**sent, key: ""}).status_code == 422
    assert lead.post(url(world, "proposal/"), {**sent, key: "Surveyed by the diocese"}).status_code == 302
    row = NotApplicable.objects.get()
    assert Plan.objects.exclude(check_type="condition-survey").exists()
    assert "You asked for this" in lead.get(f"/not-applicable/{row.pk}/").text
    assert lead.post(f"/not-applicable/{row.pk}/", {"act": "agree"}).status_code == 422
    head = browse(world.person("headteacher", school=world.oakfield.school))
    assert head.post(f"/not-applicable/{row.pk}/", {"act": "agree"}).status_code == 302
    row.refresh_from_db()
    assert row.agreed
    assert "Not applicable: 1" in lead.get(f"/sites/{world.oakfield.pk}/").text
    assert "condition-survey" not in lead.get(url(world, "proposal/")).text.split("Said not to apply")[0]
    assert "Surveyed by the diocese" in lead.get("/not-applicable/?state=now").text
    assert "Surveyed by the diocese" in b"".join(lead.get("/not-applicable.csv").streaming_content).decode()


def test_several_left_out_have_one_reason_or_wait_for_later(world, lead):
    page = lead.get(url(world, "proposal/")).text
    sent = ticked(page, world)
    gone = [sent["check"].pop(), sent["check"].pop()]
    asked = lead.post(url(world, "proposal/"), sent).text
    assert "Plan the rest, leave these for later" in asked
    keys = re.findall(r'name="(why-[^"]+[|][^"]*)"', asked)
    assert len(keys) >= 2
    empty = dict.fromkeys(keys, "")
    assert lead.post(url(world, "proposal/"), {**sent, **empty}).status_code == 422
    assert lead.post(url(world, "proposal/"), {**sent, **empty, "later": "1"}).status_code == 302
    assert not NotApplicable.objects.exists()
    assert not Plan.objects.filter(check_type__in=gone).exists()
    assert all(code in lead.get(url(world, "proposal/")).text for code in gone)
    sent = {**ticked(lead.get(url(world, "proposal/")).text, world), "check": [], **empty, "why-all": "The diocese sees to it"}
    assert lead.post(url(world, "proposal/"), sent).status_code == 302
    assert set(NotApplicable.objects.values_list("reason", flat=True)) == {"The diocese sees to it"}


def test_last_done_dates_come_back_in_the_spreadsheet_that_was_handed_out(world, lead):
    boiler = world.asset("gas-boiler", name="Boiler 1")
    text = b"".join(lead.get(url(world, "proposal.csv")).streaming_content).decode("utf-8-sig")
    last = today() - dt.timedelta(days=90)
    lines = [
        line[: line.rindex(",") + 1] + last.strftime("%d/%m/%Y") if str(boiler.pk) in line else line for line in text.splitlines()
    ]
    page = lead.get(url(world, "proposal/")).text
    file = io.BytesIO("\r\n".join(lines).encode())
    file.name = "dates.csv"
    assert lead.post(url(world, "proposal/"), {**ticked(page, world), "dates": file}).status_code == 302
    assert Plan.objects.get(asset=boiler).due_on == last.replace(year=last.year + 1)


@pytest.mark.parametrize("content", [b"", b"Key,Last done\ngas-boiler-service||,soon", b"a,b\n1,2", b"%PDF-1.7", b"\x00\x01"])
def test_a_damaged_spreadsheet_is_refused_in_words_and_nothing_is_planned(world, lead, content):
    page = lead.get(url(world, "proposal/")).text
    file = io.BytesIO(content)
    file.name = "dates.csv"
    answer = lead.post(url(world, "proposal/"), {**ticked(page, world), "dates": file})
    assert answer.status_code in (302, 422)
    assert (Plan.objects.count() == 0) == (answer.status_code == 422)


def test_a_caretaker_sees_the_proposal_and_may_not_accept_it(world, browse):
    caretaker, stranger = browse(world.caretaker), browse(world.stranger)
    assert "does not let you plan" in caretaker.get(url(world, "proposal/")).text
    assert caretaker.post(url(world, "proposal/"), {"proposal": "1"}).status_code == 403
    assert caretaker.get(url(world, "facts/heating/")).status_code == 403
    assert stranger.get(url(world, "proposal/")).status_code == 404


def test_the_library_is_searched_and_each_check_has_its_page(world, lead):
    world.plan("gas-boiler-service")
    page = lead.get("/library/?q=gas+safety").text
    assert "Gas boilers and heaters" in page
    assert "Fire drill" not in page
    check = lead.get("/library/gas-boiler-service/").text
    assert "Revision 1" in check
    assert "1 plan" in check
    assert lead.get("/library/no-such-check/").status_code == 404


def test_a_change_of_the_library_is_looked_at_and_accepted(world, lead, browse):
    plan = world.plan("expansion-vessel-flush", since=today() - dt.timedelta(days=150))
    done(plan, world.lead, days_ago=120)
    publish_library(changed_library("expansion-vessel-flush", every=3, unit="month"), actor="tests")
    assert "1 change of the library is to be decided" in lead.get("/library/changes/").text
    page = lead.get("/library/changes/expansion-vessel-flush/").text
    assert "1 date would move, 1 would be overdue" in " ".join(page.split())
    assert "every 3 months" in page.lower()
    sbm = browse(world.person("sbm", school=world.oakfield.school))
    assert sbm.post("/library/changes/expansion-vessel-flush/", {"act": "accept", "revision": "2"}).status_code == 403
    put_off = {"act": "put-off", "revision": "2", "reason": "", "back_on": ""}
    assert lead.post("/library/changes/expansion-vessel-flush/", put_off).status_code == 422
    assert lead.post("/library/changes/expansion-vessel-flush/", {"act": "accept", "revision": "2"}).status_code == 302
    plan.refresh_from_db()
    assert plan.rule["every"] == 3
    assert LibraryDecision.objects.get().plans == 1


def test_a_plan_is_paused_goes_on_changes_and_ends_from_its_page(world, lead):
    plan = world.plan("fire-door-inhouse-check", site=world.oakfield, building=world.oakfield.buildings.get(), since=today())
    page = lead.get(f"/plans/{plan.pk}/").text
    for deed in ("pause", "interval", "end", "enter"):
        assert f"/plans/{plan.pk}/{deed}/" in page
        assert lead.get(f"/plans/{plan.pk}/{deed}/").status_code == 200
    assert lead.post(f"/plans/{plan.pk}/pause/", {"first": today(), "reason": "Closed"}).status_code == 302
    assert f"/plans/{plan.pk}/resume/" in lead.get(f"/plans/{plan.pk}/").text
    tomorrow = today() + dt.timedelta(days=1)
    assert lead.post(f"/plans/{plan.pk}/resume/", {"on": tomorrow}).status_code == 302
    assert lead.post(f"/plans/{plan.pk}/interval/", {"every": "3", "unit": "month", "reason": "Few doors"}).status_code == 302
    assert lead.post(f"/plans/{plan.pk}/end/", {"reason": ""}).status_code == 422
    assert lead.post(f"/plans/{plan.pk}/end/", {"reason": "Doors went"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.active, plan.ended_why, plan.rule["every"]) == (False, "Doors went", 3)
    assert "No longer planned since" in lead.get(f"/plans/{plan.pk}/").text
    assert lead.post(f"/plans/{plan.pk}/end/", {"reason": "Again"}).status_code == 422


def test_a_check_is_planned_by_hand_once(world, lead):
    asset = world.asset("ladder")
    sent = {"asset": str(asset.pk), "check": "ladder-inspection", "starts_on": today(), "reason": "New ladder"}
    assert lead.get(f"/plans/new/?asset={asset.pk}").status_code == 200
    assert lead.post("/plans/new/", sent).status_code == 302
    assert lead.post("/plans/new/", sent).status_code == 422
    assert Plan.objects.get(asset=asset).origin == "by-hand"


def test_the_form_of_a_plan_by_hand_is_sent_to_its_own_address_as_a_browser_does(world, lead):
    asset = world.asset("ladder")
    sent = {"check": "ladder-inspection", "starts_on": today(), "reason": "New ladder"}
    assert lead.post(f"/plans/new/?asset={asset.pk}", sent).status_code == 302
    assert Plan.objects.get(asset=asset).why == "New ladder"


def test_an_asset_goes_out_of_service_and_comes_back_only_when_it_was_examined(world, lead):
    plan = world.plan("loler-passenger-lift", since=today() - dt.timedelta(days=300))
    asset = plan.asset
    assert lead.post(f"/assets/{asset.pk}/out-of-service/", {"on": today(), "reason": "Door lock"}).status_code == 302
    assert Asset.objects.get(pk=asset.pk).status == "out-of-service"
    answer = lead.post(f"/assets/{asset.pk}/back/", {"on": today()})
    assert answer.status_code == 422
    assert "cannot return to service" in answer.text
    assert f"/assets/{asset.pk}/back/" in lead.get(f"/assets/{asset.pk}/").text


def test_a_miss_is_excused_and_stays(world, lead, browse):
    plan = world.plan(since=today() - dt.timedelta(days=60))
    lapse = plan.lapses.first()
    assert f"/lapses/{lapse.pk}/excuse/" in lead.get(f"/plans/{plan.pk}/").text
    assert lead.post(f"/lapses/{lapse.pk}/excuse/", {"reason": "Snow"}).status_code == 302
    assert LapseNote.objects.get(lapse=lapse).reason == "Snow"
    assert browse(world.stranger).get(f"/lapses/{lapse.pk}/excuse/").status_code == 404


def test_a_check_on_paper_is_entered_late_and_then_corrected(world, lead):
    plan = world.plan("fire-alarm-weekly-test", since=today() - dt.timedelta(days=35))
    asked = {each["key"]: each for each in plan.check_type.current.questions()}
    answers = {f"q-{key}": "pass" for key, each in asked.items() if each["type"] == "pass-fail"}
    answers |= {f"q-{key}": "yes" for key, each in asked.items() if each["type"] == "boolean"}
    answers |= {f"q-{key}": str(plan.asset_id) for key, each in asked.items() if each["type"] == "asset-ref"}
    assert lead.post(f"/plans/{plan.pk}/enter/", {"done_on": today()}).status_code == 422
    on = today() - dt.timedelta(days=3)
    answer = lead.post(f"/plans/{plan.pk}/enter/", {"done_on": on, "at": "09:30", "done_by": "Pat Hill", **answers})
    assert answer.status_code == 302, answer.text[answer.text.find('class="wrong"') - 200 :][:900]
    record = CheckRecord.objects.get(plan=plan)
    assert (record.presence, record.late_entry, record.done_on) == ("office", True, on)
    assert record.answers["notes"].startswith("Done by Pat Hill.")
    page = lead.get(f"/records/{record.pk}/correct/").text
    assert "Done by Pat Hill." in page
    sent = {"done_on": on, "at": "09:30", **answers, "reason": "Wrong name"}
    assert lead.post(f"/records/{record.pk}/correct/", {**sent, "reason": ""}).status_code == 422
    assert lead.post(f"/records/{record.pk}/correct/", sent).status_code == 302
    fresh = CheckRecord.objects.get(supersedes=record)
    assert (fresh.done_at, fresh.reason) == (record.done_at, "Wrong name")


def test_lists_take_as_many_queries_for_many_rows(world, lead, django_assert_max_num_queries):
    building = world.oakfield.buildings.get()
    for number in range(8):
        world.oakfield.buildings.create(name=f"Block {number}")
        NotApplicable.objects.create(
            check_type_id="condition-survey", site=world.oakfield, building=building, reason=f"{number}", expires_on=today(),
            asked_at=dt.datetime.now(dt.UTC), asked_by=world.lead, ended_at=dt.datetime.now(dt.UTC),
        )  # fmt: skip
    with django_assert_max_num_queries(22):
        assert lead.get("/not-applicable/").status_code == 200
    with django_assert_max_num_queries(12):
        assert lead.get("/applying/").status_code == 200
    with django_assert_max_num_queries(12):
        assert lead.get("/library/").status_code == 200
