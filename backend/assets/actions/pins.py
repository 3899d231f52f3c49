"""Pins on floor plans: put something on one, move it, take it off, put it back."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.assets.actions.drawings import lock, standing
from backend.assets.models import Asset, Drawing, Pin
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions.acting import Actor, fact, require_site
from backend.trust.models import Space

PLACES = 4  # decimal places kept of a fraction: half a pixel of the largest picture
DOING = "put things on floor plans"


def at(x: float, y: float) -> tuple[float, float]:
    """Fractions of the picture's width and height as they are kept. Raises Problem when they are not on it."""
    if not (0 <= x <= 1 and 0 <= y <= 1):
        wrong = {name: "From 0 to 100 per cent." for name, value in (("x", x), ("y", y)) if not 0 <= value <= 1}
        raise Problem("off_the_plan", "That is not on the plan.", fields=wrong)
    return round(x, PLACES), round(y, PLACES)


@transaction.atomic
def put_pin(
    drawing: Drawing, *, person: Actor, kind: str, x: float, y: float, asset: Asset | None = None, space: Space | None = None,
    note: str = "",
) -> Pin:  # fmt: skip
    """Put an asset, a room or what else there is (Pin.Kind) on a plan, at fractions of its width and height. Raises Problem.

    An asset or a room that is on this plan already is moved: it is in one place.
    """
    require_site(person, permits.ASSET_CHANGE, drawing.site, DOING)
    standing(drawing)
    fits(drawing, kind, asset, space)
    there = Pin.objects.filter(drawing=drawing, removed_at=None)
    before = there.filter(asset=asset).first() if asset else there.filter(space=space).first() if space else None
    if before is not None:
        return move_pin(before, person=person, x=x, y=y, note=note or before.note)
    x, y = at(x, y)
    made = Pin.objects.create(
        drawing=drawing, kind=kind, asset=asset, space=space, note=sound_note(note), x=x, y=y, placed_at=timezone.now()
    )
    audit.append([fact("pin", made, person)])
    return made


def fits(drawing: Drawing, kind: str, asset: Asset | None, space: Space | None) -> None:
    """Raises Problem when the kind does not fit what is named, or that is at another place than the plan."""
    if kind not in Pin.Kind.values:
        raise Problem("unknown_kind", "There is no such kind of pin.", fields={"kind": "Choose what it is."})
    if (kind == Pin.Kind.ASSET) != (asset is not None):
        raise Problem("asset_missing", "Say which asset.", fields={"asset": "Choose the asset."})
    if (kind == Pin.Kind.SPACE) != (space is not None):
        raise Problem("space_missing", "Say which room.", fields={"space": "Choose the room."})
    if asset is not None and asset.site_id != drawing.site_id:
        raise Problem("wrong_place", "That asset is at another site.", fields={"asset": "Choose an asset of this site."})
    if space is not None and space.building.site_id != drawing.site_id:
        raise Problem("wrong_place", "That room is at another site.", fields={"space": "Choose a room of this site."})


def sound_note(note: str) -> str:
    """A note on one line. Raises Problem when it is longer than 200 letters."""
    note = " ".join(note.split())
    if len(note) > 200:
        raise Problem("too_long", "The note is too long.", fields={"note": "At most 200 letters."})
    return note


@transaction.atomic
def move_pin(pin: Pin, *, person: Actor, x: float, y: float, note: str) -> Pin:
    """Move a pin to other fractions of the picture's width and height, and say how to find or work what is there."""
    require_site(person, permits.ASSET_CHANGE, pin.drawing.site, DOING)
    standing(pin.drawing)
    pin.refresh_from_db(fields=["removed_at"])
    if pin.removed_at is not None:
        raise Problem("removed", "This pin has been taken off. Put it back first.", status=410)
    pin.x, pin.y = at(x, y)
    pin.note = sound_note(note)
    pin.save(update_fields=["x", "y", "note"])
    audit.append([fact("pin", pin, person)])
    return pin


@transaction.atomic
def take_off_pin(pin: Pin, *, person: Actor) -> None:
    """Take a pin off its plan. It can be put back; doing it twice changes nothing."""
    require_site(person, permits.ASSET_CHANGE, pin.drawing.site, DOING)
    lock(pin.drawing)
    pin.refresh_from_db(fields=["x", "y", "note", "removed_at"])
    if pin.removed_at is None:
        pin.removed_at = timezone.now()
        pin.save(update_fields=["removed_at"])
        audit.append([fact("pin-taken-off", pin, person)])


@transaction.atomic
def put_back_pin(pin: Pin, *, person: Actor) -> None:
    """Put a pin back where it was. Raises Problem (409) when what it names has another pin on this plan by now."""
    require_site(person, permits.ASSET_CHANGE, pin.drawing.site, DOING)
    standing(pin.drawing)
    pin.refresh_from_db(fields=["x", "y", "note", "removed_at"])
    if pin.removed_at is None:
        return
    pin.removed_at = None
    try:
        with transaction.atomic():
            pin.save(update_fields=["removed_at"])
    except IntegrityError:
        raise Problem("on_it_already", f"{pin} is on this plan already, at another place.", status=409) from None
    audit.append([fact("pin", pin, person)])
