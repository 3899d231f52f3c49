"""The pages of problems and work: what is new first, everything by a form, nothing typed is lost, strangers learn nothing."""

import datetime as dt
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from backend.assets.actions import ensure_tags, make_tags
from backend.core.days import today
from backend.maintenance.actions import give_work, raise_remedial, report_defect
from backend.maintenance.links import WORK_ORDER, make_link
from backend.maintenance.models import Contractor, Defect, FaultReport, WorkOrder
from tests.maintenance.firms import insured

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def problem(world, summary="Gutter down", **more):
    said = {"site": world.oakfield, "person": world.caretaker, "found_on": today(), "reported_at": timezone.now()}
    said |= {"severity": "medium", "unsafe": False}
    return report_defect(id=uuid.uuid4(), summary=summary, **{**said, **more})


def manager(world):
    return world.person("site-manager", school=world.oakfield.school)


def picture(name="now.jpg") -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), content_type="image/jpeg")


def tag_of(world):
    asset = world.asset("fire-extinguisher", name="Extinguisher F17 by the stage")
    return ensure_tags([asset])[asset.pk].code


def test_triage_shows_the_worst_first_and_decides_in_one_form(world, browse):
    problem(world, "Tile loose", severity="low")
    bad = problem(world, "Gas smell", severity="high", unsafe=True)
    browser = browse(manager(world))
    text = browser.get("/problems/triage/").content.decode()
    assert '<article class="triage"' in text, "two problems alike are no two landmarks of one name"
    assert '<section class="triage"' not in text
    assert text.index("Gas smell") < text.index("Tile loose")
    chosen = {"severity": "high", "unsafe": "on", "target_on": (today() + DAY).isoformat(), "to": f"p:{world.caretaker.pk}"}
    answer = browser.post(f"/problems/{bad.pk}/triage/", {**chosen, "note": "", "back": "triage"})
    assert (answer.status_code, answer["Location"]) == (302, "/problems/triage/")
    bad.refresh_from_db()
    assert (bad.stage, bad.target_on, bad.work_orders.get().assigned_to) == ("in-hand", today() + DAY, world.caretaker)
    assert "Gas smell" not in browser.get("/problems/triage/").content.decode()


def test_the_triage_page_asks_no_more_questions_when_there_is_more(world, browse, django_assert_max_num_queries):
    asset = world.asset()
    for number in range(9):
        problem(world, f"Fault {number}", asset=asset)
    browser = browse(manager(world))
    with django_assert_max_num_queries(16):
        browser.get("/problems/triage/")


def test_a_merge_from_triage_and_taking_them_apart_again(world, browse):
    asset = world.asset()
    one, two = problem(world, "Bell faint", asset=asset), problem(world, "Bell broken", asset=asset)
    browser = browse(manager(world))
    assert browser.post(f"/problems/{one.pk}/merge/", {"same": [str(two.pk)], "back": "triage"}).status_code == 302
    two.refresh_from_db()
    assert two.merged_into == one
    assert "follow that one" in browser.get(f"/problems/{two.pk}/").content.decode()
    assert "Bell broken" in browser.get(f"/problems/{one.pk}/").content.decode()
    assert browser.post(f"/problems/{two.pk}/unmerge/").status_code == 302
    two.refresh_from_db()
    assert two.is_open


def test_a_fixed_date_is_refused_in_words_and_what_was_typed_stays(world, browse):
    fixed = raise_remedial(
        site=world.oakfield, scheme="eicr", code="C2", summary="No RCD", found_on=today(), person=world.lead,
        deadline_on=today() + 9 * DAY,
    )  # fmt: skip
    later = (today() + 20 * DAY).isoformat()
    answer = browse(manager(world)).post(
        f"/problems/{fixed.pk}/triage/", {"severity": "high", "target_on": later, "note": "Cannot get a firm"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "competent person set this date" in text
    assert "Cannot get a firm" in text


def test_a_risk_goes_from_who_asks_to_who_decides(world, browse):
    defect = problem(world)
    until = (today() + 30 * DAY).isoformat()
    assert (
        browse(manager(world)).post(f"/problems/{defect.pk}/ask-risk/", {"reason": "New roof", "until": until}).status_code == 302
    )
    head = browse(world.person("headteacher", school=world.oakfield.school))
    assert "New roof" in head.get(f"/problems/{defect.pk}/").content.decode()
    assert head.post(f"/problems/{defect.pk}/decide-risk/", {"agree": "yes"}).status_code == 302
    defect.refresh_from_db()
    assert defect.standing(today()) == "accepted"
    assert "Risk accepted" in head.get(f"/problems/{defect.pk}/").content.decode()
    assert browse(manager(world)).post(f"/problems/{defect.pk}/decide-risk/", {"agree": "yes"}).status_code == 403


def test_work_is_done_with_a_photo_and_checked_on_its_page(world, browse):
    browser, office = browse(world.caretaker), browse(manager(world))
    defect = problem(world)
    given = {"title": "Rehang it", "to": f"p:{world.caretaker.pk}", "priority": "urgent", "proof": "photo", "cost": "12.50"}
    assert office.post(f"/problems/{defect.pk}/give/", given).status_code == 302
    order = WorkOrder.objects.get()
    assert (order.cost_pence, order.proof) == (1250, "photo")
    assert "Rehang it" in browser.get("/work-orders/?mine=1").content.decode()
    done = {"note": "Rehung", "photos": [picture()], "minutes": "25", "parts": "2 brackets"}
    assert browser.post(f"/work-orders/{order.pk}/done/", done).status_code == 302
    assert browser.post(f"/work-orders/{order.pk}/check/", {}).status_code == 403
    assert office.post(f"/work-orders/{order.pk}/check/", {"note": "Looks good"}).status_code == 302
    defect.refresh_from_db()
    assert defect.ending == "mended"
    assert "2 brackets" in office.get("/work-orders.csv?status=all").getvalue().decode()


def test_a_bad_file_is_said_and_nothing_is_done(world, browse):
    order = give_work(defect=problem(world), person=manager(world), to=world.caretaker, today=today())
    bad = SimpleUploadedFile("x.exe", b"MZ nothing good")
    answer = browse(world.caretaker).post(f"/work-orders/{order.pk}/done/", {"note": "My words", "photos": [bad]})
    assert answer.status_code == 422
    assert "Only pictures" in answer.content.decode()
    assert "My words" in answer.content.decode()
    order.refresh_from_db()
    assert order.status == "open"


def test_strangers_see_no_work_and_no_triage_of_another_school(world, browse):
    defect = problem(world)
    order = give_work(defect=defect, person=manager(world), to=None, today=today())
    stranger = browse(world.person("site-manager", school=world.riverside.school))
    assert "Gutter down" not in stranger.get("/problems/triage/").content.decode()
    for path in (f"/problems/{defect.pk}/triage/", f"/work-orders/{order.pk}/cancel/"):
        assert stranger.post(path, {"reason": "x"}).status_code == 404
    assert stranger.get(f"/work-orders/{order.pk}/").status_code == 404
    assert "Gutter" not in stranger.get("/work-orders/").content.decode()


def test_anybody_reports_by_a_label_and_learns_the_kind_and_school_only(world, browse):
    code, stranger = tag_of(world), browse()
    text = stranger.get(f"/{code}").content.decode()
    assert "Fire extinguisher at Oakfield" in text
    assert "F17" not in text
    answer = stranger.post(
        f"/report/{code}/", {"said": "Pin missing", "unsafe": "on", "photos": [picture()], "email": "a@b.example"}
    )
    report = FaultReport.objects.get()
    assert answer["Location"] == f"/reported/{report.reference}/"
    thanks = stranger.get(answer["Location"]).content.decode()
    assert report.reference in thanks
    assert "What happens next" in thanks
    assert not Defect.objects.exists()
    office = browse(manager(world))
    assert "Pin missing" in office.get("/problems/triage/").content.decode()
    page = office.get(f"/problems/triage/reports/{report.pk}/").content.decode()
    assert f"/photos/{report.photos.get().sha256}/" in page
    assert office.get(f"/photos/{report.photos.get().sha256}/").status_code == 200
    taken = {"summary": "Pin missing from F17", "severity": "high"}
    assert office.post(f"/problems/triage/reports/{report.pk}/accept/", taken).status_code == 302
    assert Defect.objects.get().summary == "Pin missing from F17"
    assert office.get(f"/photos/{report.photos.get().sha256}/").status_code == 200


def test_the_trap_the_limit_and_bad_input(world, browse):
    code, stranger = tag_of(world), browse()
    assert stranger.post(f"/report/{code}/", {"said": "Buy now", "website": "http://x.example"})["Location"] == "/reported/"
    assert stranger.post(f"/report/{code}/", {"said": ""}).status_code == 422
    assert not FaultReport.objects.exists()
    assert stranger.post("/report/AAAAAAAA/", {"said": "x"}).status_code == 404
    answers = [stranger.post(f"/report/{code}/", {"said": f"Again {number}"}).status_code for number in range(12)]
    assert answers[-1] == 429
    assert FaultReport.objects.count() < 11


def test_a_label_on_nothing_tells_nobody_anything(world, browse):
    code = make_tags(1)[0].pk
    text = browse().get(f"/{code}").content.decode()
    assert "Fire extinguisher" not in text
    assert browse().post(f"/report/{code}/", {"said": "x"}).status_code == 422


def test_a_teacher_reports_under_her_name_and_follows_it(world, browse):
    teacher = world.person("staff", school=world.oakfield.school)
    browser, code = browse(teacher), tag_of(world)
    assert "under your name" in browser.get(f"/{code}").content.decode()
    answer = browser.post(f"/report/{code}/", {"said": "Bracket bent"})
    defect = Defect.objects.get()
    assert answer["Location"] == f"/my-reports/{defect.pk}/?new=1"
    assert "Nobody has looked at it yet" in browser.get(answer["Location"]).content.decode()
    assert "Bracket bent" in browser.get("/my-reports/").content.decode()
    assert browser.get(f"/problems/{defect.pk}/").status_code == 403
    other = browse(world.person("staff", school=world.riverside.school))
    assert other.get(f"/my-reports/{defect.pk}/").status_code == 404


def test_a_firm_opens_its_work_by_the_link_and_says_done(world, browse):
    firm = insured(email="v@volt.example")
    order = give_work(defect=problem(world), person=manager(world), to=firm, today=today(), proof="photo")
    text, _ = make_link(purpose=WORK_ORDER, about=order.pk, person=None, days=9, contractor=firm)
    outside = browse()
    shown = outside.get(f"/work/{text}/")
    assert "Gutter down" in shown.content.decode()
    assert shown["Referrer-Policy"] == "same-origin"  # with "no-referrer" a browser posts `Origin: null`, which is refused
    refused = outside.post(f"/work/{text}/", {"who": "Jo", "note": "Rehung it"})
    assert (refused.status_code, "Rehung it" in refused.content.decode()) == (422, True)
    assert outside.post(f"/work/{text}/", {"who": "Jo", "note": "Rehung it", "photos": [picture()]}).status_code == 302
    order.refresh_from_db()
    assert order.status == "done"
    assert "will check it" in outside.get(f"/work/{text}/").content.decode()
    sha = order.notes.get(kind="work").photos.get().sha256
    assert browse(manager(world)).get(f"/photos/{sha}/").status_code == 200
    assert outside.get("/work/not-a-link/").status_code == 404


def test_unsafe_is_said_wherever_the_thing_is_shown(world, browse):
    asset = world.asset(name="Goal post")
    raise_remedial(
        site=world.oakfield, scheme="loler", code="B", summary="Weld cracked", found_on=today() - 9 * DAY, person=world.lead,
        asset=asset, deadline_on=today() - DAY,
    )  # fmt: skip
    browser = browse(manager(world))
    for path in (f"/assets/{asset.pk}/", "/assets/", "/search/?q=goal", "/problems/?unsafe=1", "/"):
        answer = browser.get(path, follow=True)
        assert "Unsafe" in answer.content.decode(), path


def test_behind_the_proxy_strangers_are_counted_each_by_their_own_address(world, browse, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    codes = [tag_of(world) for _ in range(3)]

    def report(code, address):
        said = {"said": "The handle is loose"}
        return browse().post(f"/report/{code}/", said, headers={"X-Forwarded-For": address}).status_code

    tried = [report(codes[number % 3], "203.0.113.5") for number in range(22)]
    assert tried[0] == 302
    assert tried[-1] == 429
    assert report(codes[2], "203.0.113.9") == 302


def test_why_a_firm_that_should_not_work_here_does_is_asked_when_it_is_chosen(world, browse):
    firm, defect = Contractor.objects.create(name="Volt Ltd"), problem(world)
    browser = browse(manager(world))
    assert "who agreed" not in browser.get(f"/problems/{defect.pk}/").text
    said = {"severity": "high", "to": f"c:{firm.pk}", "target_on": str(today() + dt.timedelta(days=5))}
    asked = browser.post(f"/problems/{defect.pk}/triage/", said)
    assert asked.status_code == 422
    assert "Public liability insurance: nothing is held." in asked.text and "who agreed" in asked.text
    assert not WorkOrder.objects.exists()
    done = browser.post(f"/problems/{defect.pk}/triage/", said | {"despite": "Ann agreed"}, follow=True)
    order = WorkOrder.objects.get()
    assert order.target_on == today() + dt.timedelta(days=5)
    assert "Volt Ltd has it to do by" in done.text
