"""Floor plans with their pins, as the phone and other systems read them. They are changed on the pages."""

from typing import Any

import django_filters
from django.db.models import Prefetch
from rest_framework import serializers

from backend.assets.models import Drawing, Pin
from backend.core.api.asking import Filters
from backend.core.api.resources import ScopedViewSet


class PinRow(serializers.ModelSerializer[Pin]):
    """A pin. `x` and `y` are fractions of the picture's width and height from its upper left corner."""

    name = serializers.SerializerMethodField()

    class Meta:
        model = Pin
        fields = ["id", "kind", "name", "asset", "space", "note", "x", "y", "placed_at"]
        read_only_fields = fields

    def get_name(self, row: Pin) -> str:
        """What it is called."""
        return str(row)


class DrawingRow(serializers.ModelSerializer[Drawing]):
    """A floor plan in a list. Its picture is `sha256`, so wide and high in pixels; `picture` is the address to show it from."""

    site_name = serializers.CharField(source="site.name")
    building_name = serializers.CharField(source="building.name", allow_null=True, default=None)
    version = serializers.IntegerField(source="current.number")
    sha256 = serializers.CharField(source="current.file_id")
    width = serializers.IntegerField(source="current.width")
    height = serializers.IntegerField(source="current.height")
    picture = serializers.SerializerMethodField()

    class Meta:
        model = Drawing
        fields = [
            "id", "site", "site_name", "building", "building_name", "name", "rank", "version", "sha256", "width", "height",
            "picture",
        ]  # fmt: skip
        read_only_fields = fields

    def get_picture(self, row: Drawing) -> str:
        """The address of the copy for showing."""
        number = row.current.number if row.current else 0
        return f"/floor-plans/{row.pk}/picture/{number}/large/"


class DrawingAlone(DrawingRow):
    """One floor plan with everything that stands on it."""

    pins = PinRow(many=True)

    class Meta(DrawingRow.Meta):
        fields = [*DrawingRow.Meta.fields, "pins"]
        read_only_fields = fields


class DrawingFilters(Filters):
    """Floor plans by place, and those on which an asset stands."""

    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")
    building = django_filters.UUIDFilter("building_id")
    asset = django_filters.UUIDFilter(method="showing", help_text="An asset that stands on the plan.")

    def showing(self, rows: Any, _name: str, asset: Any) -> Any:
        """Plans with a pin of the asset."""
        return rows.filter(pk__in=Pin.objects.filter(asset=asset, removed_at=None).values("drawing"))


class Drawings(ScopedViewSet):
    """Floor plans."""

    rows = Drawing.objects.standing().order_by("site__name", "site_id", "rank", "name", "id")
    called = "That floor plan"
    serializer_class = DrawingRow
    detail_class = DrawingAlone
    filterset_class = DrawingFilters

    def get_queryset(self) -> Any:
        """With their pins, for one alone."""
        found = super().get_queryset()
        pins = Pin.objects.standing().order_by("placed_at", "pk")
        return found if self.action == "list" else found.prefetch_related(Prefetch("pins", queryset=pins))
