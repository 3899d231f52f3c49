"""What the pages of floor plans are asked for, and what is typed in them."""

import re
import uuid
from typing import Any, ClassVar, Final

from django import forms

from backend.assets.models import HAZARDS, Asset, Drawing, Pin
from backend.office.contractors.pages import file_field
from backend.office.maps.forms import PlaceFilters
from backend.office.maps.pictured import SQUARES, ZOOMS, View, square_of
from backend.trust.models import Building, Person, Site, Space

WHAT: Final = (
    ("emergency", "Valves, switches and hazards"), ("assets", "Assets"), ("rooms", "Rooms"),
)  # fmt: skip
STATUSES: Final = (
    ("unsafe", "Unsafe"), ("overdue", "Overdue"), ("due", "Due"), ("due-soon", "Due soon"), ("in-date", "In date"),
    ("none", "Nothing planned"),
)  # fmt: skip
SQUARE: Final = re.compile(r"^\s*([A-J])\s*(10|[1-9])\s*$", re.I)
MOST_CHOICES: Final = 2000
PICTURE: Final = "A PNG or JPEG picture: a scan, a screenshot of a PDF, or a photo of the plan on the wall. At most 12 MB."


class PinFilters(PlaceFilters):
    """What of a plan is shown, and which part of it (`zoom`, and its middle in per cent)."""

    shown = ("what", "status", "discipline")
    hidden: ClassVar[tuple[str, ...]] = ()
    lacks = ("q", "school", "site", "building", "asset", "sort")
    beside = ("off", "named")
    what = forms.ChoiceField(label="Show", required=False)
    status = forms.ChoiceField(label="How it stands", required=False)
    zoom = forms.TypedChoiceField(required=False, coerce=int, choices=[(each, each) for each in ZOOMS])
    x = forms.FloatField(required=False, min_value=0, max_value=100)
    y = forms.FloatField(required=False, min_value=0, max_value=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices("what", "Everything", WHAT)
        self.choices("status", "However it stands", STATUSES)

    def paths(self) -> dict[str, str]:
        """None."""
        return {}

    @property
    def view(self) -> View:
        """The part of the plan that is asked for; all of it for what is not understood."""
        if not self.is_valid():
            return View()
        x, y = (50 if self.cleaned_data[name] is None else self.cleaned_data[name] for name in "xy")
        return View(self.cleaned_data["zoom"] or 1, x / 100, y / 100)


class DrawingForm(forms.Form):
    """A floor plan to be added."""

    name = forms.CharField(label="Name", max_length=80, help_text="Such as “Ground floor” or “Whole site”.")
    building = forms.ModelChoiceField(
        Building.objects.none(), label="Building", required=False, empty_label="The whole site, or more than one building"
    )
    file = file_field("The picture", required=False, help_text=PICTURE)
    held = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.visible_to(person).filter(site=site)  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = "image/png,image/jpeg,.png,.jpg,.jpeg"


class DrawingChangeForm(forms.Form):
    """A floor plan to be changed, and its newer picture."""

    name = forms.CharField(label="Name", max_length=80)
    rank = forms.IntegerField(label="Place among the site's plans", min_value=1, max_value=999)
    file = file_field("A newer picture", required=False, help_text=PICTURE + " The pins stay where they are on it.")
    held = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class PlaceOnPlan(forms.Form):
    """Where on the plan: in per cent, or by its square."""

    x = forms.FloatField(label="From the left, per cent", required=False, min_value=0, max_value=100)
    y = forms.FloatField(label="From the top, per cent", required=False, min_value=0, max_value=100)
    square = forms.CharField(label="Or its square, such as C4", required=False, max_length=4)
    note = forms.CharField(
        label="How to find it or work it", required=False, max_length=200, help_text="Such as “Under the hatch; quarter turn”."
    )

    def clean_square(self) -> tuple[float, float] | None:
        """The middle of the square, as fractions."""
        text = self.cleaned_data["square"]
        if not text.strip():
            return None
        if not (found := SQUARE.match(text)):
            raise forms.ValidationError("A square is a letter from A to J and a number from 1 to 10, such as C4.")
        return (ord(found[1].upper()) - 65 + 0.5) / SQUARES, (int(found[2]) - 0.5) / SQUARES

    def clean(self) -> dict[str, Any]:
        """Something says where it is."""
        said: dict[str, Any] = self.cleaned_data
        pressed = said.get("x") is not None and said.get("y") is not None
        if self.errors or not (pressed or said.get("square")):
            if not self.errors:
                raise forms.ValidationError("Say where it is: press the place on the plan, or name its square.")
            return said
        if pressed and said.get("square") and square_of(*said["square"]) != (here := square_of(said["x"] / 100, said["y"] / 100)):
            if {"x", "y"} & set(self.changed_data):
                self.add_error("square", f"You pressed the plan in {here}. Leave the square empty, or write {here}.")
            else:  # moved by its square alone: the place that stood in the form was the old one
                said["x"] = said["y"] = None
        return said

    @property
    def at(self) -> tuple[float, float]:
        """Fractions of width and height. Per cents are finer than a square, so they are taken first."""
        x, y, square = (self.cleaned_data.get(name) for name in ("x", "y", "square"))
        if x is not None and y is not None:
            return x / 100, y / 100
        found: tuple[float, float] = square or (0.5, 0.5)
        return found


class PinForm(PlaceOnPlan):
    """Something to be put on a plan. What it is stands in one list: kinds, rooms and assets."""

    what = forms.ChoiceField(label="What is there")
    field_order = ("what", "x", "y", "square", "note")

    def __init__(self, *args: Any, person: Person, drawing: Drawing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["what"].choices = choices(person, drawing)  # type: ignore[attr-defined]

    @property
    def named(self) -> dict[str, Any]:
        """What was chosen, as put_pin takes it."""
        kind, _, key = self.cleaned_data["what"].partition(":")
        if kind == Pin.Kind.ASSET:
            return {"kind": kind, "asset": Asset.objects.get_visible(self.person, pk=uuid.UUID(key))}
        if kind == Pin.Kind.SPACE:
            spaces = Space.objects.select_related("building")
            return {"kind": kind, "space": spaces.get_visible(self.person, pk=uuid.UUID(key))}
        return {"kind": kind}


def choices(person: Person, drawing: Drawing) -> list[Any]:
    """What may be put on a plan: kinds, and the assets and rooms of its building (of the site) that are not on it yet."""
    kinds = [(key, str(words)) for key, words in Pin.Kind.choices if key not in (Pin.Kind.ASSET, Pin.Kind.SPACE)]
    place = {"building": drawing.building_id} if drawing.building_id else {}
    taken = Pin.objects.filter(drawing=drawing, removed_at=None)
    assets = Asset.objects.visible_to(person).filter(site=drawing.site_id, **place).exclude(status=Asset.Status.RETIRED)
    assets = assets.exclude(pk__in=taken.filter(asset__isnull=False).values("asset"))
    spaces = Space.objects.visible_to(person).filter(building__site=drawing.site_id, **place)
    spaces = spaces.exclude(pk__in=taken.filter(space__isnull=False).values("space"))
    rows = assets.order_by("name", "pk").values_list("pk", "name", "space__name")[:MOST_CHOICES]
    rooms = spaces.order_by("building__name", "name").values_list("pk", "name", "building__name")[:MOST_CHOICES]
    return [
        ("", "Choose what is there"),
        ("In an emergency", [(key, words) for key, words in kinds if key not in HAZARDS]),
        ("Hazards", [(key, words) for key, words in kinds if key in HAZARDS]),
        ("Assets", [(f"asset:{key}", f"{name}, {space}" if space else name) for key, name, space in rows]),
        ("Rooms", [(f"space:{key}", name if place else f"{name}, {building}") for key, name, building in rooms]),
    ]
