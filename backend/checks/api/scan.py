"""What a scanned or typed label stands for: the asset and how its checks stand. Two queries beside the sign-in's."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.api.assets import sound_code
from backend.assets.api.shapes import ALONE, AssetAlone, asset_row
from backend.checks.api.plan_rows import STATUSES
from backend.checks.queries.scanned import checks_of, scanned
from backend.core.api.resources import Address
from backend.core.days import today
from backend.core.problems import NotFound
from backend.trust.tokens import asker


class ScannedPlan(serializers.Serializer[Any]):
    """How one of its checks stands. `GET /api/v1/plans/{id}` has the dates and the reasons."""

    id = serializers.UUIDField()
    check_type = serializers.CharField()
    title = serializers.CharField()
    verified = serializers.BooleanField()
    status = serializers.ChoiceField(STATUSES)
    last_done_on = serializers.DateField(allow_null=True)


class Scanned(AssetAlone):
    """The asset that a label is on, and its checks, most pressing first."""

    code = serializers.CharField()
    plans = ScannedPlan(many=True)


class ByTag(Address):
    """Scan a label."""

    @extend_schema(operation_id="assets_by_tag_retrieve", responses=Scanned)
    def get(self, request: Request, code: str) -> Response:
        """The asset that a label is on. Capitals do not matter; 400 when the check character does not fit."""
        code = sound_code(code)
        found = scanned(asker(request), code)
        if found is None:
            raise NotFound("An asset with that label")
        row = asset_row(dict(zip((*ALONE, "tags_in_use"), found, strict=True)))
        return Response({"code": code, **row, "plans": checks_of(row["id"], today())})
