"""Floor plans and pins: what is taken, what stays through a newer picture, and what the chain holds of it."""

import pytest
from PIL import Image

from backend.assets import actions
from backend.assets.evidence import DRAWING_VERSIONS, DRAWINGS, PINS
from backend.assets.models import Drawing, DrawingVersion, Pin
from backend.core import files
from backend.core.pictures import upright_size
from backend.core.problems import Forbidden, NotFound, Problem
from backend.trust.models import Building
from tests.evidence.entering import enter_missing
from tests.evidence.test_chain import faults
from tests.sync.pictures import jpeg, picture, png_that_claims


@pytest.fixture
def sent():
    """A picture that somebody has sent in."""

    def take(person, content: bytes = b""):
        return files.take(content or jpeg(60, 30), owner=files.person_owner(person.pk))

    return take


@pytest.fixture
def plan(world, sent) -> Drawing:
    """Oakfield's ground floor."""
    main = world.oakfield.buildings.get()
    return actions.add_drawing(
        person=world.lead, site=world.oakfield, building=main, name=" Ground  floor ", file=sent(world.lead)
    )


def test_a_plan_has_its_picture_its_place_and_the_next_rank(world, plan, sent):
    assert (plan.name, plan.rank, str(plan)) == ("Ground floor", 1, "Main block, Ground floor")
    assert plan.current and (plan.current.number, plan.current.width, plan.current.height) == (1, 60, 30)
    second = actions.add_drawing(person=world.lead, site=world.oakfield, name="Ground floor", file=sent(world.lead))
    assert second.rank == 2, "one of the same name for the whole site is another plan"


def test_a_name_is_taken_once_for_a_place_until_that_plan_is_taken_away(world, plan, sent):
    def again():
        return actions.add_drawing(
            person=world.lead, site=world.oakfield, building=plan.building, name="Ground floor", file=sent(world.lead)
        )

    with pytest.raises(Problem, match="here already"):
        again()
    actions.remove_drawing(plan, person=world.lead)
    again()
    with pytest.raises(Problem, match="here already"):
        actions.restore_drawing(plan, person=world.lead)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", "A PDF cannot be shown"),
        (png_that_claims(9000, 9000), "too large to be shown"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(world, sent, content, said):
    kind = "application/pdf" if content.startswith(b"%PDF") else "image/png"
    file = files.keep(content, kind)
    files.vouch([(file.pk, files.person_owner(world.lead.pk))])
    with pytest.raises(Problem, match=said) as refused:
        actions.add_drawing(person=world.lead, site=world.oakfield, name="Floor", file=file)
    assert "file" in refused.value.fields and not Drawing.objects.exists()


def test_a_file_that_another_sent_is_not_taken_by_its_name(world, sent):
    file = sent(world.caretaker)
    with pytest.raises(Problem, match="Choose the picture"):
        actions.add_drawing(person=world.lead, site=world.oakfield, name="Floor", file=file)


def test_a_camera_s_picture_lying_on_its_side_counts_the_right_way_up():
    lying = Image.Exif()
    lying[0x0112] = 6
    assert upright_size(jpeg(60, 30, exif=lying.tobytes())) == (30, 60)
    assert upright_size(jpeg(60, 30)) == (60, 30) == upright_size(picture("PNG", 60, 30))


def test_a_newer_picture_keeps_the_pins_and_the_earlier_one_can_be_shown_again(world, plan, sent):
    pin = actions.put_pin(plan, person=world.caretaker, kind="water", x=0.25, y=0.75, note="Under the sink")
    newer = sent(world.lead, jpeg(90, 45))
    actions.change_drawing(plan, person=world.lead, name="Ground floor", rank=3, file=newer)
    plan.refresh_from_db()
    assert plan.current and (plan.current.number, plan.current.file_id, plan.rank) == (2, newer.pk, 3)
    pin.refresh_from_db()
    assert (pin.x, pin.y, pin.note) == (0.25, 0.75, "Under the sink")
    actions.show_version(plan, number=1, person=world.lead)
    plan.refresh_from_db()
    assert plan.current and plan.current.number == 1
    with pytest.raises(Problem) as refused:
        actions.show_version(plan, number=7, person=world.lead)
    assert refused.value.status == 404


def test_an_asset_has_one_pin_on_a_plan_and_putting_it_again_moves_it(world, plan):
    panel = world.asset(name="Panel")
    first = actions.put_pin(plan, person=world.caretaker, kind="asset", asset=panel, x=0.1, y=0.1)
    second = actions.put_pin(plan, person=world.caretaker, kind="asset", asset=panel, x=0.9, y=0.123456)
    assert first.pk == second.pk and (second.x, second.y) == (0.9, 0.1235)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "asset"}, {"kind": "ghost"}, {"kind": "space"}, {"kind": "water", "x": 1.01}, {"kind": "water", "note": "n" * 201}],
)
def test_a_pin_that_does_not_fit_is_refused(world, plan, wrong):
    with pytest.raises(Problem) as refused:
        actions.put_pin(plan, person=world.lead, **{"x": 0.5, "y": 0.5, **wrong})
    assert refused.value.fields and not Pin.objects.exists()


def test_nothing_of_another_site_is_put_on_a_plan(world, plan):
    there = world.asset(site=world.riverside)
    with pytest.raises(Problem, match="another site"):
        actions.put_pin(plan, person=world.lead, kind="asset", asset=there, x=0.5, y=0.5)
    room = world.riverside.buildings.get().spaces.first()
    with pytest.raises(Problem, match="another site"):
        actions.put_pin(plan, person=world.lead, kind="space", space=room, x=0.5, y=0.5)
    foreign = Building.objects.get(site=world.riverside)
    with pytest.raises(Problem, match="another site"):
        actions.add_drawing(person=world.lead, site=world.oakfield, building=foreign, name="Floor", file=plan.current.file)


def test_what_was_taken_off_comes_back_where_it_was(world, plan):
    pin = actions.put_pin(plan, person=world.caretaker, kind="gas", x=0.3, y=0.4)
    actions.take_off_pin(pin, person=world.caretaker)
    assert not Pin.objects.standing().exists()
    with pytest.raises(Problem, match="taken off"):
        actions.move_pin(pin, person=world.caretaker, x=0.1, y=0.1, note="")
    actions.put_back_pin(pin, person=world.caretaker)
    assert Pin.objects.standing().get().x == 0.3


def test_a_pin_does_not_come_back_beside_another_of_the_same_asset(world, plan):
    panel = world.asset(name="Panel")
    pin = actions.put_pin(plan, person=world.lead, kind="asset", asset=panel, x=0.1, y=0.1)
    actions.take_off_pin(pin, person=world.lead)
    actions.put_pin(plan, person=world.lead, kind="asset", asset=panel, x=0.2, y=0.2)
    with pytest.raises(Problem, match="on this plan already"):
        actions.put_back_pin(pin, person=world.lead)


def test_a_plan_taken_away_takes_no_pins_and_comes_back_with_its_own(world, plan):
    actions.put_pin(plan, person=world.lead, kind="power", x=0.5, y=0.5)
    actions.remove_drawing(plan, person=world.lead)
    assert not Pin.objects.standing().exists() and not Drawing.objects.standing().exists()
    with pytest.raises(Problem) as refused:
        actions.put_pin(plan, person=world.lead, kind="gas", x=0.5, y=0.5)
    assert refused.value.status == 410
    actions.restore_drawing(plan, person=world.lead)
    assert Pin.objects.standing().count() == 1


def test_retired_equipment_leaves_the_plan(world, plan):
    panel = world.asset(name="Panel")
    actions.put_pin(plan, person=world.lead, kind="asset", asset=panel, x=0.1, y=0.1)
    panel.status = "retired"
    panel.save()
    assert not Pin.objects.standing().exists()


def test_a_caretaker_puts_pins_but_does_not_change_plans_and_a_stranger_finds_neither(world, plan, sent):
    with pytest.raises(Forbidden):
        actions.remove_drawing(plan, person=world.caretaker)
    governor = world.person("governor", school=world.oakfield.school)
    with pytest.raises(Forbidden):
        actions.put_pin(plan, person=governor, kind="water", x=0.5, y=0.5)
    with pytest.raises(NotFound):
        actions.put_pin(plan, person=world.stranger, kind="water", x=0.5, y=0.5)
    with pytest.raises(NotFound):
        actions.change_drawing(plan, person=world.stranger, name="Mine", rank=1)


def test_whatever_was_done_stands_in_the_chain_as_it_is(world, plan, sent):
    pin = actions.put_pin(plan, person=world.caretaker, kind="water", x=0.25, y=0.75)
    actions.move_pin(pin, person=world.caretaker, x=0.5, y=0.5, note="moved")
    actions.take_off_pin(pin, person=world.caretaker)
    actions.put_back_pin(pin, person=world.caretaker)
    actions.change_drawing(plan, person=world.lead, name="Lower floor", rank=2, file=sent(world.lead, jpeg(30, 30)))
    actions.show_version(plan, number=1, person=world.lead)
    actions.remove_drawing(plan, person=world.lead)
    actions.restore_drawing(plan, person=world.lead)
    stale = Pin.objects.select_related("drawing__site").get(pk=pin.pk)
    actions.take_off_pin(Pin.objects.select_related("drawing__site").get(pk=pin.pk), person=world.lead)
    actions.take_off_pin(stale, person=world.lead)
    for kept, rows in ((PINS, Pin.objects), (DRAWINGS, Drawing.objects), (DRAWING_VERSIONS, DrawingVersion.objects)):
        assert not list(kept.missing(rows.order_by("pk")))
    enter_missing()
    assert faults() == []
    Pin.objects.filter(pk=pin.pk).update(x=0.1)
    assert any("pin" in each for each in faults())
