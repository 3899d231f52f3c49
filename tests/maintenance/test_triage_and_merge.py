"""Looking at a new problem, making it safe, merging two, living with one, and what may never be moved."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.core.days import today
from backend.core.problems import Forbidden, Problem
from backend.maintenance.actions import (
    ask_to_accept,
    close_defect,
    decide_risk,
    end_risk,
    make_safe,
    merge_defects,
    raise_remedial,
    reject_defect,
    reopen_defect,
    report_defect,
    triage_defect,
    unmerge_defect,
)
from backend.maintenance.models import AcceptedRisk, Defect

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def problem(world, summary="Handrail loose", *, severity="medium", unsafe=False, **more):
    said = {"site": world.oakfield, "person": world.caretaker, "found_on": today(), "reported_at": timezone.now()}
    return report_defect(id=uuid.uuid4(), summary=summary, severity=severity, unsafe=unsafe, **{**said, **more})


def manager(world):
    return world.person("site-manager", school=world.oakfield.school)


def head(world):
    return world.person("headteacher", school=world.oakfield.school)


def test_looking_at_a_problem_gives_it_a_date_and_a_stage(world):
    defect = triage_defect(defect=problem(world), person=manager(world), severity="high", unsafe=False, today=today())
    assert (defect.severity, defect.target_on, defect.stage) == ("high", today() + 7 * DAY, "triaged")
    assert "Serious" in defect.notes.get().note


def test_something_unsafe_is_to_be_made_safe_today_and_put_right_later(world):
    defect = triage_defect(
        defect=problem(world), person=manager(world), severity="high", unsafe=True, today=today(), target_on=today() + 5 * DAY
    )
    assert (defect.safe_by, defect.target_on) == (today(), today() + 5 * DAY)
    assert defect.bars_use(today())
    defect = make_safe(defect=defect, person=manager(world), what="Taped off; second stair in use.", on=today(), usable=True)
    assert (defect.made_safe_on, defect.bars_use(today()), defect.is_open) == (today(), False, True)


def test_a_caretaker_makes_it_safe_but_does_not_say_that_it_may_be_used(world):
    defect = problem(world, unsafe=True)
    with pytest.raises(Problem, match="site manager says"):
        make_safe(defect=defect, person=world.caretaker, what="Taped off", on=today(), usable=True)
    assert make_safe(defect=defect, person=world.caretaker, what="Taped off", on=today()).bars_use(today())
    with pytest.raises(Forbidden):
        triage_defect(defect=defect, person=world.caretaker, severity="low", unsafe=False, today=today())


def test_what_the_law_takes_out_of_use_is_not_used_until_it_is_put_right(world):
    hoist = raise_remedial(
        site=world.oakfield, scheme="loler", code="A", summary="Chain cracked", found_on=today(), person=world.lead
    )
    with pytest.raises(Problem, match="The law says"):
        make_safe(defect=hoist, person=world.lead, what="Locked off", on=today(), usable=True)
    with pytest.raises(Problem, match="report says it is unsafe"):
        triage_defect(defect=hoist, person=world.lead, severity="high", unsafe=False, today=today())


def test_a_date_that_a_competent_person_set_is_not_moved_and_the_problem_not_rejected(world):
    defect = raise_remedial(
        site=world.oakfield, scheme="eicr", code="C2", summary="No RCD", found_on=today(), person=world.lead,
        deadline_on=today() + 9 * DAY,
    )  # fmt: skip
    with pytest.raises(Problem, match="competent person set this date"):
        triage_defect(
            defect=defect, person=world.lead, severity="high", unsafe=False, today=today(), target_on=today() + 10 * DAY
        )
    with pytest.raises(Problem, match="closed with a certificate"):
        reject_defect(defect=defect, person=world.lead, reason="Not now")
    with pytest.raises(Problem, match="cannot be moved"):
        ask_to_accept(defect=defect, person=world.lead, reason="Later", until=today() + 10 * DAY, today=today())
    with pytest.raises(Problem, match="certificate"):
        close_defect(defect=defect, person=world.lead, note="Done", without="no time")
    paper = {"sha256": "a" * 64, "type": "application/pdf", "size": 9}
    assert close_defect(defect=defect, person=world.lead, note="Done", photos=[paper]).ending == "mended"


def test_what_came_with_a_photo_is_closed_with_a_photo_or_a_reason(world):
    photo = {"sha256": "b" * 64, "type": "image/jpeg", "size": 9}
    defect = problem(world, photos=[photo])
    with pytest.raises(Problem, match="reported with a photo"):
        close_defect(defect=defect, person=manager(world), note="Mended")
    close_defect(defect=defect, person=manager(world), note="Mended", without="The wall is gone.")
    assert "The wall is gone." in defect.notes.get(kind="closed").note
    again = reopen_defect(defect=defect, person=manager(world), reason="It came back.")
    assert (again.is_open, again.stage, again.ending) == (True, "triaged", "")


def test_a_merge_keeps_both_takes_what_is_graver_and_can_be_undone(world):
    low, bad = problem(world, severity="low"), problem(world, "Handrail off", severity="high", unsafe=True)
    survivor = merge_defects(survivor=low, duplicates=[bad], person=manager(world))
    bad.refresh_from_db()
    assert (survivor.severity, survivor.unsafe) == ("high", True)
    assert (bad.status, bad.ending, bad.merged_into) == ("closed", "merged", survivor)
    with pytest.raises(Problem, match="Take them apart"):
        reopen_defect(defect=bad, person=manager(world), reason="why")
    back = unmerge_defect(duplicate=bad, person=manager(world))
    survivor.refresh_from_db()
    assert (back.is_open, back.merged_into, survivor.severity, survivor.unsafe) == (True, None, "low", False)


def test_undoing_one_merge_leaves_what_another_one_brought(world):
    low = problem(world, severity="low")
    one, two = problem(world, "One", unsafe=True), problem(world, "Two", unsafe=True)
    merge_defects(survivor=low, duplicates=[one, two], person=manager(world))
    unmerge_defect(duplicate=one, person=manager(world))
    low.refresh_from_db()
    assert low.unsafe
    unmerge_defect(duplicate=two, person=manager(world))
    low.refresh_from_db()
    assert not low.unsafe


def test_a_merge_loses_no_fixed_date_and_joins_no_other_site(world):
    fixed = raise_remedial(
        site=world.oakfield, scheme="eicr", code="C2", summary="No RCD", found_on=today(), person=world.lead,
        deadline_on=today() + 9 * DAY,
    )  # fmt: skip
    plain, elsewhere = problem(world), problem(world, site=world.riverside, person=world.stranger)
    with pytest.raises(Problem, match="Keep that one"):
        merge_defects(survivor=plain, duplicates=[fixed], person=world.lead)
    with pytest.raises(Problem, match="different sites"):
        merge_defects(survivor=plain, duplicates=[elsewhere], person=world.lead)
    with pytest.raises(Problem, match="with itself"):
        merge_defects(survivor=plain, duplicates=[plain], person=world.lead)
    assert merge_defects(survivor=fixed, duplicates=[plain], person=world.lead).deadline_fixed


def test_a_risk_is_accepted_by_somebody_else_until_a_day_and_then_waits_again(world):
    defect, until = problem(world), today() + 30 * DAY
    risk = ask_to_accept(defect=defect, person=manager(world), reason="Roof is renewed in May", until=until, today=today())
    with pytest.raises(Forbidden):
        decide_risk(risk=risk, person=manager(world), agree=True, today=today())
    decide_risk(risk=risk, person=head(world), agree=True, today=today(), until=until - DAY)
    defect.refresh_from_db()
    assert defect.standing(until - DAY) == "accepted"
    assert defect.standing(until) == "triaged"
    assert list(Defect.objects.run_out(until)) == [defect]
    assert not Defect.objects.run_out(until - DAY).exists()
    with pytest.raises(Problem, match="decided already"):
        decide_risk(risk=risk, person=head(world), agree=False, today=today(), answer="no")
    assert end_risk(defect=defect, person=manager(world), reason="It leaks").stage == "triaged"


def test_nobody_accepts_their_own_risk_not_even_by_sql(world):
    sbm = world.person("sbm", school=world.oakfield.school)
    risk = ask_to_accept(defect=problem(world), person=sbm, reason="Later", until=today() + DAY, today=today())
    with pytest.raises(Problem, match="Somebody else must decide"):
        decide_risk(risk=risk, person=sbm, agree=True, today=today())
    with pytest.raises(IntegrityError), transaction.atomic():
        AcceptedRisk.objects.filter(pk=risk.pk).update(decided_by=sbm)


def test_what_is_unsafe_cannot_wait(world):
    with pytest.raises(Problem, match="Make it safe first"):
        ask_to_accept(
            defect=problem(world, unsafe=True), person=manager(world), reason="Later", until=today() + DAY, today=today()
        )
