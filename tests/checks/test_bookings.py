"""Bookings: refused, warned, moved, cancelled, and done when the record arrives."""

import datetime as dt

import pytest

from backend.checks.actions import (
    NewBooking,
    book,
    cancel_booking,
    change_round,
    end_round,
    make_round,
    move_booking,
    preview,
    set_cover,
)
from backend.checks.models import BookedCheck, Booking
from backend.checks.queries.booked import away, away_on, bookings_of, with_checks
from backend.checks.queries.walks import plans_walked, proposals
from backend.checks.waiting_bookings import booked_for_me, firms_not_booked
from backend.core.days import today
from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem
from backend.hr.actions import cancel_absence, note_absence
from backend.maintenance.models import Contractor
from tests.office.conftest import done

TODAY = today()


def ahead(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


@pytest.fixture
def lift(world):
    """A thorough examination of a lift: six months under a legal clock, first owed in twenty days."""
    return world.plan("loler-passenger-lift", asset=world.asset("passenger-lift"), since=ahead(20))


@pytest.fixture
def alarm(world):
    return world.plan()


def booked(world, plan, day, **more) -> Booking:
    return book(NewBooking(world.oakfield, [plan], day, **more), actor=world.lead, today=TODAY)


def test_a_booking_is_kept_and_entered(world, lift):
    booking = booked(world, lift, ahead(10), note="Key in the office")
    line = booking.checks.get()
    assert (booking.day, booking.note, line.owed_on, line.late) == (ahead(10), "Key in the office", lift.due_on, False)
    assert AuditEntry.objects.filter(subject__in=[f"booking:{booking.pk}", f"booked-check:{line.pk}"]).count() == 2


def test_after_the_day_of_the_law_it_needs_a_reason_and_is_shown_as_late(world, lift):
    after = lift.overdue_from + dt.timedelta(days=3)
    with pytest.raises(Problem) as refused:
        booked(world, lift, after)
    assert refused.value.code == "after_legal_maximum" and "late_reason" in refused.value.fields
    assert not Booking.objects.exists()
    late = booked(world, lift, after, late_reason="No inspector in the county before then")
    assert late.checks.get().late and late.late_reason.startswith("No inspector")


def test_a_late_one_moved_to_an_earlier_day_is_late_no_more(world, lift):
    late = booked(world, lift, lift.overdue_from + dt.timedelta(days=3), late_reason="Nobody earlier")
    moved = move_booking(late, actor=world.lead, today=TODAY, day=ahead(5))
    assert (moved.sequence, moved.late_reason, moved.checks.get().late) == (1, "", False)


def test_a_past_day_and_a_second_booking_are_refused(world, lift):
    with pytest.raises(Problem, match="has passed"):
        booked(world, lift, ahead(-1))
    booked(world, lift, ahead(5))
    with pytest.raises(Problem, match="booked already"):
        booked(world, lift, ahead(6))


def test_several_checks_make_one_visit_and_those_of_another_site_do_not(world, lift, alarm):
    visit = book(NewBooking(world.oakfield, [lift, alarm], ahead(3)), actor=world.lead, today=TODAY)
    assert visit.checks.count() == 2
    elsewhere = world.plan(asset=world.asset(site=world.riverside))
    with pytest.raises(Problem, match="one site"):
        book(NewBooking(world.oakfield, [elsewhere], ahead(3)), actor=world.lead, today=TODAY)


def test_a_cancelled_booking_stays_with_its_reason_and_frees_its_checks(world, lift):
    booking = booked(world, lift, ahead(5))
    with pytest.raises(Problem, match="why"):
        cancel_booking(booking, actor=world.lead, reason=" ")
    cancel_booking(booking, actor=world.lead, reason="Engineer ill")
    booking.refresh_from_db()
    assert booking.cancelled_reason == "Engineer ill" and booking.sequence == 1
    assert booked(world, lift, ahead(8)).pk != booking.pk
    with pytest.raises(Problem, match="cancelled"):
        move_booking(booking, actor=world.lead, today=TODAY, day=ahead(9))


def test_it_is_done_when_its_record_arrives_and_not_by_an_older_one(world, alarm):
    done(alarm, world.caretaker, days_ago=9)
    alarm.refresh_from_db()
    booking = booked(world, alarm, max(alarm.due_on, TODAY))
    (before,) = with_checks(Booking.objects.filter(pk=booking.pk))
    assert not before.done and bookings_of([alarm.pk])[alarm.pk]
    done(alarm, world.caretaker)
    (after,) = with_checks(Booking.objects.filter(pk=booking.pk))
    assert after.done and not bookings_of([alarm.pk])[alarm.pk]
    with pytest.raises(Problem, match="done"):
        move_booking(booking, actor=world.lead, today=TODAY, day=ahead(30))


def test_who_may_not_plan_books_nothing_and_a_stranger_knows_of_nothing(world, lift):
    with pytest.raises(Forbidden):
        book(NewBooking(world.oakfield, [lift], ahead(5)), actor=world.caretaker, today=TODAY)
    with pytest.raises(NotFound):
        book(NewBooking(world.oakfield, [lift], ahead(5)), actor=world.stranger, today=TODAY)
    assert not Booking.objects.visible_to(world.stranger).exists()


def test_a_contractor_manager_books_firms_and_nobody_else(world, lift):
    manager, firm = world.person("contractor-manager", school=world.oakfield.school), Contractor.objects.create(name="Acme Lifts")
    assert book(NewBooking(world.oakfield, [lift], ahead(5), contractor=firm), actor=manager, today=TODAY).who == "Acme Lifts"
    other = world.plan()
    with pytest.raises(Forbidden):
        book(NewBooking(world.oakfield, [other], ahead(5), person=world.caretaker), actor=manager, today=TODAY)


def test_a_firm_without_papers_and_a_person_away_are_warned_of(world, lift):
    firm = Contractor.objects.create(name="Acme Lifts")
    looked = preview(NewBooking(world.oakfield, [lift], ahead(5), contractor=firm), actor=world.lead, today=TODAY)
    assert "papers" in [each.code for each in looked.warned] and not looked.refused
    note_absence(person=world.caretaker, first_day=ahead(4), last_day=ahead(6), actor=world.caretaker, today=TODAY)
    looked = preview(NewBooking(world.oakfield, [lift], ahead(5), person=world.caretaker), actor=world.lead, today=TODAY)
    assert "away" in [each.code for each in looked.warned]
    with pytest.raises(Problem, match="does not do checks"):
        booked(world, lift, ahead(5), person=world.stranger)


def test_booking_asks_the_same_number_of_questions_however_many_checks(world, django_assert_max_num_queries):
    plans = [world.plan(asset=world.asset(name=f"Panel {number}")) for number in range(12)]
    with django_assert_max_num_queries(26):
        book(NewBooking(world.oakfield, plans, ahead(2), person=world.caretaker), actor=world.lead, today=TODAY)
    assert BookedCheck.objects.count() == 12


def test_a_later_date_can_be_booked_and_todays_record_is_not_it(world, alarm):
    looked = preview(NewBooking(world.oakfield, [alarm], ahead(30)), actor=world.lead, today=TODAY)
    assert looked.lines[0].occurrence
    first = looked.lines[0].occurrence.due_on
    later = first + dt.timedelta(days=28)
    new = NewBooking(world.oakfield, [alarm], later, owed_on={alarm.pk: later})
    looked = preview(new, actor=world.lead, today=TODAY)
    if looked.lines[0].occurrence is None:
        pytest.skip("the calendar has no such week")
    booking = book(new, actor=world.lead, today=TODAY)
    done(alarm, world.caretaker)
    assert not with_checks(Booking.objects.filter(pk=booking.pk))[0].done


def test_absences_are_noted_by_oneself_or_by_who_manages_them(world):
    manager = world.person("site-manager", school=world.oakfield.school)
    mine = note_absence(person=world.caretaker, first_day=ahead(1), last_day=ahead(2), actor=world.caretaker, today=TODAY)
    with pytest.raises(Problem, match="noted already"):
        note_absence(person=world.caretaker, first_day=ahead(2), last_day=ahead(3), actor=manager, today=TODAY)
    cancel_absence(absence=mine, actor=manager)
    note_absence(person=world.caretaker, first_day=ahead(2), last_day=ahead(3), actor=manager, today=TODAY)
    with pytest.raises(NotFound):
        note_absence(person=world.caretaker, first_day=ahead(9), last_day=ahead(9), actor=world.stranger, today=TODAY)
    with pytest.raises(Forbidden):
        note_absence(person=manager, first_day=ahead(9), last_day=ahead(9), actor=world.caretaker, today=TODAY)
    with pytest.raises(NotFound):
        cancel_absence(absence=mine, actor=world.stranger)


def test_who_stands_in_is_known_by_round_and_for_everything(world, alarm):
    manager = world.person("site-manager", school=world.oakfield.school)
    walk = make_round(
        site=world.oakfield, name="Daily", often="day", stops=[alarm.pk], actor=manager, days=[1], person=world.caretaker
    )
    gone = note_absence(person=world.caretaker, first_day=ahead(1), last_day=ahead(2), actor=world.caretaker, today=TODAY)
    set_cover(absence=gone, stand_in=manager, actor=world.lead)
    set_cover(absence=gone, stand_in=world.lead, round=walk, actor=world.lead)
    found = away_on(away([world.caretaker.pk], TODAY, ahead(5)), world.caretaker.pk, ahead(1))
    assert found
    assert found.instead(round_id=walk.pk) == world.lead and found.instead(site_id=world.oakfield.pk) == manager
    with pytest.raises(Problem, match="themselves"):
        set_cover(absence=gone, stand_in=world.caretaker, actor=world.lead)
    with pytest.raises(Forbidden):
        set_cover(absence=gone, stand_in=manager, actor=world.caretaker)
    set_cover(absence=gone, stand_in=None, round=walk, actor=world.lead)
    after = away_on(away([world.caretaker.pk], TODAY, ahead(5)), world.caretaker.pk, ahead(1))
    assert after and after.instead(round_id=walk.pk) == manager


def test_rounds_hold_the_sites_own_checks_in_their_order(world, alarm):
    other = world.plan("emergency-lighting-monthly-test")
    found = proposals(world.oakfield)
    assert [stop.key for stop in found["week"]] == [str(alarm.pk)] and [stop.key for stop in found["month"]] == [str(other.pk)]
    walk = make_round(site=world.oakfield, name="Walk", often="week", stops=[alarm.pk, other.pk], actor=world.lead)
    change_round(walk, actor=world.lead, stops=[other.pk, alarm.pk, other.pk])
    walk.refresh_from_db()
    assert plans_walked(walk) == [other, alarm] and not proposals(world.oakfield)
    with pytest.raises(Problem, match="not this site"):
        change_round(walk, actor=world.lead, stops=[world.plan(asset=world.asset(site=world.riverside)).pk])
    with pytest.raises(Problem, match="of this name"):
        make_round(site=world.oakfield, name="Walk", often="week", stops=[], actor=world.lead)
    end_round(walk, actor=world.lead)
    assert proposals(world.oakfield)


def test_what_is_booked_for_me_and_what_firms_are_not_booked_for_waits(world, lift, alarm):
    words = [each.words for each in firms_not_booked(world.lead, TODAY)]
    assert words and "Oakfield site" in words[0] and not list(firms_not_booked(world.caretaker, TODAY))
    booked(world, lift, ahead(10))
    assert not list(firms_not_booked(world.lead, TODAY))
    booked(world, alarm, ahead(1), person=world.caretaker)
    (mine,) = booked_for_me(world.caretaker, TODAY)
    assert mine.due_on == ahead(1) and not list(booked_for_me(world.stranger, TODAY))
    gone = note_absence(person=world.caretaker, first_day=ahead(1), last_day=ahead(1), actor=world.caretaker, today=TODAY)
    set_cover(absence=gone, stand_in=world.lead, actor=world.lead)
    assert [each.due_on for each in booked_for_me(world.lead, TODAY)] == [ahead(1)]
