"""The statutory library as published: check types and their revisions. Nobody's rows: whoever is signed in may read them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.api.types import known_type
from backend.checks.models import CheckRevision, CheckType
from backend.core.api.asking import Filters, KeyOf
from backend.core.api.resources import ScopedViewSet
from backend.core.problems import NotFound


def known_check(code: str) -> bool:
    """Whether the library has this check."""
    return CheckType.objects.filter(pk=code).exists()


def known_discipline(key: str) -> bool:
    """Whether any check is of this discipline."""
    return CheckType.objects.filter(discipline=key).exists()


class CheckTypeRow(serializers.ModelSerializer[CheckType]):
    """A check of the library. `weight` is its risk, 1 (paperwork) to 5 (life safety); show it when `verified` is false."""

    revision = serializers.IntegerField(source="current.number", default=None, allow_null=True)

    class Meta:
        model = CheckType
        fields = ["code", "title", "discipline", "tier", "verified", "weight", "minutes", "withdrawn", "revision"]
        read_only_fields = fields


class CheckTypeAlone(CheckTypeRow):
    """One check; `content` is its current revision: law, rule, questions."""

    content = serializers.DictField(source="current.content", default=dict)

    class Meta(CheckTypeRow.Meta):
        fields = [*CheckTypeRow.Meta.fields, "content"]
        read_only_fields = fields


class CheckTypeFilters(Filters):
    """Checks by discipline, the kind of asset they are done on, and title."""

    discipline = KeyOf("discipline", known=known_discipline, what="discipline")
    asset_type = KeyOf(method="done_on", known=known_type, what="kind of asset")
    verified = django_filters.BooleanFilter()
    withdrawn = django_filters.BooleanFilter()
    search = django_filters.CharFilter("title", lookup_expr="icontains", max_length=100)

    def done_on(self, rows: QuerySet[CheckType], _name: str, key: str) -> QuerySet[CheckType]:
        """Those whose current revision names this kind of asset."""
        return rows.filter(current__content__asset_types__contains=[key])


class CheckTypes(ScopedViewSet):
    """Checks of the statutory library."""

    rows = CheckType.objects.select_related("current").order_by("discipline", "title", "code")
    called = "That check"
    serializer_class = CheckTypeRow
    detail_class = CheckTypeAlone
    filterset_class = CheckTypeFilters
    lookup_url_kwarg = "code"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Any]:
        """All of the library."""
        return self.rows.all()


class RevisionRow(serializers.ModelSerializer[CheckRevision]):
    """A check as it was published; it never changes."""

    check_type = serializers.CharField(source="check_type_id")
    content = serializers.DictField()

    class Meta:
        model = CheckRevision
        fields = ["check_type", "number", "digest", "published_at", "content"]
        read_only_fields = fields


class CheckRevisions(ScopedViewSet):
    """The revisions of one check."""

    rows = CheckRevision.objects.order_by("number")
    called = "That check"
    serializer_class = RevisionRow
    lookup_field = "number"
    lookup_url_kwarg = "number"

    def get_queryset(self) -> QuerySet[Any]:
        """Those of the check that the address names."""
        return self.rows.filter(check_type_id=self.kwargs.get("code", ""))

    @extend_schema(operation_id="check_types_revisions_list")
    def list(self, request: Request, **_where: Any) -> Response:
        """The revisions of one check, oldest first."""
        if not known_check(self.kwargs["code"]):
            raise NotFound(self.called)
        return super().list(request)

    @extend_schema(operation_id="check_types_revisions_retrieve")
    def retrieve(self, request: Request, **where: Any) -> Response:
        """One revision of a check."""
        return super().retrieve(request, **where)
