"""The forms of the register: an asset with its kind's own details, a move, how it went, papers, warranties, makes and models."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from backend.assets.actions import squeezed
from backend.assets.known import facts_asked
from backend.assets.models import Asset, AssetModel, AssetPaper, AssetType, Disposal
from backend.core.days import today
from backend.core.templatetags.words import option_word
from backend.office.contractors.pages import date_field
from backend.office.forms.money import PoundsField
from backend.rules.answer_words import unit_word
from backend.rules.library_words import FactWords
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space

FILES = ".pdf,.jpg,.jpeg,.png,.webp,application/pdf,image/jpeg,image/png,image/webp"
LEFT_ROWS = 500


def file_field(label: str, **more: Any) -> forms.FileField:
    """A PDF file or a picture; it can be dropped on the box too."""
    widget = forms.FileInput(attrs={"accept": FILES, "class": "drop"})
    return forms.FileField(label=label, widget=widget, allow_empty_file=True, **more)


def field_of(fact: FactWords) -> forms.Field:
    """A field for one of a kind's own details, with its unit. None of them must be known."""
    unit = unit_word(fact.unit)
    label = f"{fact.label} ({unit})" if unit else fact.label
    words = [(each, option_word(each)) for each in fact.options]
    match fact.type:
        case "number":
            return forms.FloatField(label=label, required=False)  # its limits and their words are the register's own
        case "boolean":
            return forms.ChoiceField(label=label, required=False, choices=[("", "Not known"), ("yes", "Yes"), ("no", "No")])
        case "choice":
            return forms.ChoiceField(label=label, required=False, choices=[("", "Not known"), *words])
        case "choices":
            return forms.MultipleChoiceField(label=label, required=False, choices=words, widget=forms.CheckboxSelectMultiple)
        case "date":
            return date_field(label, required=False)
    return forms.CharField(label=label, required=False)


def read(fact: FactWords, value: Any) -> Any:
    """What was typed of a detail, as it is kept; None for what is not known."""
    if value in (None, "", []):
        return None
    if fact.type == "number":
        return int(value) if value == int(value) else value
    if fact.type == "date":
        return value.isoformat()
    return value == "yes" if fact.type == "boolean" else value


def shown(fact: FactWords, value: Any) -> Any:
    """A detail as the form shows it."""
    if fact.type == "boolean" and isinstance(value, bool):
        return "yes" if value else "no"
    return [value] if fact.type == "choices" and isinstance(value, str) else value


class StartForm(forms.Form):
    """Where a new asset stands, and what kind it is."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site", empty_label="Choose the site")
    type = forms.ModelChoiceField(AssetType.objects.order_by("name"), label="Kind of asset", empty_label="Choose the kind")

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data)
        self.fields["site"].queryset = Site.objects.visible_to(person, permits.ASSET_CHANGE)  # type: ignore[attr-defined]


class PlaceField(forms.ChoiceField):
    """A building or a room of one site."""

    def __init__(self, person: Person, site: Site, **more: Any) -> None:
        super().__init__(label="Building or room", required=False, **more)
        rooms = Space.objects.visible_to(person).filter(building__site=site).select_related("building")
        self.rooms = {f"space:{each.pk}": each for each in rooms.order_by("name")}
        self.houses = {f"building:{each.pk}": each for each in Building.objects.visible_to(person).filter(site=site)}
        groups: list[tuple[str, Any]] = [("", "Nowhere in particular")]
        for key, house in self.houses.items():
            inside = [(pk, f"{house.name}, {room}") for pk, room in self.rooms.items() if room.building_id == house.pk]
            groups.append((house.name, [(key, house.name), *inside]))
        self.choices = groups

    def of(self, value: str) -> dict[str, Any]:
        """The building and the space that were chosen."""
        room = self.rooms.get(value)
        return {"building": room.building if room else self.houses.get(value), "space": room}


def place_key(asset: Asset) -> str:
    """Where an asset stands, as PlaceField spells it."""
    return f"space:{asset.space_id}" if asset.space_id else f"building:{asset.building_id}" if asset.building_id else ""


class AssetForm(forms.Form):
    """An asset: what it is called, where it stands, what its plate says, its kind's own details."""

    name = forms.CharField(label="Name", max_length=160, help_text="As people here call it, such as “Boiler 1”.")
    place = forms.ChoiceField()
    make = forms.CharField(label="Make", required=False, max_length=80, help_text="As its plate says.")
    model = forms.CharField(label="Model", required=False, max_length=80)
    serial = forms.CharField(label="Serial number", required=False, max_length=80)
    product = forms.ModelChoiceField(
        AssetModel.objects.none(), label="Listed make and model", required=False, empty_label="None of them"
    )
    installed_on = date_field("Installed on", required=False)
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, *, person: Person, site: Site, kind: AssetType, asset: Asset | None = None) -> None:
        self.asked: Mapping[str, FactWords] = {key: fact for key, fact in facts_asked(kind.pk).items() if not fact.since}
        self.person, self.site, self.kind, self.asset = person, site, kind, asset
        super().__init__(data, initial=self.as_it_is() if asset else {"name": kind.name})
        self.fields["place"] = PlaceField(person, site)
        listed = AssetModel.objects.visible_to(person).filter(type=kind, merged_into=None)
        self.fields["product"].queryset = listed  # type: ignore[attr-defined]
        if not listed.exists():
            del self.fields["product"]
        for key, fact in self.asked.items():
            self.fields[f"facts.{key}"] = field_of(fact)
        self.order_fields(["name", "place", *(f"facts.{key}" for key in self.asked)])
        if asset:
            self.fields["why"] = forms.CharField(label="Why it is changed, if it matters", required=False, max_length=300)

    def as_it_is(self) -> dict[str, Any]:
        """The asset's columns and details."""
        asset = self.asset
        assert asset is not None
        names = ("name", "make", "model", "serial", "installed_on", "note", "product")
        first = {name: getattr(asset, name) for name in names} | {"place": place_key(asset)}
        return first | {f"facts.{key}": shown(fact, asset.facts.get(key)) for key, fact in self.asked.items()}

    def clean(self) -> dict[str, Any]:
        """A serial number that is in the register already must be meant."""
        said: dict[str, Any] = super().clean() or {}
        doubles = self.doubles(said.get("serial", ""))
        if doubles and not self.data.get("sure"):
            self.fields["sure"] = forms.BooleanField(label="It is another one all the same", required=False)
            named = ", ".join(f"{each.name} at {each.site}" for each in doubles)
            self.add_error("serial", f"This serial number is in the register already: {named}.")
        return said

    def doubles(self, serial: str) -> list[Asset]:
        """Other assets of this kind with the same serial number, as far as they may be known of; at most three."""
        if not serial.strip() or (self.asset and serial == self.asset.serial):
            return []
        rows = Asset.objects.visible_to(self.person).filter(serial__iexact=serial.strip(), type=self.kind)
        rows = rows.exclude(status=Asset.Status.RETIRED)
        rows = rows.exclude(pk=self.asset.pk) if self.asset else rows
        return list(rows.select_related("site")[:3])

    def changes(self) -> dict[str, Any]:
        """What was said, as change_asset takes it. Details that the library does not know stay."""
        said = self.cleaned_data
        place = self.fields["place"]
        assert isinstance(place, PlaceField)
        plain_ones = ("name", "make", "model", "serial", "installed_on", "note")
        facts = {key: read(fact, said[f"facts.{key}"]) for key, fact in self.asked.items()}
        kept = {key: value for key, value in (self.asset.facts if self.asset else {}).items() if key not in self.asked}
        found = {name: said[name] for name in plain_ones} | place.of(said["place"])
        if "product" in self.fields:
            found["product"] = said["product"]
        return {**found, "facts": kept | {key: value for key, value in facts.items() if value is not None}}


class MoveForm(forms.Form):
    """Where to, and why."""

    why = forms.CharField(label="Why", max_length=300, required=False)

    def __init__(self, data: Any, *, person: Person, asset: Asset, site: Site) -> None:
        super().__init__(data, initial={"place": place_key(asset), "parts": True})
        self.fields["place"] = PlaceField(person, site)
        if site.pk == asset.site_id:
            self.fields["parts"] = forms.BooleanField(label="Its parts move with it", required=False)
        else:
            self.fields["why"].required = True
        self.order_fields(["place", "parts", "why"])


class PartForm(forms.Form):
    """What it is part of."""

    parent = forms.ModelChoiceField(Asset.objects.none(), label="Part of", required=False, empty_label="Nothing: it stands alone")

    def __init__(self, data: Any, *, person: Person, asset: Asset) -> None:
        super().__init__(data, initial={"parent": asset.parent_id})
        rows = Asset.objects.visible_to(person).filter(site=asset.site).exclude(pk=asset.pk)
        rows = rows.exclude(status=Asset.Status.RETIRED).select_related("building", "space", "type")
        field: Any = self.fields["parent"]
        field.queryset = rows
        field.choices = [("", field.empty_label), *by_place(rows, asset)]


def by_place(rows: QuerySet[Asset], near: Asset) -> list[tuple[str, list[tuple[uuid.UUID, str]]]]:
    """Assets to choose from, by building, those of the building of `near` first; each with its room, its kind and its serial."""
    found: dict[Any, list[tuple[uuid.UUID, str]]] = {}
    mine = near.building.name if near.building else ""
    for each in rows.order_by("building__name", "name", "space__name", "pk"):
        told = (each.space.name if each.space else "", each.type.name, f"serial {each.serial}" if each.serial else "")
        words = ", ".join(part for part in told if part and part != each.name)
        found.setdefault(each.building.name if each.building else "Outside, or not said where", []).append(
            (each.pk, f"{each.name} ({words})" if words else each.name)
        )
    return sorted(found.items(), key=lambda group: group[0] != mine)


class GoingForm(forms.Form):
    """How an asset goes for good."""

    method = forms.ChoiceField(label="How it went", choices=[("", "Choose"), *Disposal.Method.choices])
    gone_on = date_field("The day it went", initial=today)
    reason = forms.CharField(label="Why", max_length=300)
    to_whom = forms.CharField(label="To whom, or by whom taken", required=False, max_length=160)
    value = PoundsField(label="Received for it, in pounds", required=False, most=10_000_000)
    file = file_field("Waste or sale paper, such as a WEEE certificate", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, parts: int = 0) -> None:
        super().__init__(data, files)
        if parts:
            choices = [("retire", "They go too"), ("keep", "They stay")]
            label = f"Its {parts} {'part' if parts == 1 else 'parts'}"
            self.fields["parts"] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


class PaperForm(forms.Form):
    """A photo, a manual or another paper."""

    kind = forms.ChoiceField(label="What it is", choices=AssetPaper.Kind.choices)
    title = forms.CharField(label="Title, if another", required=False, max_length=120)
    file = file_field("The file", required=False, help_text="A PDF file or a picture. Drop it here, or choose it.")


class WarrantyForm(forms.Form):
    """Who stands for it, and how long."""

    supplier = forms.CharField(label="Supplier or maker", max_length=160)
    starts_on = date_field("From")
    ends_on = date_field("Until, this day included")
    terms = forms.CharField(label="Terms", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    file = file_field("The paper", required=False)


class ModelForm(forms.Form):
    """A make and model."""

    type = forms.ModelChoiceField(AssetType.objects.order_by("name"), label="Kind of asset", empty_label="Choose the kind")
    make = forms.CharField(label="Make", max_length=80)
    model = forms.CharField(label="Model", max_length=80)
    expected_life = forms.IntegerField(label="Expected life, in years", required=False, min_value=1, max_value=200)
    details = forms.CharField(
        label="What to know of it", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = file_field("Its manual", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, row: AssetModel | None = None, initial: Any = None) -> None:
        names = ("make", "model", "expected_life", "details")
        super().__init__(data, files, initial={name: getattr(row, name) for name in names} if row else initial)
        if row:
            del self.fields["type"]


class MergeForm(forms.Form):
    """Into which other one it is merged."""

    into = forms.ModelChoiceField(AssetModel.objects.none(), label="It is the same as", empty_label="Choose")

    def __init__(self, data: Any, *, person: Person, row: AssetModel) -> None:
        super().__init__(data)
        rows = AssetModel.objects.visible_to(person).filter(type=row.type_id, merged_into=None).exclude(pk=row.pk)
        self.fields["into"].queryset = rows  # type: ignore[attr-defined]


def suggested(person: Person, asset: Asset) -> AssetModel | None:
    """The listed make and model that an asset's plate seems to name; None when it has one, or there is none. One query."""
    if asset.product_id or not (asset.make and asset.model):
        return None
    wanted = squeezed(asset.make + asset.model)
    rows = AssetModel.objects.visible_to(person).filter(type=asset.type_id, merged_into=None)[:LEFT_ROWS]
    return next((each for each in rows if squeezed(each.make + each.model) == wanted), None)
