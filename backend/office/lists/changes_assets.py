"""What can be done with many assets at once."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from backend.assets.actions import change_asset
from backend.assets.models import Asset
from backend.checks.actions.service import return_to_service, take_out_of_service
from backend.core.days import today
from backend.core.templatetags.words import day
from backend.office.forms.estate import AssetFilters
from backend.office.lists.bulk import BulkList, Change, ChangeForm, day_field
from backend.trust import permits
from backend.trust.models import Building, Person, Space

FEW_SITES = 3  # of up to so many, the rooms are offered too


class PlaceForm(ChangeForm):
    """Where to."""

    place = forms.ChoiceField(label="Building or room", help_text="Of the sites where the chosen assets are.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = {asset.site_id for asset in self.rows}
        buildings = Building.objects.visible_to(self.person).filter(site__in=sites).select_related("site")
        rooms: dict[uuid.UUID, list[Space]] = {}
        if len(sites) <= FEW_SITES:
            for space in Space.objects.visible_to(self.person).filter(building__site__in=sites).order_by("name"):
                rooms.setdefault(space.building_id, []).append(space)
        groups: dict[str, list[tuple[str, str]]] = {}
        for building in buildings.order_by("site__name", "name"):
            group = groups.setdefault(building.site.name, [])
            group.append((f"building:{building.pk}", building.name))
            group += [(f"space:{each.pk}", f"{building.name}, {each.name}") for each in rooms.get(building.pk, [])]
        self.fields["place"].choices = [("", "Choose where"), *groups.items()]  # type: ignore[attr-defined]
        self.fields["place"].flat = [pair for group in groups.values() for pair in group]  # type: ignore[attr-defined]


def move(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Into a building, or a room of one."""
    kind, _, pk = said["place"].partition(":")
    space = Space.objects.visible_to(person).select_related("building").get(pk=pk) if kind == "space" else None
    building = space.building if space else Building.objects.visible_to(person).get(pk=pk)
    for asset in rows:
        change_asset(asset, changes={"building": building, "space": space}, person=person)


def place_of(asset: Any) -> dict[str, str]:
    """Where it is."""
    return {"Where": asset.place() or "no building given"}


def place_kept(asset: Any) -> list[str | None]:
    """Its building and its room."""
    return [str(each) if each else None for each in (asset.building_id, asset.space_id)]


def place_back(asset: Any, kept: Any, person: Person) -> None:
    """Where it was before."""
    building, space = kept
    before = {
        "building": Building.objects.filter(pk=building).first() if building else None,
        "space": Space.objects.filter(pk=space).first() if space else None,
    }
    change_asset(asset, changes=before, person=person)


class MakeForm(ChangeForm):
    """The make and the model."""

    make = forms.CharField(label="Make", max_length=80, required=False)
    model = forms.CharField(label="Model", max_length=80, required=False, help_text="What is left empty stays as it is.")

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        said: dict[str, Any] = super().clean() or {}
        if not said.get("make") and not said.get("model"):
            self.add_error("make", "Write a make or a model.")
        return said


def set_make(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """The same make, model or both."""
    wanted = {name: said[name] for name in ("make", "model") if said.get(name)}
    for asset in rows:
        change_asset(asset, changes=wanted, person=person)


def make_of(asset: Any) -> dict[str, str]:
    """Its make and model."""
    return {"Make": asset.make or "not given", "Model": asset.model or "not given"}


def make_kept(asset: Any) -> list[str]:
    """Its make and model."""
    return [asset.make, asset.model]


def make_back(asset: Any, kept: Any, person: Person) -> None:
    """Its make and model of before."""
    change_asset(asset, changes={"make": kept[0], "model": kept[1]}, person=person)


class OutForm(ChangeForm):
    """Since when, and why."""

    on = day_field("From", help_text="Their checks are paused from that day until they are back.")
    reason = forms.CharField(label="Why", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class BackForm(ChangeForm):
    """From when on."""

    on = day_field("From")


def take_out(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Out of service; their checks are paused."""
    for asset in rows:
        take_out_of_service(asset, person=person, on=said["on"], reason=said["reason"], today=today())


def bring_back(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Back into service."""
    for asset in rows:
        return_to_service(asset, person=person, on=said["on"], today=today())


def status_of(asset: Any) -> dict[str, str]:
    """Whether it is in use, and since when not."""
    since = f" from {day(asset.status_since)}" if asset.status_since and asset.status != Asset.Status.IN_USE else ""
    return {"Status": f"{asset.get_status_display()}{since}"}


ASSETS = BulkList(
    key="assets",
    page="/assets/",
    noun="asset",
    filters=AssetFilters,
    model=Asset,
    rows=lambda rows: rows.select_related("site__school", "building", "space", "type", "parent"),
    place=lambda asset: ", ".join(part for part in (asset.place(), asset.site.name) if part),
    changes=(
        Change(key="labels", words="Print labels", permit=permits.LABEL_PRINT, leads="/labels/"),
        Change(key="place", words="Move to a building or room", permit=permits.ASSET_CHANGE, form=PlaceForm, do=move,
               tell=place_of, keep=place_kept, back=place_back),
        Change(key="make", words="Set make and model", permit=permits.ASSET_CHANGE, form=MakeForm, do=set_make, tell=make_of,
               keep=make_kept, back=make_back),
        Change(key="out-of-service", words="Take out of service", permit=permits.PLAN_CHANGE, form=OutForm, do=take_out,
               tell=status_of),
        Change(key="in-service", words="Bring back into service", permit=permits.PLAN_CHANGE, form=BackForm, do=bring_back,
               tell=status_of),
    ),
)  # fmt: skip
