"""Competences: who may be relied on for which checks, and until when."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from backend.core.api.asking import Day, Filters
from backend.core.api.resources import ScopedViewSet
from backend.hr.models import Competence
from backend.trust.queries import colleagues
from backend.trust.tokens import asker


class CompetenceRow(serializers.ModelSerializer[Competence]):
    """A competence; `covers` names check codes or whole disciplines."""

    person_name = serializers.CharField(source="person.name")
    covers = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Competence
        fields = ["id", "person", "person_name", "name", "covers", "awarded_by", "held_from", "expires_on"]
        read_only_fields = fields


class CompetenceFilters(Filters):
    """Competences by person, by what they cover, and by day."""

    person = django_filters.UUIDFilter("person_id")
    covers = django_filters.CharFilter(method="covering", max_length=60)
    valid_on = Day(method="valid")

    def covering(self, rows: QuerySet[Competence], _name: str, key: str) -> QuerySet[Competence]:
        """Those that name this check or discipline."""
        return rows.filter(covers__contains=[key])

    def valid(self, rows: Any, _name: str, day: Any) -> Any:
        """Those held and not expired on a day."""
        return rows.valid_on(day)


class Competences(ScopedViewSet):
    """Competences of the asker's colleagues."""

    rows = Competence.objects.select_related("person").order_by("person__name", "name", "id")
    called = "That competence"
    serializer_class = CompetenceRow
    filterset_class = CompetenceFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Those of the asker's colleagues."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        return self.rows.filter(person__in=colleagues(asker(self.request)))
