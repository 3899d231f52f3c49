"""Labels in depth: of rooms and buildings, by the roll, replaced, taken out of use, printed and printed again."""

import pytest
from django.db import IntegrityError, transaction

from backend.assets.actions import (
    by_site,
    claim_tag,
    ensure_place_tags,
    ensure_tags,
    keep_run,
    make_roll,
    make_tags,
    replace_tag,
    retire_tag,
)
from backend.assets.invariants import INVARIANTS
from backend.assets.models import LabelRun, Tag, TagRetirement
from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem

pytestmark = pytest.mark.django_db


def rooms(site):
    building = site.buildings.get()
    return [building, *building.spaces.select_related("building__site__school").order_by("name")]


@pytest.fixture
def manager(world):
    """Somebody who prints labels at Oakfield only."""
    return world.person("site-manager", school=world.oakfield.school)


def faults():
    return [fault for each in INVARIANTS for fault in each.faults(lambda _number: None)]


def test_a_building_and_its_rooms_each_get_one_label_and_keep_it(world, manager):
    places = rooms(world.oakfield)
    first = ensure_place_tags(places, person=manager)
    assert len({tag.code for tag in first.values()}) == 3
    again = ensure_place_tags(places, person=manager)
    assert {key: tag.code for key, tag in again.items()} == {key: tag.code for key, tag in first.items()}
    assert first[places[0].pk].building_id == places[0].pk and first[places[1].pk].space_id == places[1].pk


def test_nobody_makes_labels_for_rooms_of_a_school_that_is_not_theirs(world, manager):
    with pytest.raises(NotFound):
        ensure_place_tags(rooms(world.riverside), person=manager)
    with pytest.raises(Forbidden):
        ensure_place_tags(rooms(world.oakfield), person=world.person("governor", school=world.oakfield.school))
    assert not Tag.objects.exists()


def test_a_rooms_label_cannot_be_claimed_for_an_asset(world, manager):
    room = rooms(world.oakfield)[1]
    tag = ensure_place_tags([room], person=manager)[room.pk]
    with pytest.raises(Problem, match="on a room or a building"):
        claim_tag(code=tag.code, asset=world.asset(), person=manager)


def test_the_database_refuses_a_label_on_two_things_and_one_out_of_use_on_anything(world, manager):
    room = rooms(world.oakfield)[1]
    tag = ensure_place_tags([room], person=manager)[room.pk]
    with pytest.raises(IntegrityError, match="tag_on_one_thing"), transaction.atomic():
        Tag.objects.filter(pk=tag.pk).update(asset=world.asset())
    with pytest.raises(IntegrityError, match="tag_retired_is_on_nothing"), transaction.atomic():
        Tag.objects.filter(pk=tag.pk).update(retired_at=tag.claimed_at)


def test_a_replaced_label_leads_nowhere_and_the_new_one_is_on_the_same_thing(world, manager):
    asset = world.asset()
    old = ensure_tags([asset])[asset.pk]
    new = replace_tag(code=old.code, why="lost", note="Painted over", person=manager)
    old.refresh_from_db()
    assert old.thing is None and old.retired_at and new.asset == asset
    gone = TagRetirement.objects.get(tag=old)
    assert (gone.asset, gone.site, gone.replaced_by, gone.note) == (asset, world.oakfield, new, "Painted over")
    assert ensure_tags([asset])[asset.pk] == new
    assert not faults()


def test_what_was_replaced_is_not_replaced_twice(world, manager):
    asset = world.asset()
    old = ensure_tags([asset])[asset.pk]
    replace_tag(code=old.code, why="damaged", person=manager)
    with pytest.raises(Problem, match="out of use already"):
        replace_tag(code=old.code, why="damaged", person=manager)
    assert Tag.objects.filter(asset=asset).count() == 1


def test_a_label_goes_only_with_a_reason_and_by_somebody_who_prints_there(world, manager):
    asset = world.asset()
    tag = ensure_tags([asset])[asset.pk]
    with pytest.raises(Problem, match="Say why"):
        retire_tag(code=tag.code, why="", person=manager)
    with pytest.raises(NotFound):
        retire_tag(code=tag.code, why="lost", person=world.person("site-manager", school=world.riverside.school))
    with pytest.raises(Forbidden):
        retire_tag(code=tag.code, why="lost", person=world.person("governor", school=world.oakfield.school))
    tag.refresh_from_db()
    assert tag.asset == asset and not tag.retired_at
    retire_tag(code=tag.code.lower(), why="gone", person=manager)
    with pytest.raises(Problem, match="taken out of use"):
        claim_tag(code=tag.code, asset=asset, person=manager)


def test_a_roll_is_kept_with_its_codes_and_its_labels_are_claimed_one_by_one(world, manager):
    run = make_roll(site=world.oakfield, count=5, stock="A sheet", person=manager)
    assert len(set(run.codes)) == 5 and run.printed_by == manager
    assert set(Tag.objects.filter(roll=run, asset=None).values_list("pk", flat=True)) == set(run.codes)
    asset = world.asset()
    claim_tag(code=run.codes[0], asset=asset, person=manager)
    assert Tag.objects.get(pk=run.codes[0]).asset == asset
    for count in (0, 1001):
        with pytest.raises(Problem, match="from 1 to 1,000"):
            make_roll(site=world.oakfield, count=count, stock="A sheet", person=manager)


def test_printing_for_two_sites_is_kept_apart_so_that_each_sees_its_own(world):
    assets = [world.asset(name="One"), world.asset(name="Two", site=world.riverside)]
    tags = ensure_tags(assets)
    codes = by_site([(each.site, tags[each.pk].code) for each in assets])
    keep_run(person=world.lead, codes=codes, kind=LabelRun.Kind.ASSETS, stock="A sheet")
    [mine] = LabelRun.objects.visible_to(world.caretaker)
    assert mine.codes == [tags[assets[0].pk].code]


def test_what_somebody_may_know_of_a_label_follows_what_it_is_on(world, manager):
    theirs, mine = world.asset(site=world.riverside), world.asset()
    tags = ensure_tags([theirs, mine])
    roll = make_roll(site=world.riverside, count=1, stock="A sheet", person=world.lead)
    make_tags(1)
    assert set(Tag.objects.visible_to(manager)) == {tags[mine.pk]}
    assert set(Tag.objects.visible_to(world.lead)) == {*tags.values(), *Tag.objects.filter(roll=roll)}
    retire_tag(code=tags[mine.pk].code, why="lost", person=manager)
    assert [tag.pk for tag in Tag.objects.visible_to(manager)] == [tags[mine.pk].pk]
    assert tags[mine.pk] not in Tag.objects.visible_to(world.stranger)


def test_all_that_is_done_to_labels_is_in_the_audit_chain(world, manager):
    asset = world.asset()
    old = ensure_tags([asset])[asset.pk]
    new = replace_tag(code=old.code, why="lost", person=manager)
    run = make_roll(site=world.oakfield, count=1, stock="A sheet", person=manager)
    subjects = set(AuditEntry.objects.values_list("subject", flat=True))
    assert {f"tag:{new.pk}", f"tag-retirement:{old.pk}", f"label-run:{run.pk}", f"tag:{run.codes[0]}"} <= subjects
    assert AuditEntry.objects.filter(subject=f"tag:{old.pk}").count() == 2


def test_verify_tells_of_a_label_that_was_put_back_by_hand(world, manager):
    asset = world.asset()
    old = ensure_tags([asset])[asset.pk]
    retire_tag(code=old.code, why="lost", person=manager)
    Tag.objects.filter(pk=old.pk).update(retired_at=None, asset=asset)
    assert faults() == [f"label {old.code} was taken out of use and is in use all the same"]
