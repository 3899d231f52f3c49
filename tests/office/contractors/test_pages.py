"""The pages of contractors, certificates and documents, as people use them."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.checks.actions.documents import add_document
from backend.checks.models import Certificate, CheckRecord, Document, DocumentNotNeeded, Plan
from backend.core.days import today
from backend.maintenance.actions.contractors import Firm, add_contractor
from backend.maintenance.actions.uploads import ask_for_report
from backend.maintenance.models import Contractor, ContractorPerson, ContractorVisit, ReportUpload
from backend.office.demo.papers import one_page
from tests.checks.filing import firm, paper
from tests.conftest import World

pytestmark = pytest.mark.django_db
PDF = one_page(["Report"])


def browser(person) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def sbm(world) -> Client:
    """Oakfield's business manager."""
    return browser(world.person("sbm", school=world.oakfield.school))


def pdf(name: str = "report.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def lift_plan(world: World) -> Plan:
    """A lift's thorough examination, begun a year ago."""
    lift = world.asset("passenger-lift", name="Hall lift")
    return world.plan("loler-passenger-lift", asset=lift, since=today() - dt.timedelta(days=365))


def sent(**more) -> dict[str, Any]:
    """What the form of a certificate sends."""
    said = {
        "firm": "Brindle Lifts", "engineer": "Joan Ferris", "number": "R-9", "examined_on": str(today() - dt.timedelta(days=3)),
        "stated_next": str(today() + dt.timedelta(days=170)), "result": "satisfactory", "in_order": "on",
    }  # fmt: skip
    return said | more


def test_a_firm_is_added_and_says_what_is_missing_until_its_papers_are_entered(world, sbm):
    page = sbm.post("/contractors/add/", {"name": "Volt Ltd", "trades": ["electrical"], "active": "on"}, follow=True)
    volt = Contractor.objects.get()
    assert "should not work here" in page.text
    assert "Public liability insurance: nothing is held." in page.text
    until = str(today() + dt.timedelta(days=300))
    for kind in ("public-liability", "employers-liability"):
        sent_now = {"kind": kind, "cover": "10000000", "expires_on": until, "file": pdf()}
        page = sbm.post(f"/contractors/{volt.pk}/papers/add/", sent_now, follow=True)
    assert "Volt Ltd may work here." in page.text
    assert "£10,000,000" in page.text


def test_the_list_filters_by_trade_and_by_what_ends_soon(world, sbm):
    firm(world, "Safe Ltd", trades=["fire"])
    add_contractor(person=world.lead, firm=Firm(name="Bare Ltd", trades=["electrical"]))
    assert "Safe Ltd" not in sbm.get("/contractors/?state=not").text
    assert "Bare Ltd" not in sbm.get("/contractors/?trade=fire").text
    lines = b"".join(sbm.get("/contractors.csv?state=not").streaming_content).decode()
    assert "Bare Ltd" in lines and "Safe Ltd" not in lines


def test_dbs_details_are_shown_only_to_those_who_look_after_contractors(world, sbm):
    made = firm(world)
    sbm.post(f"/contractors/{made.pk}/people/add/", {"name": "Perry Fitter"})
    perry = ContractorPerson.objects.get()
    said = {"kind": "enhanced", "on": str(today() - dt.timedelta(days=90)), "last": "4411"}
    sbm.post(f"/contractors/people/{perry.pk}/dbs/", said)
    assert "number ending 4411" in sbm.get(f"/contractors/{made.pk}/").text
    governor = browser(world.person("governor", school=world.oakfield.school)).get(f"/contractors/{made.pk}/")
    assert governor.status_code == 200
    assert "4411" not in governor.text and "Perry" not in governor.text


def test_the_whole_dbs_number_is_refused(world, sbm):
    made = firm(world)
    sbm.post(f"/contractors/{made.pk}/people/add/", {"name": "Perry Fitter"})
    perry = ContractorPerson.objects.get()
    answer = sbm.post(f"/contractors/people/{perry.pk}/dbs/", {"kind": "enhanced", "on": str(today()), "last": "001234567890"})
    assert answer.status_code == 422
    perry.refresh_from_db()
    assert perry.dbs_on is None


def test_a_firm_that_should_not_work_is_let_in_only_with_a_reason_that_stays(world, sbm):
    bare = add_contractor(person=world.lead, firm=Firm(name="Bare Ltd"))
    said = {"contractor": bare.pk, "site": world.oakfield.pk, "purpose": "Mend the gate", "planned_on": str(today())}
    sbm.post("/contractors/visits/add/", said)
    visit = ContractorVisit.objects.get()
    refused = sbm.post(f"/contractors/visits/{visit.pk}/", {"act": "in", "others": "Two fitters"})
    assert refused.status_code == 422 and "Two fitters" in refused.text
    sbm.post(f"/contractors/visits/{visit.pk}/", {"act": "in", "let_in_why": "Head agreed, accompanied", "asbestos_seen": "on"})
    visit.refresh_from_db()
    assert (visit.state, visit.let_in_why, visit.asbestos_seen) == ("here", "Head agreed, accompanied", True)
    sbm.post(f"/contractors/visits/{visit.pk}/", {"act": "out", "note": "Done"})
    visit.refresh_from_db()
    assert visit.state == "left"


def test_the_form_asks_for_the_reports_number_at_once_where_its_check_does(world, sbm):
    """A browser then says so before anything is sent; the same is said at its box when it is sent all the same."""
    plan = lift_plan(world)
    path = f"/certificates/file/?plan={plan.pk}"
    box = re.search(r'<input[^>]*name="number"[^>]*>', sbm.get(path).text)
    assert box and "required" in box[0]
    refused = sbm.post(path, sent(number="", file=pdf(), **{f"item-{plan.pk}": "as"}))
    assert refused.status_code == 422
    assert not Certificate.objects.exists()


def test_a_certificate_is_filed_from_its_plan_in_one_form(world, sbm):
    plan = lift_plan(world)
    assert f"/certificates/file/?plan={plan.pk}" in sbm.get(f"/plans/{plan.pk}/").text
    page = sbm.post(f"/certificates/file/?plan={plan.pk}", sent(file=pdf(), **{f"item-{plan.pk}": "as"}), follow=True)
    assert "Filed: 1 check is recorded." in page.text
    plan.refresh_from_db()
    assert plan.due_on == today() + dt.timedelta(days=170)
    made = Certificate.objects.get()
    assert b"".join(sbm.get(f"/certificates/{made.pk}/file/").streaming_content) == PDF


def test_a_fault_loses_neither_what_was_typed_nor_the_file(world, sbm):
    plan = lift_plan(world)
    line = {"remedial-0-code": "B", "remedial-0-summary": "Worn brake", f"item-{plan.pk}": "as"}
    page = sbm.post(f"/certificates/file/?plan={plan.pk}", sent(file=pdf(), engineer="", **line))
    assert page.status_code == 422
    assert "The file is here." in page.text and "Worn brake" in page.text
    assert CheckRecord.objects.count() == 0
    held = page.context["form"]["held"].value()
    line["remedial-0-deadline_on"] = str(today() + dt.timedelta(days=9))
    sbm.post(f"/certificates/file/?plan={plan.pk}", sent(held=held, result="unsatisfactory", **line))
    assert Certificate.objects.get().remedials.get().defect.summary == "Worn brake"


def test_a_stated_date_past_the_legal_maximum_is_warned_of(world, sbm):
    plan = lift_plan(world)
    said = sent(file=pdf(), stated_next=str(today() + dt.timedelta(days=900)), **{f"item-{plan.pk}": "as"})
    asked = sbm.post(f"/certificates/file/?plan={plan.pk}", said)
    assert asked.status_code == 422 and "Look at the year again" in asked.text and not Certificate.objects.exists()
    said = said | {"file": pdf(), "date_meant": "on"}
    page = sbm.post(f"/certificates/file/?plan={plan.pk}", said, follow=True)
    assert "later than the limit" in page.text


def test_what_a_firm_hands_in_waits_and_records_nothing_until_it_is_filed(world, sbm):
    plan, made = lift_plan(world), firm(world)
    lead = world.person("sbm", school=world.oakfield.school)
    _, text = ask_for_report(person=lead, contractor=made, words="Lift report", site=world.oakfield, plan_ids=[plan.pk])
    stranger = Client()
    shown = stranger.get(f"/hand-in/{text}/")
    assert "Lift report" in shown.text
    # with "no-referrer" a browser posts `Origin: null`, which no check of forged requests lets through
    assert shown["Referrer-Policy"] == "same-origin"
    answer = stranger.post(f"/hand-in/{text}/", {"file": pdf(), "from_name": "J"}, follow=True)
    assert "it has arrived" in answer.text
    upload = ReportUpload.objects.get()
    assert (upload.state, CheckRecord.objects.count(), Certificate.objects.count()) == ("waiting", 0, 0)
    address = sbm.get(f"/contractors/handed-in/{upload.pk}/").context["file_link"]
    form = sbm.get(address).context["form"]
    sbm.post(address, sent(contractor=made.pk, firm="", held=form["held"].value(), **{f"item-{plan.pk}": "as"}))
    upload.refresh_from_db()
    assert (upload.state, Certificate.objects.get().sha256) == ("filed", upload.sha256)


@pytest.mark.parametrize("content", [b"", b"MZ\x90 not a report", b"<html><script>1</script></html>"])
def test_a_stranger_hands_in_nothing_but_pdf_and_pictures(world, content):
    lead = world.person("sbm", school=world.oakfield.school)
    _, text = ask_for_report(person=lead, contractor=firm(world), words="Report", site=world.oakfield)
    answer = Client().post(f"/hand-in/{text}/", {"file": SimpleUploadedFile("r.pdf", content, "application/pdf")})
    assert answer.status_code in (400, 415) and ReportUpload.objects.count() == 0


def test_a_link_taken_back_or_made_up_opens_nothing(world, sbm):
    lead = world.person("sbm", school=world.oakfield.school)
    row, text = ask_for_report(person=lead, contractor=firm(world), words="Report", site=world.oakfield)
    sbm.post(f"/contractors/requests/{row.pk}/stop/")
    assert Client().get(f"/hand-in/{text}/").status_code == 410
    assert Client().get("/hand-in/nothing-of-the-kind/").status_code == 404


def test_the_board_shows_what_is_missing_and_a_certificate_serves_as_its_document(world, sbm):
    plan = world.plan("fixed-wire-eicr", since=today() - dt.timedelta(days=2000))
    listed = f"/documents/list/?kind=eicr&site={world.oakfield.pk}"
    assert "Missing" in sbm.get(listed).text
    assert "Fixed wiring report" in sbm.get("/documents/").text
    said = sent(file=pdf(), stated_next=str(today() + dt.timedelta(days=1700)), **{f"item-{plan.pk}": "as"})
    sbm.post(f"/certificates/file/?plan={plan.pk}", said)
    assert [each.standing.state for each in sbm.get(listed).context["page"]] == ["held"]
    titles = [each.kind.title.casefold() for each in sbm.get("/documents/list/?sort=-name").context["page"]]
    assert titles == sorted(titles, reverse=True)
    assert {each.kind.key for each in sbm.get("/documents/list/?q=fixed+wiring").context["page"]} == {"eicr"}
    assert sbm.get("/documents/list/?state=made-up").status_code == 400


def test_a_document_is_added_in_versions_with_its_usual_end(world, sbm):
    address = f"/documents/add/?kind=accessibility-plan&site={world.oakfield.pk}"
    issued = today() - dt.timedelta(days=40)
    world.plan("accessibility-plan-review", site=world.oakfield)
    sbm.post(address, {"file": pdf(), "issued_on": str(issued)})
    page = sbm.post(address, {"file": pdf(content=one_page(["Two"])), "issued_on": str(today())}, follow=True)
    assert "Added as version 2." in page.text
    first, second = Document.objects.order_by("version")
    assert second.supersedes == first
    assert (first.valid_until.year, first.valid_until.month) == (issued.year + 3, issued.month)


def test_not_needed_takes_two_people_and_ends_by_itself(world, sbm):
    address = f"/documents/not-needed/?kind=lease-title&site={world.oakfield.pk}"
    sbm.post(address, {"reason": "Held by the diocese", "expires_on": str(today() + dt.timedelta(days=100))})
    row = DocumentNotNeeded.objects.get()
    listed = f"/documents/list/?kind=lease-title&site={world.oakfield.pk}"
    assert sbm.post(f"/documents/not-needed/{row.pk}/", {"act": "agree"}).status_code == 422
    head = browser(world.person("headteacher", school=world.oakfield.school))
    head.post(f"/documents/not-needed/{row.pk}/", {"act": "agree"})
    assert sbm.get(listed).context["page"][0].standing.state == "not-needed"
    DocumentNotNeeded.objects.update(expires_on=today() - dt.timedelta(days=1))
    assert sbm.get(listed).context["page"][0].standing.state == "missing"


def test_another_school_s_certificates_and_documents_do_not_exist_for_a_stranger(world, sbm):
    lead = world.lead
    plan = lift_plan(world)
    sbm.post(f"/certificates/file/?plan={plan.pk}", sent(file=pdf(), **{f"item-{plan.pk}": "as"}))
    row = add_document(person=lead, kind="lease-title", file=paper(lead), issued_on=today(), site=world.oakfield)
    stranger = browser(world.person("sbm", school=world.riverside.school))
    made = Certificate.objects.get()
    for address in (
        f"/certificates/{made.pk}/",
        f"/certificates/{made.pk}/file/",
        f"/documents/{row.pk}/",
        f"/documents/{row.pk}/file/",
    ):
        assert stranger.get(address).status_code == 404, address
    assert stranger.get(f"/certificates/file/?plan={plan.pk}").status_code == 404
    assert made.firm not in stranger.get("/certificates/").text


@pytest.mark.parametrize("address", ["/contractors/", "/documents/", "/documents/list/", "/certificates/"])
def test_queries_do_not_grow_with_what_is_there(world, sbm, address, django_assert_max_num_queries):
    for number in range(25):
        firm(world, f"Firm {number}", trades=["fire"])
    for _ in range(12):
        plan = lift_plan(world)
        sbm.post(f"/certificates/file/?plan={plan.pk}", sent(file=pdf(content=one_page([str(_)])), **{f"item-{plan.pk}": "as"}))
    with django_assert_max_num_queries(30):
        assert sbm.get(address).status_code == 200


def test_a_report_of_a_check_planned_at_several_sites_asks_for_which_and_covers_only_what_is_said(world, browse):
    here = world.plan("loler-passenger-lift", asset=world.asset("passenger-lift", name="Hall lift"))
    browser = browse(world.lead)
    assert "What it says" in browser.get("/certificates/file/?check=loler-passenger-lift").text
    there = world.plan("loler-passenger-lift", asset=world.asset("passenger-lift", name="Far lift", site=world.riverside))
    asked = browser.get("/certificates/file/?check=loler-passenger-lift").text
    assert "It is planned at 2 sites" in asked and "What it says" not in asked
    one = browser.get(f"/certificates/file/?check=loler-passenger-lift&site={world.oakfield.pk}").context["form"]
    assert [(each["plan"].pk, each["chosen"]) for each in one.items] == [(here.pk, "as")]
    several = browser.get("/certificates/file/?check=loler-passenger-lift&site=several").context["form"]
    assert {(each["plan"].pk, each["chosen"]) for each in several.items} == {(here.pk, ""), (there.pk, "")}
