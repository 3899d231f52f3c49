"""Contractors: list, one, add."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.asking import Filters
from backend.core.api.bodies import Body, LineField, TextField
from backend.core.api.resources import Rows, ScopedViewSet
from backend.core.days import today
from backend.maintenance.actions.contractors import Firm, add_contractor
from backend.maintenance.models import Contractor
from backend.maintenance.queries.contractors import standings
from backend.trust.tokens import asker


class ContractorRow(serializers.Serializer[Any]):
    """A firm, and whether its papers let it work here today."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    trades = serializers.ListField(child=serializers.CharField())
    active = serializers.BooleanField()
    email = serializers.CharField()
    phone = serializers.CharField()
    may_work = serializers.BooleanField(help_text="Whether nothing stands against its working here today.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="What stands against it, in words.")
    ends_soon = serializers.ListField(child=serializers.CharField(), help_text="What ends within six weeks, in words.")


class NewContractor(Body):
    """A firm to be added."""

    name = LineField(max_length=160)
    trades = serializers.ListField(child=LineField(max_length=40), default=list, max_length=40)
    asked_for = serializers.ListField(child=LineField(max_length=80), default=list, max_length=40)
    email = serializers.EmailField(default="", allow_blank=True)
    phone = LineField(max_length=40, default="", allow_blank=True)
    note = TextField(max_length=2000, default="")


class ContractorFilters(Filters):
    """Firms by trade, and whether they are still used."""

    trade = django_filters.CharFilter("trades", lookup_expr="contains", help_text="The key of a discipline.", method="of_trade")
    active = django_filters.BooleanFilter()

    def of_trade(self, rows: Any, name: str, value: str) -> Any:
        """Those that do this work."""
        return rows.filter(**{f"{name}__contains": [value]})


class Contractors(ScopedViewSet):
    """Firms that examine, service and mend; the whole trust's."""

    rows = Contractor.objects.order_by("name", "id")
    called = "That contractor"
    serializer_class = ContractorRow
    filterset_class = ContractorFilters

    def shown(self, page: Rows) -> Rows:
        """Each firm with how it stands. One query."""
        said = standings(page, today())
        return [told(firm, said[firm.pk]) for firm in page]

    def shown_alone(self, row: Any) -> Any:
        """One firm with how it stands."""
        return self.shown([row])[0]

    @extend_schema(request=NewContractor, responses={201: ContractorRow})
    def create(self, request: Request) -> Response:
        """Add a firm."""
        sent = self.body(NewContractor)
        return Response(self.shown_alone(add_contractor(person=asker(request), firm=Firm(**sent))), status=201)


def told(firm: Contractor, how: Any) -> dict[str, Any]:
    """A firm as it is sent."""
    plain = {name: getattr(firm, name) for name in ("id", "name", "trades", "active", "email", "phone")}
    return {**plain, "may_work": how.may_work, "missing": list(how.missing), "ends_soon": list(how.soon)}
