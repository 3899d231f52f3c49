"""Which checks apply at a site: proposed, accepted once, left out for a reason that somebody else agrees to, opened again."""

import copy
import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from backend.checks.actions.ending import end_plans
from backend.checks.actions.intervals import change_rules, choose_interval
from backend.checks.actions.library import publish_library
from backend.checks.actions.library_changes import accept_change, put_off_change
from backend.checks.actions.not_applicable import ask_not_applicable, decide_not_applicable, end_not_applicable
from backend.checks.actions.proposals import Accepted, LeftOut, accept_proposal
from backend.checks.invariants import date_faults, lapse_faults
from backend.checks.models import CheckType, Lapse, NotApplicable, Plan
from backend.checks.queries.excused import Stand, excused
from backend.checks.queries.library_changes import Standing, library_changes, taking
from backend.checks.queries.proposed import proposal
from backend.checks.waiting import WAITING
from backend.core.days import today
from backend.core.problems import Forbidden, NotFound, Problem
from backend.rules.applying import Key
from backend.rules.library import read_library
from backend.trust.actions.facts import say_facts
from tests.office.conftest import done

YEAR = dt.timedelta(days=365)


def accept_all(world, **more):
    """Accept everything that is proposed for Oakfield."""
    found = proposal(world.oakfield, today=today())
    accepted = Accepted([new.key for new in found.new], [str(gone.plan.pk) for gone in found.gone], **more)
    return accept_proposal(world.oakfield, accepted, person=world.lead, today=today())


def faults():
    """What verify would find of plans and lapses."""
    return [*date_faults(lambda _n: None), *lapse_faults(lambda _n: None)]


def codes(lines):
    """The checks of proposal lines."""
    return {each.key.code for each in lines}


def test_an_asset_brings_its_checks_with_the_reason(world):
    boiler = world.asset("gas-boiler", name="Boiler 1")
    found = proposal(world.oakfield, today=today())
    mine = [new for new in found.new if new.key.asset == str(boiler.pk)]
    assert codes(mine) == {"gas-boiler-service"}
    assert mine[0].finding.why.startswith("because Boiler 1 is in Main block; Gas Safety")


def test_accepted_twice_makes_nothing_new(world):
    world.asset("gas-boiler")
    first = accept_all(world)
    assert first.made > 5
    again = accept_all(world)
    assert (again.made, again.ended) == (0, 0)
    found = proposal(world.oakfield, today=today())
    assert (found.new, found.gone) == ([], [])
    assert set(Plan.objects.values_list("origin", flat=True)) == {"proposed"}
    assert not faults()


def test_the_same_page_sent_twice_makes_each_plan_once(world):
    found = proposal(world.oakfield, today=today())
    accepted = Accepted([new.key for new in found.new])
    made = accept_proposal(world.oakfield, accepted, person=world.lead, today=today())
    again = accept_proposal(world.oakfield, accepted, person=world.lead, today=today())
    assert made.made == len(found.new)
    assert again.made == 0


def test_an_unanswered_question_is_listed_and_never_planned_nor_dropped(world):
    found = proposal(world.oakfield, today=today())
    assert "radon-measurement" in {each.revision.check_type_id for each in found.asks}
    assert "radon-measurement" not in codes(found.new)
    plan = world.plan("radon-measurement", site=world.oakfield, building=world.oakfield.buildings.get())
    assert plan.pk not in {gone.plan.pk for gone in proposal(world.oakfield, today=today()).gone}


def test_a_no_ends_the_plan_that_hung_on_it_when_that_is_accepted(world):
    building = world.oakfield.buildings.get()
    say_facts(building, answers={"radon": True}, actor=world.lead)
    accept_all(world)
    plan = Plan.objects.get(check_type="radon-measurement")
    say_facts(building, answers={"radon": False}, actor=world.lead)
    assert [gone.plan for gone in proposal(world.oakfield, today=today()).gone] == [plan]
    accept_all(world)
    plan.refresh_from_db()
    assert (plan.active, plan.due_on, plan.ended_on) == (False, None, today())
    assert not faults()


def test_a_plan_made_by_hand_is_never_proposed_to_go(world):
    plan = world.plan(
        "radon-measurement", site=world.oakfield, building=world.oakfield.buildings.get(), origin="by-hand", why="We want it"
    )
    say_facts(world.oakfield.buildings.get(), answers={"radon": False}, actor=world.lead)
    found = proposal(world.oakfield, today=today())
    assert not found.gone
    assert found.hand == 1
    assert plan.active


def test_checks_for_special_equipment_are_off_until_they_are_asked_for(world):
    world.asset("kiln")
    assert proposal(world.oakfield, today=today()).extended >= 1
    assert "kiln-service" not in codes(proposal(world.oakfield, today=today()).new)
    assert "kiln-service" in codes(proposal(world.oakfield, today=today(), extended=True).new)


def test_what_was_last_done_is_due_so_long_after_it(world):
    boiler = world.asset("gas-boiler")
    key = Key("gas-boiler-service", "", str(boiler.pk))
    last = today() - dt.timedelta(days=100)
    accept_proposal(world.oakfield, Accepted([key], last_done={key: last}), person=world.lead, today=today())
    plan = Plan.objects.get(asset=boiler)
    assert plan.due_on == last.replace(year=last.year + 1)
    assert "Last done" in plan.note
    assert not faults()


def test_a_colleague_without_the_permit_is_refused_and_a_stranger_sees_nothing(world):
    with pytest.raises(Forbidden):
        accept_proposal(world.oakfield, Accepted(), person=world.caretaker, today=today())
    with pytest.raises(NotFound):
        accept_proposal(world.oakfield, Accepted(), person=world.stranger, today=today())
    with pytest.raises(Forbidden):
        say_facts(world.oakfield, answers={"gas": True}, actor=world.caretaker)


def left_out(world, code="condition-survey"):
    """A check left out of the proposal."""
    key = Key(code, str(world.oakfield.buildings.get().pk))
    until = today() + YEAR
    accept_proposal(
        world.oakfield, Accepted(left_out={key: LeftOut("Covered elsewhere", until)}), person=world.lead, today=today()
    )
    return NotApplicable.objects.get(), key


def test_what_is_left_out_waits_for_somebody_else_and_applies_until_then(world):
    row, key = left_out(world)
    head = world.person("headteacher", school=world.oakfield.school)
    assert excused([row], today())[0].stand is Stand.WAITING
    with pytest.raises(Problem, match="Somebody else must decide"):
        decide_not_applicable(row, agree=True, person=world.lead, today=today())
    decide_not_applicable(row, agree=True, person=head, today=today())
    row.refresh_from_db()
    assert excused([row], today())[0].stand is Stand.IN_FORCE
    assert key not in {new.key for new in proposal(world.oakfield, today=today()).new}
    assert excused([row], today() + YEAR + dt.timedelta(days=1))[0].stand is Stand.EXPIRED
    assert key in {new.key for new in proposal(world.oakfield, today=today() + YEAR + dt.timedelta(days=1)).new}


def test_the_database_refuses_one_who_agrees_with_themselves(world):
    row, _ = left_out(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        NotApplicable.objects.filter(pk=row.pk).update(decided_by=row.asked_by, agreed=True, decided_at=row.asked_at)


def test_agreeing_ends_the_plan_there_was(world):
    plan = world.plan("condition-survey", site=world.oakfield, building=world.oakfield.buildings.get())
    row = ask_not_applicable(
        check_type=plan.check_type,
        site=plan.site,
        building=plan.building,
        person=world.lead,
        reason="No",
        expires_on=today() + YEAR,
        today=today(),
    )
    assert Plan.objects.get(pk=plan.pk).active
    decide_not_applicable(row, agree=True, person=world.person("headteacher", school=plan.site.school), today=today())
    assert not Plan.objects.get(pk=plan.pk).active
    assert not faults()


def test_a_new_fact_or_asset_opens_a_decision_again(world):
    head = world.person("headteacher", school=world.oakfield.school)
    world.asset("fire-door", name="Door 1")
    building = world.oakfield.buildings.get()
    row = ask_not_applicable(
        check_type=CheckType.objects.get(pk="fire-door-inspection"), site=world.oakfield, building=building, person=world.lead,
        reason="One door, checked by the insurer", expires_on=today() + YEAR, today=today(),
    )  # fmt: skip
    row = decide_not_applicable(row, agree=True, person=head, today=today())
    assert excused([row], today())[0].stand is Stand.IN_FORCE
    world.asset("fire-door", name="Door 2")
    again = excused([row], today())[0]
    assert (again.stand, again.changed) == (Stand.REOPENED, ("assets",))
    assert "fire-door-inspection" in codes(proposal(world.oakfield, today=today()).new)
    keys = [each.key for asked in WAITING for each in asked(world.lead, today())]
    assert f"not-applicable:{row.pk}:ends" in keys


def test_what_was_refused_or_ended_applies(world):
    row, key = left_out(world)
    head = world.person("headteacher", school=world.oakfield.school)
    with pytest.raises(Problem, match="Say why not"):
        decide_not_applicable(row, agree=False, person=head, today=today())
    decide_not_applicable(row, agree=False, person=head, today=today(), answer="It does apply")
    assert key in {new.key for new in proposal(world.oakfield, today=today()).new}
    end_not_applicable(row, reason="Done with", person=world.lead)


def test_facts_are_kept_with_unknown_apart_from_no(world):
    assert say_facts(world.oakfield, answers={"gas": False, "oil": "unknown", "pool": True}, actor=world.lead) == 3
    world.oakfield.refresh_from_db()
    assert world.oakfield.facts == {"gas": False, "oil": "unknown", "pool": True}
    assert say_facts(world.oakfield, answers={"gas": None}, actor=world.lead) == 1
    with pytest.raises(Problem) as refused:
        say_facts(world.oakfield, answers={"gas": "maybe", "dragons": True}, actor=world.lead)
    assert set(refused.value.fields) == {"gas", "dragons"}
    building = world.oakfield.buildings.get()
    assert say_facts(building, answers={"built": 1970, "floors": 3}, actor=world.lead) == 2
    building.refresh_from_db()
    assert (building.built, building.floors) == (1970, 3)


def test_an_interval_of_law_may_be_shortened_and_not_lengthened(world):
    plan = world.plan("loler-passenger-lift")
    with pytest.raises(Problem, match="more often, not less often"):
        choose_interval(plan, every=13, unit="month", reason="Cheaper", person=world.lead, today=today())
    chosen = choose_interval(plan, every=3, unit="month", reason="Heavy use", person=world.lead, today=today())
    assert chosen.rule and chosen.rule["every"] == 3
    assert "Heavy use" in chosen.why
    assert not faults()


def test_a_new_interval_leaves_the_past_as_it_was(world):
    plan = world.plan(
        "fire-extinguisher-monthly-visual",
        site=world.oakfield,
        building=world.oakfield.buildings.get(),
        since=today() - dt.timedelta(days=200),
    )
    done(plan, world.caretaker, days_ago=60)
    missed = set(Lapse.objects.filter(plan=plan).values_list("due_on", flat=True))
    assert plan.rule
    change_rules([(plan, {**plan.rule, "unit": "week"})], why="Weekly now", person=world.lead, today=today())
    assert set(Lapse.objects.filter(plan=plan).values_list("due_on", flat=True)) == missed
    assert not faults()


def test_an_ended_plan_keeps_its_misses_and_owes_nothing(world):
    plan = world.plan(since=today() - dt.timedelta(days=60))
    missed = Lapse.objects.filter(plan=plan).count()
    end_plans([plan], reason="The panel went", person=world.lead, today=today())
    plan.refresh_from_db()
    assert missed == Lapse.objects.filter(plan=plan).count() > 0
    assert (plan.active, plan.due_on, plan.overdue_from, plan.soon_from) == (False, None, None, None)
    with pytest.raises(Problem, match="Say why"):
        end_plans([plan], reason=" ", person=world.lead, today=today())
    assert not faults()


def changed_library(code, **rule):
    """The library with another interval for one check."""
    read = read_library("schedules")
    check = read.checks[code]
    assert check.rule
    new = check.model_copy(update={"rule": {**check.rule, **rule}})
    changed = copy.copy(read)
    object.__setattr__(changed, "checks", {**read.checks, code: new})
    return changed


def test_a_new_edition_moves_no_date_before_it_is_accepted(world):
    plan = world.plan("expansion-vessel-flush", since=today() - dt.timedelta(days=150))
    done(plan, world.lead, days_ago=120)
    plan.refresh_from_db()
    own = world.plan("expansion-vessel-flush")
    choose_interval(own, every=4, unit="month", reason="Old vessel", person=world.lead, today=today())
    due = plan.due_on
    publish_library(changed_library("expansion-vessel-flush", every=3, unit="month"), actor="tests")
    plan.refresh_from_db()
    assert plan.due_on == due
    change = library_changes(today())[0]
    assert (change.check.code, change.standing, change.about) == ("expansion-vessel-flush", Standing.OPEN, ["how often"])
    took = taking(change)
    assert ([each.pk for each, _ in took.takes], [each.pk for each in took.own]) == ([plan.pk], [own.pk])
    decision = accept_change("expansion-vessel-flush", revision=change.now.number, person=world.lead, today=today())
    plan.refresh_from_db()
    own.refresh_from_db()
    assert (decision.plans, plan.rule["every"], own.rule["every"]) == (1, 3, 4)
    assert plan.due_on < due
    assert library_changes(today())[0].standing is Standing.ACCEPTED
    assert not faults()


def test_a_new_edition_is_put_off_until_a_day_and_comes_back(world):
    world.plan("expansion-vessel-flush")
    publish_library(changed_library("expansion-vessel-flush", every=3, unit="month"), actor="tests")
    number = library_changes(today())[0].now.number
    with pytest.raises(Forbidden):
        accept_change(
            "expansion-vessel-flush", revision=number, person=world.person("sbm", school=world.oakfield.school), today=today()
        )
    with pytest.raises(Problem, match="changed again"):
        accept_change("expansion-vessel-flush", revision=number - 1, person=world.lead, today=today())
    back = today() + dt.timedelta(days=40)
    put_off_change(
        "expansion-vessel-flush", revision=number, reason="After the budget", back_on=back, person=world.lead, today=today()
    )
    assert library_changes(today())[0].standing is Standing.PUT_OFF
    assert library_changes(back)[0].standing is Standing.OPEN


def test_what_is_proposed_takes_as_many_queries_for_many_assets(world, django_assert_max_num_queries):
    for number in range(30):
        world.asset("gas-boiler", name=f"Boiler {number}")
    proposal(world.oakfield, today=today())
    with django_assert_max_num_queries(8):
        proposal(world.oakfield, today=today())
