"""Colleagues' names: those with a role where the asker may see the estate. Nothing else about them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from backend.core.api.asking import Filters
from backend.core.api.resources import ScopedViewSet
from backend.trust.models import Person
from backend.trust.queries import colleagues
from backend.trust.tokens import asker


class PersonRow(serializers.ModelSerializer[Person]):
    """Somebody's name."""

    class Meta:
        model = Person
        fields = ["id", "name"]
        read_only_fields = fields


class PersonFilters(Filters):
    """People by name."""

    search = django_filters.CharFilter("name", lookup_expr="icontains", max_length=100)


class People(ScopedViewSet):
    """People."""

    rows = Person.objects.order_by("name", "id")
    called = "That person"
    serializer_class = PersonRow
    filterset_class = PersonFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The asker's colleagues."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        return self.rows.filter(pk__in=colleagues(asker(self.request)))
