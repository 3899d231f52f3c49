"""What is typed about condition."""

from collections.abc import Sequence
from typing import Any

from django import forms

from backend.core.files import person_owner
from backend.maintenance.actions.notes import files_taken
from backend.office.contractors.pages import date_field
from backend.office.forms.money import PoundsField
from backend.office.work.forms import photos
from backend.risk.estate import estate
from backend.risk.models import ItemEnding
from backend.trust import permits
from backend.trust.models import Building, Person, Site

MOST_POUNDS = 100_000_000


class WhyForm(forms.Form):
    """Why."""

    why = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class EndForm(forms.Form):
    """What became of a finding."""

    kind = forms.ChoiceField(
        label="What became of it",
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in (ItemEnding.Kind.PUT_RIGHT, ItemEnding.Kind.NOT_TO_BE_DONE)],
    )
    on = date_field("On")
    cost = PoundsField(label="What it cost, in pounds", required=False, most=MOST_POUNDS)
    why = forms.CharField(label="What was done, or why not", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class LookForm(forms.Form):
    """One thing in poor condition."""

    site = forms.ModelChoiceField(Site.objects.none(), empty_label="Choose the site")
    building = forms.ModelChoiceField(Building.objects.none(), required=False, empty_label="The whole site")
    element = forms.ChoiceField(label="What")
    words = forms.CharField(label="What you saw", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    grade = forms.ChoiceField(label="How it is")
    priority = forms.TypedChoiceField(label="How soon", required=False, coerce=int, empty_value=None)
    cost = PoundsField(label="What it would cost, in pounds, if you know", required=False, most=MOST_POUNDS)
    year = forms.IntegerField(label="By the end of which year", required=False, min_value=1950, max_value=2200)
    photos = photos("Photos", "Pictures, up to 12 MB each.")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["site"].queryset = Site.objects.visible_to(person, permits.RISK_MANAGE)
        fields["building"].queryset = Building.objects.visible_to(person, permits.RISK_MANAGE).select_related("site")
        fields["building"].label_from_instance = lambda each: f"{each.name} ({each.site})"
        fields["element"].choices = list(estate().elements.items())
        fields["grade"].choices = [(key, f"{key}: {title}") for key, title in reversed(list(estate().grades.items()))]
        soon = [(str(key), f"{key}: {title}") for key, title in estate().priorities.items()]
        fields["priority"].choices = [("", "Nothing to be done"), *soon]


def photos_of(person: Person, files: Sequence[Any]) -> list[str]:
    """The SHA-256 of photos that came with a form, kept. Raises Problem for what is no picture."""
    return [each["sha256"] for each in files_taken(files, owner=person_owner(person.pk))]
