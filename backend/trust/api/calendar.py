"""School calendars: terms, and the days that differ."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from backend.core.api.asking import Day, Filters, words
from backend.core.api.resources import ScopedViewSet
from backend.trust.models import CalendarMark, School, Term
from backend.trust.tokens import asker


class SchoolCalendar(ScopedViewSet):
    """Rows of a school's calendar, for the schools that the asker may know of."""

    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of visible schools."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        return self.rows.filter(school__in=School.objects.visible_to(asker(self.request)))


class TermRow(serializers.ModelSerializer[Term]):
    """A term; half term lies inside it."""

    class Meta:
        model = Term
        fields = ["id", "school", "name", "first_day", "last_day"]
        read_only_fields = fields


class TermFilters(Filters):
    """Terms by school and date."""

    school = django_filters.UUIDFilter("school_id")
    on_or_after = Day("last_day", lookup_expr="gte")


class Terms(SchoolCalendar):
    """Terms."""

    rows = Term.objects.order_by("first_day", "id")
    called = "That term"
    serializer_class = TermRow
    filterset_class = TermFilters


class CalendarMarkRow(serializers.ModelSerializer[CalendarMark]):
    """Days that differ: half term, INSET, closed, or occupied outside term."""

    class Meta:
        model = CalendarMark
        fields = ["id", "school", "kind", "first_day", "last_day", "note"]
        read_only_fields = fields


class CalendarMarkFilters(Filters):
    """Marks by school, kind and date."""

    school = django_filters.UUIDFilter("school_id")
    kind = words(CalendarMark.Kind.choices)
    on_or_after = Day("last_day", lookup_expr="gte")


class CalendarMarks(SchoolCalendar):
    """Days of school calendars that differ."""

    rows = CalendarMark.objects.order_by("first_day", "id")
    called = "That entry of the calendar"
    serializer_class = CalendarMarkRow
    filterset_class = CalendarMarkFilters
