"""Lapses: what was missed, for ever; and excusing it, which is a further row."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.checks.actions import excuse_lapse
from backend.checks.models import Lapse, LapseNote, Plan
from backend.checks.queries.compliance import standing_lapses
from backend.checks.reckoning import standing
from backend.core.api.asking import Day, Filters
from backend.core.api.bodies import Body, TextField
from backend.core.api.resources import ScopedViewSet
from backend.trust.tokens import asker


class LapseNoteRow(serializers.ModelSerializer[LapseNote]):
    """A further row about a lapse, and why."""

    by = serializers.CharField(source="made_by.name", default="")

    class Meta:
        model = LapseNote
        fields = ["kind", "reason", "made_at", "by"]
        read_only_fields = fields


class LapseRow(serializers.ModelSerializer[Lapse]):
    """A miss. `withdrawn`: a late arrival or a corrected calendar showed that it was none; its row stays."""

    check_type = serializers.CharField(source="plan.check_type_id")
    title = serializers.CharField(source="plan.check_type.title")
    discipline = serializers.CharField(source="plan.discipline")
    site = serializers.UUIDField(source="plan.site_id")
    asset = serializers.UUIDField(source="plan.asset_id", allow_null=True)
    withdrawn = serializers.SerializerMethodField()
    excused = serializers.SerializerMethodField()
    notes = LapseNoteRow(many=True)

    class Meta:
        model = Lapse
        fields = [
            "id", "plan", "check_type", "title", "discipline", "site", "asset", "due_on", "sealed_at", "withdrawn", "excused",
            "notes",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(bool)
    def get_withdrawn(self, lapse: Lapse) -> bool:
        """Whether it no longer stands."""
        return not standing(lapse)

    @extend_schema_field(bool)
    def get_excused(self, lapse: Lapse) -> bool:
        """Whether somebody excused it."""
        return any(note.kind == LapseNote.Kind.EXCUSED for note in lapse.notes.all())


class LapseFilters(Filters):
    """Lapses by plan and place, and by the day they were owed. `withdrawn=false` leaves only those that stand."""

    plan = django_filters.UUIDFilter("plan_id")
    site = django_filters.UUIDFilter("plan__site_id")
    school = django_filters.UUIDFilter("plan__site__school_id")
    since = Day("due_on", lookup_expr="gte", help_text="Owed on or after this day.")
    withdrawn = django_filters.BooleanFilter(method="gone", help_text="false: only those that stand.")

    def gone(self, rows: QuerySet[Lapse], _name: str, gone: bool) -> QuerySet[Lapse]:
        """Those withdrawn, or those that stand."""
        stand = standing_lapses().values("pk")
        return rows.exclude(pk__in=stand) if gone else rows.filter(pk__in=stand)


class Excuse(Body):
    """Why a miss is excused."""

    reason = TextField(max_length=500, allow_blank=False)


class Lapses(ScopedViewSet):
    """What was missed."""

    rows = Lapse.objects.select_related("plan__check_type", "plan__site").prefetch_related("notes__made_by")
    called = "That lapse"
    serializer_class = LapseRow
    filterset_class = LapseFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Those of plans that the asker may know of."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        visible = Plan.objects.visible_to(asker(self.request)).values("pk")
        return self.rows.filter(plan__in=visible).order_by("-due_on", "id")

    @extend_schema(request=Excuse, responses=LapseRow)
    @action(detail=True, methods=["post"])
    def excuse(self, request: Request, **_where: Any) -> Response:
        """Excuse a miss, saying why. The lapse stays."""
        lapse, sent = self.one(), self.body(Excuse)
        excuse_lapse(lapse=lapse, person=asker(request), reason=sent["reason"])
        return Response(self.shown_alone(self.one()))
