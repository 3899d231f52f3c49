"""Forms of setting up: the first start, schools and places, calendars, files to import."""

import datetime as dt
from typing import Any, Final

from django import forms

from backend.trust.imports.cells import Wrong, postcode, uprn
from backend.trust.models import CalendarMark, School

TERM: Final = "term"
SPANS: Final = [(TERM, "Term"), *CalendarMark.Kind.choices]


def day_box() -> forms.DateInput:
    """A box for a date."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FirstForm(forms.Form):
    """The trust and its first person."""

    code = forms.CharField(
        label="Code from the terminal",
        max_length=40,
        help_text="Twelve letters and figures. Whoever started Siteward sees it there.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    trust_name = forms.CharField(label="Name of the trust", max_length=200)
    uid = forms.CharField(
        label="Trust UID",
        max_length=20,
        help_text="The trust's number at Get Information about Schools, such as 2044. Its schools are found by it.",
    )
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label="Your work e-mail address", max_length=254)
    password = forms.CharField(
        label="A password",
        max_length=200,
        strip=False,
        help_text="12 characters or more: three or four words that do not belong together are good.",
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )

    def said(self) -> dict[str, str]:
        """What was typed, as the action takes it."""
        return {name: str(value) for name, value in self.cleaned_data.items()}


class SchoolForm(forms.Form):
    """A school."""

    name = forms.CharField(label="Name", max_length=200)
    urn = forms.IntegerField(
        label="URN",
        min_value=1,
        max_value=9_999_999,
        help_text="A school that became an academy gets a new one; write it here, and the old one still finds the school.",
    )
    phase = forms.ChoiceField(label="Phase", choices=School.Phase.choices)
    pupils = forms.IntegerField(label="Pupils", min_value=0, max_value=20_000, required=False)
    opened_on = forms.DateField(label="Open under this URN since", required=False, widget=day_box())
    closed_on = forms.DateField(label="Closed under this URN on", required=False, widget=day_box())


class SiteForm(forms.Form):
    """A site."""

    name = forms.CharField(label="Name", max_length=200)
    address = forms.CharField(label="Address", max_length=300, required=False)
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)
    uprn = forms.CharField(label="UPRN", max_length=12, required=False)
    latitude = forms.FloatField(
        label="Latitude", min_value=-90, max_value=90, required=False, help_text="Degrees, such as 54.52. For the map."
    )
    longitude = forms.FloatField(label="Longitude", min_value=-180, max_value=180, required=False)

    def clean_postcode(self) -> str:
        """A postcode, or nothing."""
        return read(postcode, self.cleaned_data["postcode"])

    def clean_uprn(self) -> str:
        """A UPRN, or nothing."""
        return read(uprn, self.cleaned_data["uprn"])


def read(reader: Any, text: str) -> str:
    """The text as the importers read it, with their words when it cannot be."""
    try:
        return str(reader(text)) if text else ""
    except Wrong as wrong:
        raise forms.ValidationError(str(wrong)) from wrong


class BuildingForm(forms.Form):
    """A building."""

    name = forms.CharField(label="Name", max_length=120)
    built = forms.IntegerField(label="Year built", min_value=1000, max_value=2100, required=False)
    floor_area_m2 = forms.IntegerField(
        label="Gross internal floor area, m²", min_value=1, max_value=500_000, required=False,
        help_text="Some checks are owed by size, such as an energy certificate above 250 m².",
    )  # fmt: skip
    floors = forms.IntegerField(label="Floors", min_value=1, max_value=60, required=False)
    warning = forms.CharField(
        label="Warning before work starts",
        max_length=300,
        required=False,
        help_text="Shown to everybody, on the phone too, before work in this building: asbestos, confined spaces, live parts.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SpaceForm(forms.Form):
    """A space."""

    name = forms.CharField(label="Name", max_length=120)
    floor = forms.CharField(label="Floor", max_length=20, required=False)
    warning = forms.CharField(
        label="Warning before work starts",
        max_length=300,
        required=False,
        help_text="Shown to everybody, on the phone too, before work here.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SpacesForm(forms.Form):
    """Several spaces at once: one a line."""

    names = forms.CharField(
        label="Rooms, corridors, roofs and yards",
        max_length=20_000,
        help_text="One on each line.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    floor = forms.CharField(label="All of them on floor", max_length=20, required=False)

    def clean_names(self) -> list[str]:
        """The names, without blank lines."""
        return [" ".join(line.split()) for line in self.cleaned_data["names"].splitlines() if line.strip()]


class SpanForm(forms.Form):
    """A term, or days that differ. A row with nothing in its dates is none."""

    kind = forms.ChoiceField(label="What", choices=SPANS, required=False)
    name = forms.CharField(label="Name", max_length=60, required=False)
    first_day = forms.DateField(label="First day", required=False, widget=day_box())
    last_day = forms.DateField(label="Last day", required=False, widget=day_box())

    def clean(self) -> dict[str, Any]:
        """Both days, or none; a single day may be written once."""
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first_day"), said.get("last_day")
        if first and not last and said.get("kind") != TERM:
            said["last_day"] = last = first
        if bool(first) != bool(last) and not self.errors:
            self.add_error("last_day" if first else "first_day", "Write both days.")
        if first and last and last < first:
            self.add_error("last_day", "It ends before it begins.")
        for name in ("first_day", "last_day"):
            if said.get(name) and not dt.date(2000, 1, 1) <= said[name] <= dt.date(2100, 1, 1):
                self.add_error(name, "Check the year.")
        return said


SpanSet = forms.formset_factory(SpanForm, extra=6, max_num=60, absolute_max=80)
