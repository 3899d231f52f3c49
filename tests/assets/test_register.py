"""The register in depth: what is known of an asset can be, its parts and moves hold together, and it goes without a loose end."""

import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from backend.assets.actions import (
    add_assets,
    add_model,
    add_paper,
    add_warranty,
    change_asset,
    ensure_tags,
    make_part_of,
    merge_models,
    move_asset,
    set_status,
)
from backend.assets.invariants import INVARIANTS
from backend.assets.known import facts_asked
from backend.assets.models import Asset, AssetChange, AssetModel, AssetType, Disposal
from backend.checks.actions.following import change_details, follow_ages, follow_facts
from backend.checks.actions.leaving import Going, dispose, undo_disposal
from backend.checks.actions.moving_on import move_to_site
from backend.checks.invariants import INVARIANTS as CHECKS_INVARIANTS
from backend.checks.models import Plan
from backend.core.days import today
from backend.core.problems import Forbidden, NotFound, Problem
from backend.maintenance.models import Defect
from backend.rules.asset_facts import on_day
from backend.trust.models import Site

MINIBUS = "minibus"


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(out, "PNG")
    return out.getvalue()


def faults() -> list[str]:
    """What verify says of the register and of the checks."""
    return [fault for each in (*INVARIANTS, *CHECKS_INVARIANTS) for fault in each.faults(lambda _n: None)]


def wrong_fields(change: Any) -> set[str]:
    with pytest.raises(Problem) as refused:
        change()
    return set(refused.value.fields)


def test_a_fact_must_be_what_the_library_asks_for_and_others_stay_as_written(world):
    bus = world.asset(MINIBUS)
    assert wrong_fields(lambda: change_asset(bus, changes={"facts": {"age_years": "old"}}, person=world.lead)) == {
        "facts.age_years"
    }
    bus.refresh_from_db()
    assert bus.facts == {}
    change_asset(bus, changes={"facts": {"age_years": 4, "colour": "blue"}}, person=world.lead)
    bus.refresh_from_db()
    assert bus.facts == {"age_years": 4, "colour": "blue"}


def test_a_new_asset_with_an_impossible_fact_is_not_added(world):
    kind = AssetType.objects.get(pk=MINIBUS)
    odd = Asset(site=world.oakfield, type=kind, name="Bus", facts={"age_years": True})
    assert wrong_fields(lambda: add_assets([odd], person=world.lead)) == {"facts.age_years"}
    assert not Asset.objects.filter(name="Bus").exists()


def test_what_was_wrong_before_does_not_bar_another_change(world):
    bus = world.asset(MINIBUS, facts={"age_years": "old"})
    change_asset(bus, changes={"facts": {"age_years": "old", "colour": "red"}}, person=world.lead)
    assert Asset.objects.get(pk=bus.pk).facts["colour"] == "red"


def test_a_change_keeps_old_and_new_value_and_who_made_it(world):
    bus = world.asset(MINIBUS, make="Ford", facts={"age_years": 3})
    change_asset(bus, changes={"make": "LDV", "facts": {"age_years": 5}}, person=world.lead, why="Misread")
    kept = AssetChange.objects.get(asset=bus)
    assert kept.before == {"make": "Ford", "facts.age_years": 3}
    assert kept.after == {"make": "LDV", "facts.age_years": 5}
    assert (kept.why, kept.made_by_id, kept.kind) == ("Misread", world.lead.pk, "details")
    change_asset(bus, changes={"make": "LDV"}, person=world.lead)
    assert AssetChange.objects.filter(asset=bus).count() == 1


@pytest.fixture
def outlet(world):
    """A plan whose interval follows a fact of its asset, at the usual interval."""
    from backend.checks.models import CheckType
    from backend.checks.queries.library_changes import as_kept

    for check in CheckType.objects.select_related("current"):
        content = check.current.content if check.current else {}
        for variant in content.get("variants", ()):
            found = variant.get("facts") or []
            if content["on"] == "asset" and len(found) == 1 and content["asset_types"]:
                condition = found[0]
                value = condition.get("equals", (condition.get("in") or [None])[0])
                if value is None:
                    value = (
                        next(condition[name] for name in ("at_least", "at_most") if name in condition)
                        if ("at_least" in condition or "at_most" in condition)
                        else None
                    )
                if value is None:
                    continue
                facts = {condition["fact"]: value}
                usual, other = as_kept(content, {}), as_kept(content, facts)
                if usual == other:
                    continue
                asset = world.asset(content["asset_types"][0])
                plan = world.plan(check.pk, asset=asset, since=today())
                return plan, facts, usual, other
    raise LookupError("no check has an interval that follows a fact")


def test_plans_follow_a_changed_fact_and_an_interval_that_was_chosen_stays(world, outlet):
    plan, facts, usual, other = outlet
    assert plan.rule == usual
    asset = Asset.objects.select_related("site").get(pk=plan.asset_id)
    change_details(asset, changes={"facts": facts}, person=world.lead, today=today())
    plan.refresh_from_db()
    assert plan.rule == other
    chosen = {**plan.rule, "every": plan.rule["every"] + 7}
    Plan.objects.filter(pk=plan.pk).update(rule=chosen)
    change_details(asset, changes={"facts": {}}, person=world.lead, today=today())
    plan.refresh_from_db()
    assert plan.rule == chosen
    assert follow_facts(asset, person=world.lead, today=today()) == 1
    plan.refresh_from_db()
    assert plan.rule == usual


def test_a_caretaker_makes_nothing_owed_later_by_a_fact(world, outlet):
    plan, facts, usual, other = outlet
    from backend.checks.actions.intervals import longer
    from backend.rules.due import Rule

    later = longer(Rule.from_mapping(other), Rule.from_mapping(usual))
    start, end = ({}, facts) if later else (facts, {})
    asset = Asset.objects.select_related("site").get(pk=plan.asset_id)
    change_details(asset, changes={"facts": start}, person=world.lead, today=today())
    plan.refresh_from_db()
    sooner = plan.rule
    change_details(asset, changes={"facts": end}, person=world.caretaker, today=today())
    plan.refresh_from_db()
    assert plan.rule == sooner


def test_parts_go_in_no_circle_and_stay_at_one_site(world):
    boiler, burner, valve = (world.asset(name=each) for each in ("Boiler", "Burner", "Valve"))
    make_part_of(burner, parent=boiler, person=world.lead)
    make_part_of(valve, parent=burner, person=world.lead)
    with pytest.raises(Problem, match="part of it"):
        make_part_of(boiler, parent=valve, person=world.lead)
    with pytest.raises(Problem, match="same site"):
        make_part_of(boiler, parent=world.asset(site=world.riverside), person=world.lead)
    assert faults() == []


def test_an_asset_moves_with_its_parts_and_the_move_is_kept(world):
    boiler, burner = world.asset(name="Boiler"), world.asset(name="Burner")
    make_part_of(burner, parent=boiler, person=world.lead)
    hall = boiler.building.spaces.get(name="Hall")
    move_asset(boiler, building=hall.building, space=hall, person=world.lead, why="Flooded")
    assert set(Asset.objects.filter(space=hall).values_list("name", flat=True)) == {"Boiler", "Burner"}
    kept = AssetChange.objects.get(asset=boiler, kind="moved")
    assert kept.after == {"space_id": str(hall.pk)}
    with pytest.raises(NotFound):
        move_asset(boiler, building=None, space=None, person=world.stranger)


def test_verify_finds_an_asset_that_stands_where_no_move_put_it(world):
    boiler = world.asset(name="Boiler")
    hall = boiler.building.spaces.get(name="Hall")
    move_asset(boiler, building=hall.building, space=hall, person=world.lead)
    Asset.objects.filter(pk=boiler.pk).update(space=boiler.building.spaces.get(name="Boiler room"))
    assert any("its last move" in fault for fault in faults())


def test_verify_finds_a_circle_of_parts(world):
    one, two = world.asset(name="One"), world.asset(name="Two")
    Asset.objects.filter(pk=one.pk).update(parent=two)
    Asset.objects.filter(pk=two.pk).update(parent=one)
    assert any("circle" in fault for fault in faults())


def going(**more: Any) -> Going:
    return Going(**{"method": "scrapped", "gone_on": today(), "reason": "Beyond repair", **more})


def test_an_asset_goes_for_good_and_its_checks_end_with_it(world):
    plan = world.plan()
    asset = Asset.objects.select_related("site").get(pk=plan.asset_id)
    row = dispose(asset, going=going(value_pence=12_050, certificate=picture()), person=world.lead, today=today())
    plan.refresh_from_db()
    asset.refresh_from_db()
    assert (plan.active, asset.status, row.value_pence) == (False, "retired", 12_050)
    assert row.paper and row.paper.kind == "waste"
    assert plan.ended_why.startswith("Scrapped or recycled: Beyond repair")
    with pytest.raises(Problem, match="retired already"):
        dispose(asset, going=going(), person=world.lead, today=today())


def test_a_slip_is_undone_for_a_month_and_what_it_owed_is_owed_again(world):
    plan = world.plan(since=today())
    asset = Asset.objects.select_related("site").get(pk=plan.asset_id)
    due = plan.due_on
    row = dispose(asset, going=going(), person=world.lead, today=today())
    undo_disposal(row, person=world.lead, today=today())
    again = Plan.objects.get(asset=asset, active=True)
    assert (again.rule, again.due_on) == (plan.rule, due)
    assert Asset.objects.get(pk=asset.pk).status == "in-use"
    with pytest.raises(Problem, match="undone already"):
        undo_disposal(row, person=world.lead, today=today())
    later = dispose(Asset.objects.select_related("site").get(pk=asset.pk), going=going(), person=world.lead, today=today())
    Disposal.objects.filter(pk=later.pk).update(made_at=timezone.now() - dt.timedelta(days=31))
    with pytest.raises(Problem, match="30 days"):
        undo_disposal(later, person=world.lead, today=today())


def test_whoever_retires_a_whole_says_what_becomes_of_its_parts(world):
    boiler, burner = world.asset(name="Boiler"), world.asset(name="Burner")
    make_part_of(burner, parent=boiler, person=world.lead)
    assert wrong_fields(lambda: dispose(boiler, going=going(), person=world.lead, today=today())) == {"parts"}
    dispose(boiler, going=going(parts="retire"), person=world.lead, today=today())
    assert set(Asset.objects.filter(status="retired").values_list("name", flat=True)) == {"Boiler", "Burner"}


def test_a_caretaker_retires_nothing(world):
    with pytest.raises(Forbidden):
        dispose(world.asset(), going=going(), person=world.caretaker, today=today())


def test_at_another_site_it_goes_on_as_another_row_with_all_that_it_has(world):
    plan = world.plan(since=today())
    asset = Asset.objects.select_related("site").get(pk=plan.asset_id)
    part = world.asset(name="Part")
    make_part_of(part, parent=asset, person=world.lead)
    tag = ensure_tags([asset])[asset.pk]
    add_paper(asset, kind="plate", content=picture(), person=world.lead)
    add_warranty(asset, supplier="Maker", starts_on=today(), ends_on=today(), person=world.lead)
    there = move_to_site(
        asset, site=world.riverside, building=world.riverside.buildings.first(), space=None, why="Needed there",
        person=world.lead, today=today(),
    )  # fmt: skip
    tag.refresh_from_db()
    asset.refresh_from_db()
    assert (there.site, tag.asset_id, asset.status) == (world.riverside, there.pk, "retired")
    assert (there.papers.count(), there.warranties.count(), there.parts.get().name) == (1, 1, "Part")
    owed = Plan.objects.get(asset=there)
    assert (owed.active, owed.due_on, owed.site) == (True, plan.due_on, world.riverside)
    assert not Plan.objects.filter(site=world.oakfield, active=True).exists()
    assert asset.changes.get(kind="away").onward == there
    assert faults() == []


def test_to_another_school_needs_the_right_to_change_both(world):
    manager = world.person("site-manager", school=world.oakfield.school)
    with pytest.raises(NotFound):
        move_to_site(world.asset(), site=world.riverside, building=None, space=None, why="So", person=manager, today=today())


def test_nothing_goes_to_another_site_while_a_problem_is_open_on_it(world):
    asset = world.asset()
    Defect.objects.create(
        site=world.oakfield, asset=asset, summary="Leaks", severity="low", found_on=today(), reported_by=world.caretaker,
        reported_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(Problem, match="1 problem is open"):
        move_to_site(asset, site=world.riverside, building=None, space=None, why="So", person=world.lead, today=today())
    assert Asset.objects.filter(site=world.riverside).count() == 0


def test_within_a_school_its_managers_move_things_between_sites(world):
    annexe = Site.objects.create(school=world.oakfield.school, name="Annexe")
    manager = world.person("site-manager", school=world.oakfield.school)
    there = move_to_site(world.asset(), site=annexe, building=None, space=None, why="So", person=manager, today=today())
    assert there.site == annexe


def test_makes_and_models_are_there_once_and_doubles_are_merged(world):
    kind = AssetType.objects.get(pk="fire-alarm-panel")
    one = add_model(type=kind, make="Advanced", model="MX-4200", person=world.lead, expected_life=15)
    with pytest.raises(Problem, match="there already"):
        add_model(type=kind, make="advanced", model="mx-4200", person=world.lead)
    two = add_model(type=kind, make="Advanced", model="MX4200", person=world.lead)
    panel = world.asset(make="Advanced", model="MX4200 ")
    change_asset(panel, changes={"product": two}, person=world.lead)
    assert merge_models(two, into=one, person=world.lead) == 1
    panel.refresh_from_db()
    assert (panel.product, panel.make) == (one, "Advanced")
    with pytest.raises(Problem):
        merge_models(one, into=AssetModel.objects.get(pk=two.pk), person=world.lead)
    with pytest.raises(Problem, match="another kind"):
        change_asset(world.asset(MINIBUS), changes={"product": one}, person=world.lead)


def test_a_paper_is_kept_once_and_only_pictures_and_pdf_files_are_taken(world):
    asset = world.asset()
    first = add_paper(asset, kind="photo", content=picture(), person=world.caretaker)
    assert add_paper(asset, kind="photo", content=picture(), person=world.caretaker) == first
    assert wrong_fields(lambda: add_paper(asset, kind="photo", content=b"MZ not a picture", person=world.caretaker)) == {"file"}
    with pytest.raises(NotFound):
        add_paper(asset, kind="photo", content=picture("blue"), person=world.stranger)


def test_a_warranty_does_not_end_before_it_begins(world):
    day = today()
    said = wrong_fields(
        lambda: add_warranty(
            world.asset(), supplier="Maker", starts_on=day, ends_on=day - dt.timedelta(days=1), person=world.lead
        )
    )
    assert said == {"ends_on"}


def test_numbers_keep_their_limits_words_their_length_and_days_are_days(world):
    def wrong(asset: Asset, **facts: object) -> set[str]:
        return wrong_fields(lambda: change_asset(asset, changes={"facts": facts}, person=world.lead))

    valve, pads = world.asset("tmv"), world.asset("aed")
    for said in (24, 61, "hot"):
        assert wrong(valve, set_to_c=said) == {"facts.set_to_c"}
    assert wrong(valve, serves="x" * 81) == {"facts.serves"}
    for day in ("soon", "2026-13-01", "20270101", 2027):
        assert wrong(pads, pads_by=day) == {"facts.pads_by"}
    change_asset(valve, changes={"facts": {"set_to_c": 41, "serves": "Basins in the infants' WC"}}, person=world.lead)
    change_asset(pads, changes={"facts": {"pads_by": "2027-03-01"}}, person=world.lead)
    assert Asset.objects.get(pk=valve.pk).facts == {"set_to_c": 41, "serves": "Basins in the infants' WC"}
    assert Asset.objects.get(pk=pads.pk).facts == {"pads_by": "2027-03-01"}


@pytest.mark.parametrize("day", [today() + dt.timedelta(days=1), dt.date(219, 1, 1)])
def test_a_thing_was_put_in_neither_tomorrow_nor_in_the_year_219(world, day):
    asset = world.asset(name="Boiler")
    assert wrong_fields(lambda: change_asset(asset, changes={"installed_on": day}, person=world.lead)) == {"installed_on"}
    asset.refresh_from_db()
    new = Asset(site=world.oakfield, type=asset.type, name="Pump", installed_on=day)
    assert wrong_fields(lambda: add_assets([new], person=world.lead)) == {"installed_on"}
    assert asset.installed_on is None


def test_what_went_with_its_whole_comes_back_with_it_as_it_was(world):
    boiler, burner, pump = world.asset(name="Boiler"), world.asset(name="Burner"), world.asset(name="Pump")
    for part in (burner, pump):
        make_part_of(part, parent=boiler, person=world.lead)
    set_status(pump, status="out-of-service", person=world.lead, on=today() - dt.timedelta(days=9), reason="Seized")
    due = world.plan(asset=burner, since=today()).due_on
    row = dispose(boiler, going=going(parts="retire"), person=world.lead, today=today())
    assert set(Asset.objects.filter(status="retired").values_list("name", flat=True)) == {"Boiler", "Burner", "Pump"}
    back = undo_disposal(row, person=world.lead, today=today())
    assert {each.name for each in back} == {"Boiler", "Burner", "Pump"}
    assert back[0].name == "Boiler"
    stand = {each.name: (each.status, each.status_reason) for each in Asset.objects.all()}
    assert stand == {"Boiler": ("in-use", ""), "Burner": ("in-use", ""), "Pump": ("out-of-service", "Seized")}
    assert Plan.objects.get(asset=burner, active=True).due_on == due


def test_a_part_that_was_brought_back_by_itself_stays_as_it_is(world):
    boiler, burner = world.asset(name="Boiler"), world.asset(name="Burner")
    make_part_of(burner, parent=boiler, person=world.lead)
    row = dispose(boiler, going=going(parts="retire"), person=world.lead, today=today())
    undo_disposal(burner.disposals.get(), person=world.lead, today=today())
    assert undo_disposal(row, person=world.lead, today=today()) == [boiler]
    assert not Asset.objects.filter(status="retired").exists()


def years_before(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def test_a_vehicle_that_turns_twelve_is_inspected_more_often_by_itself(world):
    registered = years_before(today(), 12) + dt.timedelta(days=10)
    bus = world.asset(MINIBUS, facts={"first_used": registered.isoformat()})
    plan = world.plan("minibus-safety-inspection", asset=bus, since=today())
    assert (plan.rule["every"], plan.rule["unit"]) == (10, "week")
    assert follow_ages(today() + dt.timedelta(days=8)) == 0
    turned = today() + dt.timedelta(days=12)
    assert (follow_ages(turned), follow_ages(turned)) == (1, 0)
    plan.refresh_from_db()
    assert (plan.rule["every"], plan.rule["unit"], plan.rule_since) == (6, "week", turned)
    assert not [fault for fault in faults() if "still to come" not in fault]


def test_an_interval_that_somebody_chose_does_not_follow_the_age(world):
    registered = years_before(today(), 12) + dt.timedelta(days=10)
    bus = world.asset(MINIBUS, facts={"first_used": registered.isoformat()})
    plan = world.plan("minibus-safety-inspection", asset=bus, since=today())
    Plan.objects.filter(pk=plan.pk).update(rule={**plan.rule, "every": 4})
    assert follow_ages(today() + dt.timedelta(days=12)) == 0


def test_the_age_of_a_vehicle_is_counted_and_never_typed_twice(world):
    asked = facts_asked(MINIBUS)
    day = dt.date(2026, 11, 23)
    for first, years in (("2014-11-23", 12), ("2014-11-24", 11), ("2030-01-01", 0), ("2016-02-29", 10)):
        assert on_day(asked, {"first_used": first, "age_years": 99}, day)["age_years"] == years
    assert on_day(asked, {"age_years": 4}, day) == {"age_years": 4}, "as it was written, while nobody has said since when"
