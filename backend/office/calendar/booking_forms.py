"""What is typed to book, to move and to reassign."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from backend.checks.models import Booking, Plan
from backend.core.problems import NotFound, Problem
from backend.maintenance.models import Contractor
from backend.office.calendar.people import checkers
from backend.trust.models import Person

MOST = 200


class BookingForm(forms.Form):
    """When, by whom, and a note. `late_reason` is asked for only when the law's day has passed by then."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    part = forms.ChoiceField(label="Part of the day", choices=Booking.Part.choices, required=False)
    starts_at = forms.TimeField(
        label="Time",
        required=False,
        help_text="If one is agreed.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    person = forms.ModelChoiceField(Person.objects.none(), label="Person", required=False, empty_label="Nobody named")
    contractor = forms.ModelChoiceField(
        Contractor.objects.none(), label="Firm", required=False, empty_label="No firm", help_text="A person or a firm, not both."
    )
    note = forms.CharField(label="Note", required=False, max_length=500, help_text="For whoever comes, and for reception.")
    late_reason = forms.CharField(
        label="Why nothing earlier can be had",
        required=False,
        max_length=500,
        help_text="Only when the day lies after what the law allows. It is kept, and the booking is shown as late.",
    )

    def __init__(self, data: Any = None, *, asker: Person, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["person"].queryset = checkers(asker)  # type: ignore[attr-defined]
        self.fields["contractor"].queryset = Contractor.objects.filter(active=True).order_by("name")  # type: ignore[attr-defined]
        for name in ("starts_at", "person", "contractor", "late_reason"):
            if help_text := self.fields[name].help_text:
                self.fields[name].widget.attrs["aria-describedby"] = f"id_{name}-help" if help_text else ""

    def clean_part(self) -> str:
        """All day unless said."""
        return str(self.cleaned_data.get("part") or Booking.Part.DAY)

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        names = ("day", "part", "starts_at", "person", "contractor", "note", "late_reason")
        return {name: self.cleaned_data[name] for name in names}


def keys(sent: QueryDict, name: str) -> list[uuid.UUID]:
    """The ids sent under a name, each once. Raises Problem for what is no id, or too many."""
    try:
        found = list(dict.fromkeys(uuid.UUID(each) for each in sent.getlist(name)))
    except ValueError as wrong:
        raise Problem("malformed", "One of the things chosen is no id. Go back to the list and choose again.") from wrong
    if len(found) > MOST:
        raise Problem("too_many", f"Choose at most {MOST} at a time.")
    return found


def chosen_plans(person: Person, wanted: Sequence[uuid.UUID]) -> list[Plan]:
    """The plans chosen, by site. Raises NotFound when one is not the asker's to know of."""
    rows = Plan.objects.visible_to(person).filter(pk__in=wanted)
    beside = ("check_type", "site__school", "building", "asset__building", "asset__space")
    found = list(rows.select_related(*beside).order_by("site__name", "check_type__title", "pk"))
    if len(found) != len(wanted):
        raise NotFound("One of those checks")
    return found


def dates_sent(sent: QueryDict, plans: Iterable[Plan]) -> dict[uuid.UUID, dt.date]:
    """Which date of a plan is meant, where that is not the next one: `owed-<plan>=2027-03-01`."""
    found = {}
    for plan in plans:
        if text := sent.get(f"owed-{plan.pk}"):
            try:
                found[plan.pk] = dt.date.fromisoformat(text)
            except ValueError as wrong:
                raise Problem("malformed", "A date in the address is no date. Go back and choose again.") from wrong
    return found
