"""What the calendar is filtered by. It stands in the address bar, so that a view can be sent to a colleague."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import F, Func, QuerySet, UUIDField

from backend.checks.models import BookedCheck, Booking, Plan, Round
from backend.checks.queries.booked import unbooked
from backend.checks.queries.walks import OUTSIDE
from backend.core.days import today
from backend.core.models import status_case
from backend.maintenance.models import Contractor
from backend.office.calendar.people import checkers
from backend.office.forms.lists import ListFilters
from backend.trust.models import Person

VIEWS = (("month", "Month"), ("week", "Week"), ("list", "List"))
SHOWN = (("owed", "Owed, not booked"), ("booked", "Booked"))
FURTHEST = dt.timedelta(days=366 * 3)


class CalendarFilters(ListFilters):
    """The calendar by site, discipline, person and firm; `view` and `on` say which days."""

    shown = ("site", "discipline", "who", "contractor", "show")
    hidden = ("school", "by")
    sorts = {"day": ("due_on", "pk")}

    who = forms.ModelChoiceField(Person.objects.none(), label="Person", required=False, empty_label="Anybody")
    contractor = forms.ModelChoiceField(Contractor.objects.none(), label="Firm", required=False, empty_label="Any firm")
    show = forms.ChoiceField(label="Show", required=False)
    by = forms.ChoiceField(label="Done by", choices=[("", ""), ("firms", "Firms")], required=False)
    view = forms.ChoiceField(choices=VIEWS, required=False)
    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data, person=person)
        for name in ("q", "building", "asset", "sort"):
            self.fields.pop(name, None)
        self.fields["who"].queryset = checkers(person)  # type: ignore[attr-defined]
        self.fields["contractor"].queryset = Contractor.objects.order_by("name")  # type: ignore[attr-defined]
        self.choices("show", "Owed and booked", SHOWN)

    def clean_on(self) -> dt.date | None:
        """The day, not further off than a calendar of checks is of use."""
        asked: dt.date | None = self.cleaned_data["on"]
        if asked and abs(asked - today()) > FURTHEST:
            raise forms.ValidationError("Choose a day within three years of today.")
        return asked

    @property
    def chosen_view(self) -> str:
        """ "month", "week" or "list"; the month unless said."""
        return str(self.value("view") or "month") if self.is_valid() else "month"

    @property
    def day(self) -> dt.date:
        """The day about which it shows: today unless said."""
        asked: dt.date | None = self.value("on") if self.is_valid() else None
        return asked or today()

    def is_narrowed(self) -> bool:
        """Whether less than everything was asked for: the view and its days leave nothing out."""
        return any(self.data.get(name) for name in (*self.shown, *self.hidden))

    def owed(self) -> QuerySet[Plan]:
        """The plans that owe something by a date and are not booked for it, with what a row shows."""
        rows: Any = Plan.objects.visible_to(self.person).filter(active=True)
        if not self.is_valid() or self.value("show") == "booked" or self.value("contractor"):
            return rows.none()  # type: ignore[no-any-return]
        paths = {"school": "site__school_id", "site": "site_id", "discipline": "discipline"}
        rows = self.narrowed(rows, paths)
        if who := self.value("who"):
            walked = Round.objects.filter(person=who, ended_at=None).annotate(
                stop=Func(F("stops"), function="unnest", output_field=UUIDField())
            )
            rows = rows.filter(pk__in=walked.values("stop"))
        if self.value("by"):
            rows = rows.filter(check_type__current__content__competence__level=OUTSIDE)
        rows = unbooked(rows)
        return rows.alias(stands=status_case(today())).exclude(stands="paused")  # type: ignore[no-any-return]

    def booked(self) -> QuerySet[Booking]:
        """The bookings that stand."""
        rows: QuerySet[Booking] = Booking.objects.visible_to(self.person).standing()
        if not self.is_valid() or self.value("show") == "owed":
            return rows.none()
        paths = {"school": "site__school_id", "site": "site_id", "who": "person_id", "contractor": "contractor_id"}
        rows = self.narrowed(rows, paths)
        if discipline := self.value("discipline"):
            lines = BookedCheck.objects.standing().filter(plan__discipline=discipline)
            rows = rows.filter(pk__in=lines.values("booking"))
        return rows.order_by("day", "starts_at", "pk")

    def rows(self) -> QuerySet[Any]:
        """What is owed, as a list."""
        return self.owed().order_by("due_on", "pk")
