"""Filing a firm's report does everything that follows from it, once, or nothing at all."""

import datetime as dt

import pytest
from django.utils import timezone

from backend.checks.actions import Covered, Remedial, file_certificate, file_remedial, withdraw_certificate
from backend.checks.models import Certificate, CheckRecord
from backend.checks.queries.certificate_doubts import doubts_of
from backend.core.days import today
from backend.core.files import person_owner, take
from backend.core.ids import new_id
from backend.core.invariants import all_invariants
from backend.core.problems import Forbidden, NotFound, Problem
from backend.maintenance.actions import close_defect, finish_by_firm, give_work, report_defect
from backend.maintenance.models import Contractor, ContractorPaper, Defect
from tests.checks.filing import firm, paper, report
from tests.conftest import World
from tests.sync.pictures import picture

LIFT = "loler-passenger-lift"
pytestmark = pytest.mark.django_db


def lifts(world: World, count: int = 1):
    """Plans of lifts' thorough examinations, begun a year ago."""
    since = today() - dt.timedelta(days=365)
    return [world.plan(LIFT, asset=world.asset("passenger-lift", name=f"Lift {n}"), since=since) for n in range(count)]


def test_a_report_records_the_examination_and_takes_its_stated_date(world):
    (plan,) = lifts(world)
    made = firm(world)
    stated = today() + dt.timedelta(days=150)
    (certificate,) = file_certificate(person=world.lead, new=report(world, [plan], contractor=made, stated_next=stated))
    record = certificate.items.get().record
    plan.refresh_from_db()
    assert (record.presence, record.outcome, record.stated_next) == ("office", "satisfactory", stated)
    assert plan.due_on == stated
    assert record.competence == [
        {"name": "Brindle Lifts: SAFed 77", "expires_on": (today() + dt.timedelta(days=200)).isoformat()}
    ]
    assert record.answers["examining_body"] == "Brindle Lifts"
    assert record.photos.get().sha256 == certificate.sha256
    assert certificate.competence == record.competence


def test_one_report_covers_fourteen_lifts_at_two_schools_with_a_certificate_for_each_site(world):
    plans = lifts(world, 13)
    there = world.asset("passenger-lift", site=world.riverside, name="Lift R")
    plans.append(world.plan(LIFT, asset=there, since=today() - dt.timedelta(days=365)))
    made = file_certificate(person=world.lead, new=report(world, plans))
    assert sorted(each.items.count() for each in made) == [1, 13]
    assert len({each.filing for each in made}) == 1
    assert not any(plan.due_on <= today() for plan in type(plans[0]).objects.filter(pk__in=[each.pk for each in plans]))


def test_coded_remedials_become_problems_that_the_record_found(world):
    plans = lifts(world, 2)
    remedial = Remedial("loler", "B", "Brake lining worn", plans[1], today() + dt.timedelta(days=20))
    new = report(world, plans, remedials=[remedial], covers=[Covered(plans[0]), Covered(plans[1], "unsatisfactory")])
    (certificate,) = file_certificate(person=world.lead, new=new)
    line = certificate.remedials.get()
    assert line.record
    assert (line.code, line.defect.asset_id, line.defect.deadline_fixed) == ("B", plans[1].asset_id, True)
    assert line.record.plan_id == plans[1].pk
    assert [each.defect_id for each in line.record.findings.all()] == [line.defect_id]
    assert Defect.objects.count() == 1, "the line makes one problem, not one more for the failed result"
    good = CheckRecord.objects.get(plan=plans[0])
    assert good.outcome == "satisfactory"
    assert line.record.outcome == "unsatisfactory"


def test_an_item_that_failed_without_a_code_makes_a_problem_of_its_own(world):
    plans = lifts(world, 2)
    new = report(world, plans, covers=[Covered(plans[0]), Covered(plans[1], failing="Plug top cracked")])
    file_certificate(person=world.lead, new=new)
    defect = Defect.objects.get()
    assert (defect.summary, defect.asset_id) == ("Plug top cracked", plans[1].asset_id)


def test_an_eicr_counts_its_codes_from_the_lines(world):
    plan = world.plan("fixed-wire-eicr", since=today() - dt.timedelta(days=2000))
    lines = [Remedial("eicr", "C2", "No RCD on socket circuit", plan), Remedial("eicr", "C2", "Cover missing", plan)]
    new = report(world, [plan], result="unsatisfactory", remedials=lines, stated_next=today() + dt.timedelta(days=1700))
    (certificate,) = file_certificate(person=world.lead, new=new)
    answers = certificate.items.get().record.answers
    assert (answers["c1"], answers["c2"], answers["fi"], answers["overall"]) == (0, 2, 0, "unsatisfactory")


@pytest.mark.parametrize(("code", "stands"), [("C1", False), ("c2", False), ("FI", False), ("C3", True)])
def test_a_code_that_fails_a_report_goes_with_no_satisfactory_one(world, code, stands):
    plan = world.plan("fixed-wire-eicr", since=today() - dt.timedelta(days=2000))
    new = report(world, [plan], remedials=[Remedial("eicr", code, "Cover missing", plan)])
    if stands:
        assert file_certificate(person=world.lead, new=new)
    else:
        with pytest.raises(Problem) as refused:
            file_certificate(person=world.lead, new=new)
        assert list(refused.value.fields) == ["result"]


def test_a_report_that_cannot_stand_keeps_nothing(world):
    plan = world.plan("fixed-wire-eicr", since=today() - dt.timedelta(days=2000))
    lines = [Remedial("eicr", "C2", "Cover missing", plan), Remedial("eicr", "C9", "No such code", plan)]
    with pytest.raises(Problem) as refused:
        file_certificate(person=world.lead, new=report(world, [plan], result="unsatisfactory", remedials=lines))
    assert list(refused.value.fields) == ["remedial-1-code"]
    assert (Certificate.objects.count(), CheckRecord.objects.count(), Defect.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"engineer": " "}, "engineer"),
        ({"firm": ""}, "contractor"),
        ({"result": "fine"}, "result"),
        ({"stated_next": today() - dt.timedelta(days=30)}, "stated_next"),
        ({"examined_on": today() + dt.timedelta(days=1)}, "examined_on"),
    ],
)
def test_what_is_missing_is_said_at_its_field(world, wrong, field):
    with pytest.raises(Problem) as refused:
        file_certificate(person=world.lead, new=report(world, lifts(world), **wrong))
    assert field in refused.value.fields


def test_a_file_that_somebody_else_sent_is_no_report_of_mine(world):
    new = report(world, lifts(world), file=paper(world.person("sbm", school=world.riverside.school), "Other"))
    with pytest.raises(Problem) as refused:
        file_certificate(person=world.lead, new=new)
    assert refused.value.code == "file_missing"


def test_the_same_report_is_not_filed_twice_for_one_thing(world):
    (plan,) = lifts(world)
    file_certificate(person=world.lead, new=report(world, [plan]))
    with pytest.raises(Problem) as refused:
        file_certificate(person=world.lead, new=report(world, [plan]))
    assert refused.value.status == 409


def test_a_corrected_certificate_supersedes_and_takes_back_what_it_does_not_cover(world):
    right, wrong = lifts(world, 2)
    before = right.due_on
    (old,) = file_certificate(
        person=world.lead,
        new=report(world, [wrong], result="unsatisfactory", remedials=[Remedial("loler", "C", "Scuffed panel", wrong)]),
    )
    (corrected,) = file_certificate(
        person=world.lead, new=report(world, [right], supersedes=old, reason="Filed for the wrong lift")
    )
    right.refresh_from_db()
    wrong.refresh_from_db()
    assert corrected.supersedes == old
    assert right.last_done_on == corrected.examined_on
    assert (wrong.last_done_on, wrong.due_on) == (None, before)
    assert Defect.objects.get().status == "closed", "the problem that only the wrong one raised is withdrawn"


def test_a_correction_of_the_same_thing_keeps_its_problem_and_moves_its_date(world):
    (plan,) = lifts(world)
    lines = [Remedial("loler", "C", "Scuffed panel", plan)]
    (old,) = file_certificate(person=world.lead, new=report(world, [plan], remedials=lines))
    later = today() + dt.timedelta(days=120)
    file_certificate(
        person=world.lead,
        new=report(world, [plan], remedials=lines, supersedes=old, reason="Date misread", stated_next=later),
    )
    plan.refresh_from_db()
    assert plan.due_on == later
    assert Defect.objects.get().status == "open"
    assert CheckRecord.objects.counting().filter(plan=plan).count() == 1


def test_a_caretaker_may_not_file_and_a_stranger_learns_nothing(world):
    (plan,) = lifts(world)
    with pytest.raises(Forbidden):
        file_certificate(person=world.caretaker, new=report(world, [plan], file=paper(world.caretaker)))
    with pytest.raises(NotFound):
        file_certificate(person=world.stranger, new=report(world, [plan], file=paper(world.stranger)))


def test_a_contractor_manager_files_without_the_permit_to_record_checks(world):
    person = world.person("contractor-manager", school=world.oakfield.school)
    (plan,) = lifts(world)
    (made,) = file_certificate(person=person, new=report(world, [plan], file=paper(person, "Mine")))
    assert made.filed_by == person


def coded_problem(world: World) -> Defect:
    """A problem that an unsatisfactory EICR raised, which is closed with a certificate."""
    plan = world.plan("fixed-wire-eicr", since=today() - dt.timedelta(days=2000))
    lines = [Remedial("eicr", "C2", "Cover missing", plan)]
    (certificate,) = file_certificate(person=world.lead, new=report(world, [plan], result="unsatisfactory", remedials=lines))
    return certificate.remedials.get().defect


def test_a_remedial_certificate_is_the_evidence_that_closes_its_problem(world):
    defect = coded_problem(world)
    made = file_remedial(
        person=world.lead, defect=defect, file=paper(world.lead, "Minor works"), engineer="A Spark", firm="Volt Ltd",
        done_on=today(), number="MW-3", close=True,
    )  # fmt: skip
    defect.refresh_from_db()
    assert defect.status == "closed"
    assert (made.kind, made.defect_id) == ("remedial", defect.pk)


def test_filing_many_asks_no_more_queries_than_filing_few(world, django_assert_max_num_queries):
    few, many = lifts(world, 2), lifts(world, 60)
    one, other = report(world, few), report(world, many, file=paper(world.lead, "Many"))
    with django_assert_max_num_queries(60):
        file_certificate(person=world.lead, new=one)
    with django_assert_max_num_queries(60):
        file_certificate(person=world.lead, new=other)


def test_what_the_only_thing_of_a_report_needs_stands_at_that_thing(world):
    (plan,) = lifts(world)
    line = Remedial("loler", "A", "Brake does not hold")
    file_certificate(person=world.lead, new=report(world, [plan], result="unsatisfactory", remedials=[line]))
    defect = Defect.objects.get()
    assert (defect.asset_id, defect.bars_use(today())) == (plan.asset_id, True)


def test_what_bars_a_thing_from_use_goes_with_no_satisfactory_report(world):
    (plan,) = lifts(world)
    with pytest.raises(Problem) as refused:
        file_certificate(person=world.lead, new=report(world, [plan], remedials=[Remedial("loler", "A", "Rope worn", plan)]))
    assert list(refused.value.fields) == ["result"]


def test_an_unsatisfactory_eicr_names_what_made_it_so(world):
    plan = world.plan("fixed-wire-eicr", since=today() - dt.timedelta(days=2000))
    with pytest.raises(Problem) as refused:
        file_certificate(person=world.lead, new=report(world, [plan], result="unsatisfactory"))
    assert "C1, C2 or FI" in refused.value.fields["result"]


def test_a_next_date_far_beyond_the_usual_one_is_asked_about(world):
    (plan,) = lifts(world)
    far = today() + dt.timedelta(days=365 * 30)
    with pytest.raises(Problem) as refused:
        file_certificate(person=world.lead, new=report(world, [plan], stated_next=far))
    assert set(refused.value.fields) == {"stated_next", "date_meant"}
    assert file_certificate(person=world.lead, new=report(world, [plan], stated_next=far, date_meant=True))


def test_a_withdrawn_certificate_counts_for_nothing_and_is_not_lost(world):
    (plan,) = lifts(world)
    before = plan.due_on
    line = Remedial("loler", "A", "Rope worn", plan)
    (old,) = file_certificate(person=world.lead, new=report(world, [plan], result="unsatisfactory", remedials=[line]))
    with pytest.raises(Problem) as refused:
        withdraw_certificate(person=world.lead, certificate=old, reason=" ")
    assert list(refused.value.fields) == ["why"]
    row = withdraw_certificate(person=world.lead, certificate=old, reason="It is Riverside's lift.")
    plan.refresh_from_db()
    defect = Defect.objects.get()
    assert (plan.due_on, plan.last_done_on) == (before, None)
    assert (defect.status, defect.ending) == ("closed", "withdrawn")
    assert (row.supersedes_id, row.kind, row.sha256) == (old.pk, "withdrawn", old.sha256)
    assert not Certificate.objects.standing().exists() and Certificate.objects.count() == 2
    for certificate in (old, row):
        with pytest.raises(Problem) as refused:
            withdraw_certificate(person=world.lead, certificate=certificate, reason="Again")
        assert refused.value.status == 409
    about = [each for each in all_invariants() if "certificate" in each.key or each.key in ("evidence-defect", "plan-dates")]
    assert len(about) > 1 and not [fault for check in about for fault in check.faults(lambda _: None)]


def test_what_a_withdrawn_certificate_closed_is_open_again(world):
    defect = coded_problem(world)
    made = file_remedial(
        person=world.lead, defect=defect, file=paper(world.lead, "Minor works"), engineer="A Spark", firm="Volt Ltd",
        done_on=today(), close=True,
    )  # fmt: skip
    defect.refresh_from_db()
    withdraw_certificate(person=world.lead, certificate=Certificate.objects.get(pk=made.pk), reason="Another job's paper")
    defect.refresh_from_db()
    assert defect.is_open


def test_a_picture_of_a_paper_closes_a_coded_problem_only_when_it_is_filed_as_its_certificate(world):
    defect = coded_problem(world)
    photo = {"sha256": "d" * 64, "type": "image/jpeg", "size": 9}
    with pytest.raises(Problem) as refused:
        close_defect(defect=defect, person=world.lead, note="Done", photos=[photo])
    assert refused.value.code == "proof_missing"
    file = take(picture("JPEG", 60, 40), owner=person_owner(world.lead.pk))
    file_remedial(person=world.lead, defect=defect, file=file, engineer="A Spark", firm="Volt Ltd", done_on=today())
    assert close_defect(defect=defect, person=world.lead, note="Done").status == "closed"


def test_what_to_look_at_again_is_said_of_a_certificate(world):
    (plan,) = lifts(world)
    lapsed = Contractor.objects.create(name="Volt Ltd", employs_nobody=True)
    ContractorPaper.objects.create(
        contractor=lapsed, kind="public-liability", expires_on=today() - dt.timedelta(days=20), added_at=timezone.now()
    )
    defect = report_defect(
        id=new_id(), site=world.oakfield, person=world.lead, summary="Door", severity="low", unsafe=False, asset=plan.asset,
        found_on=today(), reported_at=timezone.now(),
    )  # fmt: skip
    order = give_work(defect=defect, person=world.lead, to=lapsed, today=today(), despite="Agreed", proof="")
    finish_by_firm(work_order=order, firm=lapsed, who="A", note="Done")
    held = paper(world.lead)
    (first,) = file_certificate(person=world.lead, new=report(world, [plan], contractor=lapsed, file=held))
    again = report(world, [plan], contractor=lapsed, file=held, examined_on=today() - dt.timedelta(days=9))
    (second,) = file_certificate(person=world.lead, new=again)
    said = " ".join(doubts_of(second))
    for words in ("should not have worked here", "independent of whoever maintains", "UKAS", "also filed as"):
        assert words in said, words
    good = firm(world)
    other = report(world, lifts(world), contractor=good, file=paper(world.lead, "Other"))
    assert doubts_of(file_certificate(person=world.lead, new=other)[0]) == []
    assert first.pk != second.pk


def test_a_code_in_small_letters_fails_its_report_too(world):
    plan = world.plan("fire-risk-assessment-renewal", site=world.oakfield, since=today() - dt.timedelta(days=400))
    line = Remedial("fire-risk-assessment", "immediate", "Exit chained shut", plan)
    with pytest.raises(Problem) as refused:
        file_certificate(person=world.lead, new=report(world, [plan], remedials=[line]))
    assert "result" in refused.value.fields
