"""Work orders: given to a person or a firm, done with proof, checked, sent back; links to one thing; strangers' reports."""

import datetime as dt
import io
import uuid

import pytest
from django.core import mail
from django.utils import timezone
from PIL import Image

from backend.assets.actions import ensure_tags
from backend.core.days import today
from backend.core.invariants import all_invariants
from backend.core.problems import Forbidden, NotFound, Problem
from backend.maintenance import tasks
from backend.maintenance.actions import (
    accept_report,
    ask_to_accept,
    cancel_work,
    chase_work,
    check_work,
    close_defect,
    finish_by_firm,
    finish_work,
    give_work,
    join_report,
    raise_remedial,
    reassign_work,
    receive_report,
    refuse_report,
    report_defect,
    send_back,
    start_work,
    triage_defect,
)
from backend.maintenance.links import WORK_ORDER, make_link, open_link
from backend.maintenance.models import Contractor, FaultReport, OnePurposeLink, WorkOrder
from backend.maintenance.waiting import WAITING
from backend.sync.queries import may_see_file
from tests.maintenance.firms import insured

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PHOTO = {"sha256": "c" * 64, "type": "image/jpeg", "size": 9}


def problem(world, **more):
    said = {"site": world.oakfield, "person": world.caretaker, "found_on": today(), "reported_at": timezone.now()}
    said |= {"summary": "Gutter down", "severity": "medium", "unsafe": False}
    return report_defect(id=uuid.uuid4(), **{**said, **more})


def manager(world):
    return world.person("site-manager", school=world.oakfield.school)


def given(world, to, **more):
    return give_work(defect=more.pop("defect", None) or problem(world), person=manager(world), to=to, today=today(), **more)


def firm(**more):
    return insured(email="jobs@volt.example", **more)


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "JPEG")
    return kept.getvalue()


def test_work_follows_from_its_problem_and_goes_through_its_states(world):
    order = given(world, world.caretaker)
    assert (order.priority, order.target_on, order.title) == ("routine", today() + 28 * DAY, "Gutter down")
    assert order.defect.stage == "in-hand"
    start_work(work_order=order, person=world.caretaker)
    finish_work(id=uuid.uuid4(), work_order=order, person=world.caretaker, note="Rehung", made_at=timezone.now(), minutes=20)
    order.defect.refresh_from_db()
    assert (order.status, order.defect.stage) == ("done", "put-right")
    send_back(work_order=order, person=manager(world), reason="It drips")
    order.refresh_from_db()
    finish_work(id=uuid.uuid4(), work_order=order, person=world.caretaker, note="Sealed", made_at=timezone.now())
    check_work(work_order=order, person=manager(world))
    order.refresh_from_db()
    order.defect.refresh_from_db()
    assert (order.status, order.defect.status, order.defect.ending) == ("checked", "closed", "mended")


def test_work_that_was_changed_after_it_was_read_is_finished_and_entered_as_it_is(world):
    """A phone's order and problem may have been read before somebody began it, or looked at the problem again."""
    order = given(world, world.caretaker)
    assert order.defect.severity != "high"
    start_work(work_order=WorkOrder.objects.get(pk=order.pk), person=world.caretaker)
    triage_defect(defect=order.defect, person=manager(world), severity="high", unsafe=False, today=today())
    finish_work(id=uuid.uuid4(), work_order=order, person=world.caretaker, note="Rehung", made_at=timezone.now())
    faults = {each.key: list(each.faults(lambda _: None)) for each in all_invariants()}
    assert not faults["evidence-work-order"] and not faults["evidence-defect"]
    assert (order.status, order.defect.stage, order.defect.severity) == ("done", "put-right", "high") and order.started_at


def test_work_whose_problem_came_with_a_photo_is_checked_with_a_photo(world):
    order = given(world, world.caretaker, defect=problem(world, photos=[PHOTO]))
    assert order.proof == "photo"
    finish_work(id=uuid.uuid4(), work_order=order, person=world.caretaker, note="Done", made_at=timezone.now())
    with pytest.raises(Problem, match="Add a photo"):
        check_work(work_order=order, person=manager(world))
    order = check_work(work_order=order, person=manager(world), photos=[PHOTO])
    order.defect.refresh_from_db()
    assert order.defect.status == "closed"


def test_work_is_not_due_after_a_date_that_is_fixed(world):
    fixed = raise_remedial(
        site=world.oakfield, scheme="eicr", code="C2", summary="No RCD", found_on=today(), person=world.lead,
        deadline_on=today() + 4 * DAY,
    )  # fmt: skip
    assert given(world, None, defect=fixed).target_on == today() + 4 * DAY
    with pytest.raises(Problem, match="competent person"):
        given(world, None, defect=fixed, target_on=today() + 5 * DAY)


def test_who_may_give_out_work_and_to_whom(world):
    with pytest.raises(Forbidden):
        give_work(defect=problem(world), person=world.caretaker, to=None, today=today())
    with pytest.raises(Problem, match="does not work on problems here"):
        given(world, world.stranger)
    with pytest.raises(Problem, match="no new work"):
        given(world, firm(active=False))
    buyer = world.person("contractor-manager")
    volt = firm(id=uuid.uuid4()) if not Contractor.objects.exists() else Contractor.objects.get()
    Contractor.objects.filter(pk=volt.pk).update(active=True)
    volt.refresh_from_db()
    assert give_work(defect=problem(world), person=buyer, to=volt, today=today()).contractor == volt
    with pytest.raises(Forbidden):
        give_work(defect=problem(world), person=buyer, to=world.caretaker, today=today())


def test_a_firm_gets_a_link_to_its_work_alone_and_says_done_with_proof(world, settings):
    settings.MAIL_IS_SET_UP = True
    order = given(world, firm(), defect=problem(world, photos=[PHOTO]))
    assert tasks.send_work(str(order.pk), "given")
    text = mail.outbox[0].body.split("/work/")[1].split("/")[0]
    assert text not in str(list(OnePurposeLink.objects.values()))
    link = open_link(text, WORK_ORDER, address="192.0.2.1")
    assert link.about == order.pk
    with pytest.raises(NotFound):
        open_link(text, "report-upload", address="192.0.2.1")
    with pytest.raises(Problem, match="Add a photo"):
        finish_by_firm(work_order=order, firm=order.contractor, who="Jo", note="Done")
    finish_by_firm(work_order=order, firm=order.contractor, who="Jo", note="Done", photos=[PHOTO])
    order.refresh_from_db()
    assert (order.status, order.notes.get(kind="work").firm) == ("done", order.contractor)


def test_a_link_ends_when_the_work_goes_to_somebody_else_or_its_day_comes(world):
    order = given(world, firm())
    text, link = make_link(purpose=WORK_ORDER, about=order.pk, person=manager(world), days=5, contractor=order.contractor)
    reassign_work(work_order=order, person=manager(world), to=world.caretaker)
    with pytest.raises(Problem, match="has ended"):
        open_link(text, WORK_ORDER, address="192.0.2.1")
    text, link = make_link(purpose=WORK_ORDER, about=order.pk, person=None, days=5)
    OnePurposeLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())
    with pytest.raises(Problem, match="has ended"):
        open_link(text, WORK_ORDER, address="192.0.2.1")


def test_chasing_is_written_down_and_not_done_twice_a_day(world):
    order = given(world, firm())
    assert "reminded by e-mail" in chase_work(work_order=order, person=manager(world)).note
    with pytest.raises(Problem, match="within the last day"):
        chase_work(work_order=order, person=manager(world))
    cancel_work(work_order=order, person=manager(world), reason="Done by the council")
    order.defect.refresh_from_db()
    assert order.defect.stage == "triaged"
    with pytest.raises(Problem, match="is over"):
        chase_work(work_order=order, person=manager(world))


def tag_of(world):
    asset = world.asset("fire-extinguisher")
    return ensure_tags([asset])[asset.pk]


def test_a_stranger_reports_by_a_label_and_it_waits(world, settings):
    settings.MAIL_IS_SET_UP = True
    report = receive_report(tag=tag_of(world), said="Pin is missing", unsafe=True, email="a@b.example", photos=[picture()])
    assert (report.status, report.site, report.photos.count()) == ("waiting", world.oakfield, 1)
    assert tasks.send_thanks(str(report.pk))
    assert report.reference in mail.outbox[0].subject
    with pytest.raises(Forbidden):
        accept_report(report=report, person=world.caretaker, severity="high", unsafe=True)
    defect = accept_report(report=report, person=manager(world), severity="high", unsafe=True)
    assert (defect.summary, defect.photos.count(), defect.stage) == ("Pin is missing", 1, "new")
    with pytest.raises(Problem, match="settled already"):
        refuse_report(report=report, person=manager(world), reason="no")


def test_a_strangers_photo_is_the_offices_alone_until_it_is_taken_on(world):
    report = receive_report(tag=tag_of(world), said="Pin is missing", photos=[picture()])
    photo = report.photos.get().sha256
    assert may_see_file(manager(world), photo) and not may_see_file(world.caretaker, photo)
    accept_report(report=report, person=manager(world), severity="high", unsafe=True)
    assert may_see_file(world.caretaker, photo) and not may_see_file(world.stranger, photo)


def test_a_report_joins_what_is_known_or_is_refused_with_a_reason(world):
    tag, known = tag_of(world), problem(world)
    join_report(report=receive_report(tag=tag, said="Again"), person=manager(world), defect=known)
    assert "Again" in known.notes.get().note
    report = receive_report(tag=tag, said="Rubbish")
    with pytest.raises(Problem, match="Say why"):
        refuse_report(report=report, person=manager(world), reason=" ")
    assert refuse_report(report=report, person=manager(world), reason="A test").status == "refused"


def test_bad_reports_are_told_what_is_wrong_and_nothing_is_kept(world):
    tag = tag_of(world)
    for more in ({"said": " "}, {"email": "nobody"}, {"photos": [b"not a picture"]}, {"photos": [b"x"] * 9}):
        with pytest.raises(Problem):
            receive_report(**{"tag": tag, "said": "x", **more})
    assert not FaultReport.objects.exists()


def test_names_of_strangers_are_forgotten_when_it_is_long_settled(world):
    report = receive_report(tag=tag_of(world), said="x", name="Ann", email="a@b.example")
    refuse_report(report=report, person=manager(world), reason="A test")
    assert tasks.forget_reporters_now() == 0
    FaultReport.objects.filter(pk=report.pk).update(settled_at=timezone.now() - 91 * DAY)
    assert tasks.forget_reporters_now() == 1
    report.refresh_from_db()
    assert (report.name, report.email) == ("", "")


def test_what_waits_is_told_to_those_who_may_do_it(world, django_assert_max_num_queries):
    receive_report(tag=tag_of(world), said="x")
    order = given(world, world.caretaker)
    problem(world)
    asked = [each for ask in WAITING for each in ask(manager(world), today())]
    assert sorted(each.kind for each in asked) == ["defect", "defect"]
    assert [each.key for ask in WAITING for each in ask(world.caretaker, today())] == [f"work:{order.pk}:do"]
    assert not [each for ask in WAITING for each in ask(world.stranger, today())]
    with django_assert_max_num_queries(12):
        [each for ask in WAITING for each in ask(manager(world), today())]


def test_work_that_is_out_ends_with_its_problem_and_whoever_has_it_is_told(world, settings):
    settings.MAIL_IS_SET_UP = True
    volt = firm()
    defect = problem(world)
    out = given(world, volt, defect=defect)
    done = given(world, world.caretaker, defect=defect)
    make_link(purpose=WORK_ORDER, about=out.pk, person=None, days=9, contractor=volt)
    finish_work(id=uuid.uuid4(), work_order=done, person=world.caretaker, note="Put up", made_at=timezone.now())
    ask_to_accept(defect=defect, person=world.caretaker, reason="Later", until=today() + DAY, today=today())
    close_defect(defect=defect, person=manager(world), note="Up again")
    states = dict(WorkOrder.objects.values_list("pk", "status"))
    assert states == {out.pk: "cancelled", done.pk: "checked"}
    assert OnePurposeLink.objects.filter(revoked_at=None).count() == 0
    assert defect.risks.get().decision == "ended"
    mail.outbox.clear()
    assert tasks.send_over(str(out.pk)) and "No longer needed" in mail.outbox[0].subject
    assert not tasks.send_over(str(done.pk))


def test_what_is_done_after_its_problem_was_closed_waits_for_nobody(world):
    defect = problem(world)
    order = given(world, world.caretaker, defect=defect)
    close_defect(defect=defect, person=manager(world), note="Up again")
    finish_work(id=uuid.uuid4(), work_order=order, person=world.caretaker, note="I put it up", made_at=timezone.now())
    order.refresh_from_db()
    assert (order.status, order.checked_at is not None) == ("checked", True)


def test_a_firm_that_should_not_work_here_is_given_work_only_with_a_reason(world):
    volt = Contractor.objects.create(name="Volt Ltd", email="jobs@volt.example")
    defect = problem(world)
    with pytest.raises(Problem) as refused:
        given(world, volt, defect=defect)
    assert set(refused.value.fields) == {"to", "despite"}
    given(world, volt, defect=defect, despite="Ann Ode agreed by telephone")
    assert "Ann Ode agreed" in defect.notes.get(kind="order").note


def test_the_photos_of_those_who_found_it_again_are_no_proof_that_it_is_mended(world):
    defect = problem(world, photos=[PHOTO])
    report = receive_report(tag=tag_of(world), said="Still down", photos=[picture()])
    join_report(report=report, person=manager(world), defect=defect)
    with pytest.raises(Problem, match="reported with a photo"):
        close_defect(defect=defect, person=manager(world), note="Mended")
