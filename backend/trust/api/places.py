"""Schools, sites, buildings and spaces, as far as the asker may know of them."""

from typing import Any

import django_filters
from rest_framework import serializers

from backend.core.api.asking import Filters, words
from backend.core.api.resources import ScopedViewSet
from backend.trust.models import Building, School, Site, Space


class SchoolRow(serializers.ModelSerializer[School]):
    """A school."""

    class Meta:
        model = School
        fields = ["id", "name", "urn", "phase", "pupils"]
        read_only_fields = fields


class SchoolFilters(Filters):
    """Schools by name and phase."""

    search = django_filters.CharFilter("name", lookup_expr="icontains", max_length=100)
    phase = words(School.Phase.choices)


class Schools(ScopedViewSet):
    """Schools."""

    rows = School.objects.order_by("name", "id")
    called = "That school"
    serializer_class = SchoolRow
    filterset_class = SchoolFilters


class SiteRow(serializers.ModelSerializer[Site]):
    """A site."""

    school_name = serializers.CharField(source="school.name")

    class Meta:
        model = Site
        fields = ["id", "school", "school_name", "name", "address", "postcode", "uprn", "latitude", "longitude"]
        read_only_fields = fields


class SiteFilters(Filters):
    """Sites by school and name."""

    school = django_filters.UUIDFilter("school_id")
    search = django_filters.CharFilter("name", lookup_expr="icontains", max_length=100)


class Sites(ScopedViewSet):
    """Sites."""

    rows = Site.objects.select_related("school").order_by("name", "id")
    called = "That site"
    serializer_class = SiteRow
    filterset_class = SiteFilters


class BuildingRow(serializers.ModelSerializer[Building]):
    """A building; `warning` is what somebody must know before work starts."""

    class Meta:
        model = Building
        fields = ["id", "site", "name", "built", "floor_area_m2", "floors", "warning"]
        read_only_fields = fields


class BuildingFilters(Filters):
    """Buildings by site."""

    site = django_filters.UUIDFilter("site_id")
    search = django_filters.CharFilter("name", lookup_expr="icontains", max_length=100)


class Buildings(ScopedViewSet):
    """Buildings."""

    rows = Building.objects.order_by("name", "id")
    called = "That building"
    serializer_class = BuildingRow
    filterset_class = BuildingFilters


class SpaceRow(serializers.ModelSerializer[Space]):
    """A room, corridor, roof or yard."""

    site: Any = serializers.UUIDField(source="building.site_id")

    class Meta:
        model = Space
        fields = ["id", "site", "building", "name", "floor", "warning"]
        read_only_fields = fields


class SpaceFilters(Filters):
    """Spaces by site and building."""

    site = django_filters.UUIDFilter("building__site_id")
    building = django_filters.UUIDFilter("building_id")
    search = django_filters.CharFilter("name", lookup_expr="icontains", max_length=100)


class Spaces(ScopedViewSet):
    """Spaces."""

    rows = Space.objects.select_related("building").order_by("name", "id")
    called = "That space"
    serializer_class = SpaceRow
    filterset_class = SpaceFilters
