"""What is looked at with others says so on its own page: by which check, and when a record last named it."""

import datetime as dt

import pytest

from backend.assets.models import Asset
from backend.core.days import today
from tests.office.conftest import done

pytestmark = pytest.mark.django_db


def test_a_tap_that_a_round_flushes_says_when_it_was_last_named(world, browse):
    taps = [world.asset("water-outlet", name=f"Tap {n}", facts={"role": ["little-used"]}) for n in (1, 2)]
    kitchen = world.asset("water-outlet", name="Kitchen tap", facts={"role": ["sentinel"]})
    plan = world.plan("little-used-outlet-flush", site=world.oakfield, building=world.oakfield.buildings.get())
    [key] = [each["key"] for each in plan.check_type.current.questions() if each.get("must_include")]
    browser = browse(world.lead)
    page = browser.get(f"/assets/{taps[0].pk}/").text
    assert "no check of its own; it is looked at with others, not recorded yet" in page
    assert f"/plans/{plan.pk}/" in page
    done(plan, world.caretaker, days_ago=3, answers={key: [str(taps[0].pk)]})
    assert "looked at with others, last" in browser.get(f"/assets/{taps[0].pk}/").text
    assert "no record names it yet" in browser.get(f"/assets/{taps[1].pk}/").text
    assert f"/plans/{plan.pk}/" not in browser.get(f"/assets/{kitchen.pk}/").text, "it is not of the round's role"


def test_a_call_point_is_looked_at_with_its_panels_test(world, browse):
    plan = world.plan()
    point = world.asset("manual-call-point", name="Call point 4")
    page = browse(world.lead).get(f"/assets/{point.pk}/").text
    assert f"/plans/{plan.pk}/" in page


def test_what_a_check_counts_without_naming_is_said_so(world, browse):
    plan = world.plan("fire-extinguisher-monthly-visual", site=world.oakfield, building=world.oakfield.buildings.get())
    one = world.asset("fire-extinguisher", name="Extinguisher 1")
    browser = browse(world.lead)
    assert "not done since it is here" in browser.get(f"/assets/{one.pk}/").text
    done(plan, world.caretaker, days_ago=3)
    assert "not done since it is here" in browser.get(f"/assets/{one.pk}/").text, "it came later"
    Asset.objects.filter(pk=one.pk).update(installed_on=today() - dt.timedelta(days=400))
    assert "for all of them together" in browser.get(f"/assets/{one.pk}/").text, "it was there before it was entered"
    Asset.objects.filter(pk=one.pk).update(installed_on=None)
    done(plan, world.caretaker)
    assert "for all of them together" in browser.get(f"/assets/{one.pk}/").text


def test_a_round_that_asks_of_none_by_name_looks_at_all_of_its_kinds(world, browse):
    plan = world.plan("site-perimeter-check", site=world.oakfield)
    fence = world.asset("boundary-fence", name="Back fence")
    assert f"/plans/{plan.pk}/" in browse(world.lead).get(f"/assets/{fence.pk}/").text
