"""Plans: what is owed, where, by when, and why."""

from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.checks.api.check_types import known_check, known_discipline
from backend.checks.api.plan_rows import BESIDE, STATUSES, PlanAlone, PlanRow, Why, alone, plan_rows, reasons
from backend.checks.models import Plan
from backend.checks.plan_rows import PlanQuerySet
from backend.core.api.asking import Day, Filters, KeyOf, words
from backend.core.api.resources import ScopedViewSet
from backend.core.days import today


class PlanFilters(Filters):
    """Plans by place, check and how they stand today.

    `due_before` finds those whose oldest unserved date lies before a day: a missed week counts by the week that was missed.
    Plans that have ended are left out unless `active=false`.
    """

    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")
    building = django_filters.UUIDFilter("building_id")
    asset = django_filters.UUIDFilter("asset_id")
    discipline = KeyOf("discipline", known=known_discipline, what="discipline")
    check_type = KeyOf("check_type_id", known=known_check, what="check")
    status = words(STATUSES, method="standing", help_text="How it stands today.")
    due_before = Day(
        "due_on", lookup_expr="lt", help_text="Oldest unserved date before this day: a missed week counts by the week missed."
    )
    active = django_filters.BooleanFilter(method="ended", help_text="false: only plans that have ended.")

    def standing(self, rows: QuerySet[Plan], _name: str, status: str) -> QuerySet[Plan]:
        """Those that stand so today."""
        return cast(PlanQuerySet, rows).standing(status, today())

    def ended(self, rows: QuerySet[Plan], _name: str, _active: bool) -> QuerySet[Plan]:
        """See filter_queryset, which needs to know of its absence."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Plan]) -> QuerySet[Plan]:
        """Only plans that go on, unless those that have ended are asked for."""
        active = self.form.cleaned_data.get("active") is not False
        found: QuerySet[Plan] = super().filter_queryset(queryset).filter(active=active)
        return found


class Plans(ScopedViewSet):
    """What is owed."""

    rows = Plan.objects.select_related(*BESIDE).defer("asset__facts", "asset__note").order_by("due_on", "id")
    called = "That plan"
    serializer_class = PlanRow
    detail_class = PlanAlone
    filterset_class = PlanFilters

    def shown(self, page: list[Any]) -> list[Any]:
        """The rows of a page, with dates as the engine gives them today."""
        return plan_rows(cast(list[Plan], page), today())

    def shown_alone(self, row: Any) -> Any:
        """One plan with the engine's reasons."""
        return alone(row, today())

    @extend_schema(responses=Why)
    @action(detail=True, methods=["get"], serializer_class=Why)
    def explain(self, request: Request, **_where: Any) -> Response:
        """Why the plan stands as it does today: in one sentence, and as data."""
        return Response(reasons(self.one(), today()))
