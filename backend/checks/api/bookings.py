"""Bookings: list, make, move, cancel."""

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.checks.actions.bookings import NewBooking, book, cancel_booking, move_booking
from backend.checks.models import Booking, Plan
from backend.checks.queries.booked import with_checks
from backend.core.api.asking import Day, Filters
from backend.core.api.bodies import Body, DayField, TextField
from backend.core.api.resources import ScopedViewSet
from backend.core.days import today
from backend.core.problems import Problem
from backend.maintenance.models import Contractor
from backend.trust.models import Person
from backend.trust.named import named
from backend.trust.queries import colleagues
from backend.trust.tokens import asker

MOST = 200


class BookedCheckRow(serializers.Serializer[Any]):
    """One check of a booking: `done` once its record has arrived, `late` when the day is later than its clock allows."""

    plan = serializers.UUIDField()
    check_type = serializers.CharField()
    owed_on = serializers.DateField()
    done = serializers.BooleanField()
    late = serializers.BooleanField()


class BookingRow(serializers.Serializer[Any]):
    """A booking. `part` is day, am or pm; `starts_at` a London time where one is agreed."""

    id = serializers.UUIDField()
    site = serializers.UUIDField()
    site_name = serializers.CharField()
    day = serializers.DateField()
    part = serializers.ChoiceField(Booking.Part.choices)
    starts_at = serializers.TimeField(allow_null=True)
    person = serializers.UUIDField(allow_null=True)
    person_name = serializers.CharField(allow_null=True)
    contractor = serializers.UUIDField(allow_null=True)
    contractor_name = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    late_reason = serializers.CharField()
    cancelled = serializers.BooleanField()
    cancelled_reason = serializers.CharField()
    done = serializers.BooleanField()
    checks = BookedCheckRow(many=True)


class Changing(Body):
    """What of a booking is to change; what is left out stays."""

    day = DayField(required=False)
    part = serializers.ChoiceField(Booking.Part.choices, required=False)
    starts_at = serializers.TimeField(required=False, allow_null=True)
    person = serializers.UUIDField(required=False, allow_null=True)
    contractor = serializers.UUIDField(required=False, allow_null=True)
    note = TextField(max_length=500, required=False)
    late_reason = TextField(max_length=500, required=False, help_text="Why nothing earlier than the law's day can be had.")


class Booked(Changing):
    """A visit to be booked: checks of one site on a day, by a person or a firm."""

    plans = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)
    day = DayField()


class CancelBooking(Body):
    """Why it is cancelled."""

    reason = TextField(max_length=500, allow_blank=False)


class BookingFilters(Filters):
    """Bookings by place, plan, person, firm and day. Cancelled ones are left out unless `cancelled=true`."""

    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")
    plan = django_filters.UUIDFilter(method="of_plan")
    person = django_filters.UUIDFilter("person_id")
    contractor = django_filters.UUIDFilter("contractor_id")
    since = Day("day", lookup_expr="gte", help_text="On or after this day.")
    until = Day("day", lookup_expr="lte", help_text="On or before this day.")
    cancelled = django_filters.BooleanFilter(method="ended", help_text="true: only those that were cancelled.")

    def of_plan(self, rows: QuerySet[Booking], _name: str, plan: uuid.UUID) -> QuerySet[Booking]:
        """Those that hold a check."""
        return rows.filter(checks__plan=plan).distinct()

    def ended(self, rows: QuerySet[Booking], _name: str, _cancelled: bool) -> QuerySet[Booking]:
        """See filter_queryset, which needs to know of its absence."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        """Only those that stand, unless the cancelled are asked for."""
        found: QuerySet[Booking] = super().filter_queryset(queryset)
        return found.filter(cancelled_at__isnull=self.form.cleaned_data.get("cancelled") is not True)


class Bookings(ScopedViewSet):
    """What is booked."""

    rows = Booking.objects.select_related("site", "person", "contractor").order_by("day", "id")
    called = "That booking"
    serializer_class = BookingRow
    filterset_class = BookingFilters

    def shown(self, page: list[Any]) -> list[Any]:
        """The rows of a page, with their checks. Two queries."""
        return rows_of([row.pk for row in page])

    def shown_alone(self, row: Any) -> Any:
        """One booking."""
        return rows_of([row.pk])[0]

    @extend_schema(request=Booked, responses={201: BookingRow})
    def create(self, request: Request) -> Response:
        """Book checks of one site. Refused (400) after the law's last day unless `late_reason` says why."""
        person, sent = asker(request), self.body(Booked)
        beside = Plan.objects.select_related("site__school", "check_type")
        plans = [named(beside, person, "plans", key) for key in dict.fromkeys(sent.pop("plans"))]
        new = NewBooking(site=plans[0].site, plans=plans, **who(sent, person))
        return Response(self.shown_alone(book(new, actor=person, today=today())), status=201)

    @extend_schema(request=Changing, responses=BookingRow)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, **_where: Any) -> Response:
        """Move it to another day, or give it to somebody else."""
        booking, person = self.one(), asker(request)
        changed = who(self.body(Changing), person)
        return Response(self.shown_alone(move_booking(booking, actor=person, today=today(), **changed)))

    @extend_schema(request=CancelBooking, responses=BookingRow)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_where: Any) -> Response:
        """Cancel it, saying why. It stays, as cancelled."""
        booking, sent = self.one(), self.body(CancelBooking)
        return Response(self.shown_alone(cancel_booking(booking, actor=asker(request), reason=sent["reason"])))


def who(sent: dict[str, Any], person: Person) -> dict[str, Any]:
    """What was sent, with the person and the firm in place of ids. Raises Problem (404) for those not known to the asker."""
    found = dict(sent)
    kinds: dict[str, QuerySet[Any]] = {"person": colleagues(person), "contractor": Contractor.objects.filter(active=True)}
    for name, rows in kinds.items():
        if found.get(name) is not None:
            row = rows.filter(pk=found[name]).first()
            if row is None:
                wrong = {name: f"There is no {name} with this id that you work with."}
                raise Problem("not_found", f"That {name} does not exist, or you do not work with them.", status=404, fields=wrong)
            found[name] = row
    return found


def rows_of(keys: list[uuid.UUID]) -> list[dict[str, Any]]:
    """Bookings as they are sent, in the order of their days."""
    return [row_of(each) for each in with_checks(Booking.objects.filter(pk__in=keys).order_by("day", "id"))]


def row_of(booking: Booking) -> dict[str, Any]:
    """One booking (with its lines)."""
    lines = [
        {
            "plan": line.plan_id,
            "check_type": line.plan.check_type_id,
            "owed_on": line.owed_on,
            "done": line.done,
            "late": line.late,
        }
        for line in booking.lines
    ]
    return {
        "id": booking.pk, "site": booking.site_id, "site_name": booking.site.name, "day": booking.day, "part": booking.part,
        "starts_at": booking.starts_at, "person": booking.person_id, "person_name": booking.person and booking.person.name,
        "contractor": booking.contractor_id, "contractor_name": booking.contractor and booking.contractor.name,
        "note": booking.note, "late_reason": booking.late_reason, "cancelled": booking.cancelled_at is not None,
        "cancelled_reason": booking.cancelled_reason, "done": booking.done, "checks": lines,
    }  # fmt: skip
