"""What if: a firm goes, somebody is away for weeks, a school joins."""

import datetime as dt

import pytest

from backend.checks.actions import file_certificate, record_checks
from backend.checks.queries.booked import occurrences
from backend.core.days import today
from backend.maintenance.models import WorkOrder
from backend.risk.actions import NewItem, NewSurvey, enter_survey
from backend.risk.queries.what_if import firm_goes, people_of, school_joins, somebody_away
from tests.checks.filing import firm, report
from tests.checks.work import work
from tests.risk.test_hand_worked import unsafe
from tests.risk.test_pages import browser, words

pytestmark = pytest.mark.django_db


def test_what_hangs_on_a_firm_and_who_else_could(world):
    plan = world.plan("fixed-wire-eicr")
    going, staying = firm(world, "Brindle Fire"), firm(world, "Other Fire")
    new = report(world, [plan], firm="", contractor=going, stated_next=today() + dt.timedelta(days=60))
    file_certificate(person=world.lead, new=new)
    rail = unsafe(world, unsafe=True)
    WorkOrder.objects.create(site=world.oakfield, defect=rail, title="Mend the panel", contractor=going)
    found = firm_goes(world.lead, going, today())
    assert [each.pk for each in found.plans] == [plan.pk]
    assert len(found.orders) == 1
    assert found.alone == [plan.discipline]
    staying.trades = [plan.discipline]
    staying.save()
    assert firm_goes(world.lead, going, today()).others == {plan.discipline: [staying]}
    assert firm_goes(world.lead, staying, today()).plans == []
    page = words(browser(world.lead), f"/risk/what-if/?if=goes&firm={going.pk}")
    assert "Brindle Fire did or is booked for 1 check" in page
    assert "Other Fire" in page


def test_what_falls_to_others_while_somebody_is_away(world):
    plan = world.plan("fire-alarm-weekly-test")
    record_checks([work(plan, world.caretaker, today() - dt.timedelta(days=7))])
    found = somebody_away(world.lead, world.caretaker, 6, today())
    assert [each.pk for each, _, _ in found.due] == [plan.pk]
    dates = occurrences([plan], today(), today() + dt.timedelta(weeks=6))[plan.pk]
    assert found.times == len(dates) in (5, 6, 7)
    assert found.minutes == found.times * 15
    assert found.others == [(world.oakfield, [])]
    assert found.alone == [world.oakfield]
    assert list(people_of(world.lead, today())) == [world.caretaker]
    assert somebody_away(world.lead, world.lead, 6, today()).due == []
    page = words(browser(world.lead), f"/risk/what-if/?if=away&who={world.caretaker.pk}&weeks=6")
    assert "At 1 site nobody else did a check in the last half year." in page


def test_a_school_that_joins_is_reckoned_pupil_for_pupil_by_those_like_it(world):
    """Oakfield: 200 pupils, two checks, a backlog of £10,000. A primary of 300 is half as much again."""
    school = world.oakfield.school
    school.pupils = 200
    school.save()
    world.plan("fire-alarm-weekly-test")
    world.plan("fire-alarm-service")
    new = NewSurvey(world.oakfield, today(), "Made-up Surveyors", [NewItem("roofs", "Felt", "D", 1, 1_000_000)])
    enter_survey(new=new, actor=world.lead, today=today())
    found = school_joins(world.lead, "primary", 300, today())
    assert [str(each) for each in found.like] == ["Oakfield"]
    assert (found.checks, found.backlog) == (3, 1_500_000)
    assert found.route and found.route.key == "cif" and "3 academies with 500 pupils" in found.route.why
    assert "About 3 checks to keep" in words(browser(world.lead), "/risk/what-if/?if=joins&phase=primary&pupils=300")


def test_where_no_school_says_its_pupils_there_is_nothing_to_reckon_by(world):
    world.oakfield.school.__class__.objects.update(pupils=None)
    assert "nothing to reckon by" in words(browser(world.lead), "/risk/what-if/?if=joins&phase=primary&pupils=300")


def test_what_is_typed_wrong_is_said_and_what_may_not_be_known_is_no_choice(world):
    lead = browser(world.lead)
    assert "What if?" in words(lead, "/risk/what-if/")
    words(lead, "/risk/what-if/?if=joins&phase=primary&pupils=-3", 422)
    words(lead, "/risk/what-if/?if=nonsense", 400)
    record_checks([work(world.plan(), world.caretaker, today() - dt.timedelta(days=7))])
    head = browser(world.person("headteacher", school=world.riverside.school))
    words(head, f"/risk/what-if/?if=away&who={world.caretaker.pk}&weeks=6", 422)
