"""Kinds of asset, from the statutory library. They are nobody's rows: whoever is signed in may read them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from backend.assets.models import AssetType
from backend.core.api.asking import Filters, KeyOf
from backend.core.api.resources import ScopedViewSet


def known_type(key: str) -> bool:
    """Whether the library has this kind of asset."""
    return AssetType.objects.filter(pk=key).exists()


def known_discipline(key: str) -> bool:
    """Whether the library has this discipline."""
    return AssetType.objects.filter(discipline=key).exists()


class AssetTypeRow(serializers.ModelSerializer[AssetType]):
    """A kind of asset."""

    class Meta:
        model = AssetType
        fields = ["key", "name", "discipline"]
        read_only_fields = fields


class AssetTypeFilters(Filters):
    """Kinds by discipline and name."""

    discipline = KeyOf("discipline", known=known_discipline, what="discipline")
    search = django_filters.CharFilter("name", lookup_expr="icontains", max_length=100)


class AssetTypes(ScopedViewSet):
    """Kinds of asset."""

    rows = AssetType.objects.order_by("name", "key")
    called = "That kind of asset"
    serializer_class = AssetTypeRow
    filterset_class = AssetTypeFilters
    lookup_url_kwarg = "key"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Any]:
        """All of the library."""
        return self.rows.all()
