"""Plans, explanations and compliance."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.checks.actions import NewPlan, make_plans
from backend.checks.models import CheckType, Plan
from backend.checks.queries.explained import engine_states
from backend.core.days import today
from backend.maintenance.models import Defect
from tests.api.conftest import problem

COUNTS = {"in_date", "due_soon", "due", "overdue", "paused", "lapses", "defects_open", "unsatisfactory", "unsafe", "serious"}
COUNTS |= {"unproved"}


def test_a_plan_shows_what_the_engine_says_today(world, estate, ask):
    [(_, state)] = engine_states([Plan.objects.select_related("site").get(pk=estate.plan.pk)], today())
    [row] = ask(world.caretaker).rows("plans")
    stored = Plan.objects.get(pk=estate.plan.pk).due_on
    assert state and state.due_on and state.overdue_since and stored
    assert (row["due_on"], row["status"]) == (state.due_on.isoformat(), "overdue")
    assert row["overdue_since"] == state.overdue_since.isoformat()
    assert row["due_on"] > stored.isoformat()
    assert (row["check_type"], row["rule_words"], row["asset"]) == ("fire-alarm-weekly-test", "weekly", str(estate.asset.pk))


def test_a_plan_explains_itself_in_a_sentence_and_as_data(world, estate, ask):
    caretaker = ask(world.caretaker)
    one, why = caretaker.one(f"plans/{estate.plan.pk}"), caretaker.one(f"plans/{estate.plan.pk}/explain")
    assert why["sentence"] == one["sentence"] and one["sentence"].startswith("Overdue since ")
    assert {"due", "overdue", "interval"} <= {reason["code"] for reason in why["reasons"]}
    assert one["rule"]["unit"] == "week"


def test_a_one_off_is_owed_once(world, ask):
    kind = CheckType.objects.get(pk="fire-alarm-weekly-test")
    asset = world.asset()
    on = today() + dt.timedelta(days=3)
    [plan] = make_plans(
        [NewPlan(check_type=kind, site=asset.site, asset=asset, starts_on=on, one_off=True)], person=world.lead, today=today()
    )
    one = ask(world.caretaker).one(f"plans/{plan.pk}")
    assert (one["due_on"], one["status"], one["rule"], one["rule_words"]) == (on.isoformat(), "due-soon", None, "once")
    assert one["sentence"].startswith("Once, by ")


def test_plans_are_found_by_status_place_check_and_date(world, estate, ask):
    world.plan("fire-alarm-weekly-test", asset=world.asset(name="New panel"), since=today())
    world.plan("fire-alarm-weekly-test", asset=world.asset(site=world.riverside, name="Far panel"))
    lead = ask(world.lead)

    def assets(**query):
        return {row["asset_name"] for row in lead.rows("plans", **query)}

    everything = {"Panel of the hall", "New panel", "Far panel"}
    assert assets() == assets(discipline="fire") == assets(check_type="fire-alarm-weekly-test") == everything
    assert assets(status="overdue") == {"Panel of the hall", "Far panel"}
    assert assets(site=str(world.riverside.pk)) == assets(school=str(world.riverside.school_id)) == {"Far panel"}
    assert assets(asset=str(estate.asset.pk)) == {"Panel of the hall"}
    assert assets(due_before=today().isoformat()) == {"Panel of the hall", "Far panel"}
    assert assets(status="paused") == assets(active="false") == assets(discipline="water-hygiene") == set()


def test_every_status_is_one_filter_and_they_part_the_plans(world, estate, ask):
    caretaker = ask(world.caretaker)
    split = {word: len(caretaker.rows("plans", status=word)) for word in ("in-date", "due-soon", "due", "overdue", "paused")}
    assert sum(split.values()) == len(caretaker.rows("plans")) == 1


def test_an_ended_plan_is_left_out_unless_asked_for(world, estate, ask):
    Plan.objects.filter(pk=estate.plan.pk).update(active=False)
    caretaker = ask(world.caretaker)
    assert caretaker.rows("plans") == []
    assert [row["due_on"] for row in caretaker.rows("plans", active="false")] == [None]
    assert caretaker.one(f"plans/{estate.plan.pk}")["sentence"] == "This check is no longer planned here."


def test_compliance_counts_by_any_of_the_three(world, estate, ask):
    caretaker = ask(world.caretaker)
    [row] = caretaker.rows("compliance", by="school,site,discipline")
    assert row["school"]["name"] == "Oakfield" and row["site"]["id"] == str(world.oakfield.pk)
    assert row["discipline"] == "fire"
    assert (row["overdue"], row["in_date"], row["defects_open"]) == (1, 0, Defect.objects.count())
    assert row["lapses"] == len(caretaker.rows("lapses", withdrawn="false")) > 0
    assert caretaker.rows("compliance") == [row]
    for by in ("school", "site", "discipline", "site,school", "discipline,site"):
        [part] = caretaker.rows("compliance", by=by)
        assert part == {**{name: row[name] for name in by.split(",")}, **{name: row[name] for name in COUNTS}}
    [total] = caretaker.rows("compliance", by="")
    assert total.keys() == COUNTS


def test_compliance_on_a_day_gone_and_to_come(world, estate, ask):
    caretaker = ask(world.caretaker)
    first_day = today() - dt.timedelta(days=35)
    [then] = caretaker.rows("compliance", by="site", as_of=first_day.isoformat())
    assert then["overdue"] == then["defects_open"] == then["lapses"] == 0
    assert caretaker.get("compliance", as_of=(today() + dt.timedelta(days=400)).isoformat()).status_code == 200
    assert caretaker.rows("compliance", by="site", as_of="1950-01-01") == []


def test_compliance_is_the_askers_own(world, estate, ask):
    assert ask(world.stranger).rows("compliance") == []
    assert ask(world.person("staff", school=world.oakfield.school)).rows("compliance") == []
    assert ask(world.lead).rows("compliance", by="school") != []
    problem(ask(None).get("compliance"), 401)


def test_compliance_and_plans_cost_the_same_whatever_the_size(world, estate, ask):
    lead = ask(world.lead)

    def cost():
        counts = []
        for path in ("compliance?by=school,discipline", "plans?page_size=200", "records?page_size=200", "lapses?page_size=200"):
            with CaptureQueriesContext(connection) as seen:
                assert lead.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    lead.get("plans")  # a token's first use of the day is written down
    small = cost()
    for number in range(12):
        world.plan("fire-alarm-weekly-test", asset=world.asset(name=f"Panel {number}"))
    assert cost() == small
    assert max(small) <= 9, small
