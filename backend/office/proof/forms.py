"""What is typed to make a pack, to make it again, and to share it."""

import datetime as dt
from typing import Any, Final

from django import forms

from backend.checks.models import PackRequest, Plan
from backend.core.days import today
from backend.office.proof.recipients import RECIPIENTS, first_choice
from backend.office.queries.library import discipline_order, discipline_title
from backend.trust import permits
from backend.trust.models import Building, Person, Site

DAY: Final = {"type": "date"}
PERIODS: Final = (
    ("year", "The last 12 months"),
    ("school-year", "This school year, since 1 September"),
    ("since", "Since the last inspection: give its day below"),
    ("own", "From one day to another: give both below"),
)
YEAR: Final = dt.timedelta(days=365)


def days_of(period: str, now: dt.date) -> tuple[dt.date, dt.date] | None:
    """The first and last day of a period that needs no days typed."""
    if period == "year":
        return now - YEAR + dt.timedelta(days=1), now
    if period == "school-year":
        return dt.date(now.year if now.month >= 9 else now.year - 1, 9, 1), now
    return None


class PackForm(forms.Form):
    """What a pack is to show. `made()` is the request, not saved."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site", empty_label=None)
    building = forms.ModelChoiceField(
        Building.objects.none(), label="Building", required=False, empty_label="The whole site", help_text="Of that site."
    )
    recipient = forms.ChoiceField(label="For whom", choices=[(key, each.name) for key, each in RECIPIENTS.items()])
    addressee = forms.CharField(label="Their name, as it stands on the paper", required=False, max_length=160)
    period = forms.ChoiceField(label="Period", choices=PERIODS)
    first_day = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    last_day = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    disciplines = forms.MultipleChoiceField(label="Disciplines", widget=forms.CheckboxSelectMultiple)
    photos = forms.BooleanField(label="Put photos of records and problems into it", required=False)

    def __init__(self, data: Any = None, *, person: Person, recipient: str, site: str = "") -> None:
        planned = Plan.objects.visible_to(person, permits.PROOF_MAKE).values_list("discipline").distinct()
        keys = sorted({key for (key,) in planned.order_by()}, key=discipline_order)
        sites = Site.objects.visible_to(person, permits.PROOF_MAKE).select_related("school").order_by("school__name", "name")
        initial = {
            "recipient": recipient,
            "site": site,
            "period": "year",
            "photos": True,
            "disciplines": first_choice(recipient, keys),
        }
        super().__init__(data, initial=initial)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        buildings = Building.objects.filter(site__in=sites).select_related("site").order_by("site__name", "name")
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]
        self.fields["building"].label_from_instance = lambda row: f"{row}, {row.site}"  # type: ignore[attr-defined]
        self.fields["disciplines"].choices = [(key, discipline_title(key)) for key in keys]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Work the days out, and see that they can be."""
        said = super().clean() or self.cleaned_data
        now, period = today(), said.get("period", "")
        if days := days_of(period, now):
            said["first_day"], said["last_day"] = days
        elif period == "since":
            said["last_day"] = now
        if not said.get("first_day"):
            self.add_error("first_day", "Give the first day.")
        if not said.get("last_day"):
            self.add_error("last_day", "Give the last day.")
        if said.get("first_day") and said["first_day"] > today():
            self.add_error("first_day", "That day is still to come: nothing can be proved of it yet.")
        if said.get("first_day") and said.get("last_day") and said["last_day"] < said["first_day"]:
            self.add_error("last_day", "The last day lies before the first.")
        if said.get("building") and said.get("site") and said["building"].site_id != said["site"].pk:
            self.add_error("building", "This building is at another site.")
        return said

    def made(self) -> PackRequest:
        """The request as it was typed."""
        names = ("site", "building", "recipient", "addressee", "first_day", "last_day", "disciplines", "photos")
        return PackRequest(**{name: self.cleaned_data[name] for name in names})


class AgainForm(forms.Form):
    """Why a pack is made again."""

    reason = forms.CharField(label="Why is it made again?", max_length=500)


class ShareForm(forms.Form):
    """For whom a link is, how long it lasts, and a password if one is wanted."""

    whom = forms.CharField(label="For whom", max_length=160, help_text="Their name and where they are from.")
    days = forms.TypedChoiceField(
        label="How long", coerce=int, choices=[(7, "A week"), (30, "30 days"), (90, "90 days"), (180, "180 days")], initial=30
    )
    password = forms.CharField(
        label="Password",
        required=False,
        max_length=100,
        min_length=8,
        help_text="If you want one: eight letters at least. Tell it to them another way than the link.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PasswordForm(forms.Form):
    """The password of a link."""

    password = forms.CharField(label="Password", max_length=100, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
