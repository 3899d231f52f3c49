"""What a scanned or typed label stands for: the asset and how its checks stand. Two queries beside the sign-in's."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.api.assets import sound_code
from backend.assets.api.shapes import ALONE, TAGS, AssetAlone, asset_row
from backend.assets.models import Asset, Tag
from backend.checks.api.plan_rows import STATUSES
from backend.checks.models import Plan
from backend.core.api.resources import Address
from backend.core.days import today
from backend.core.problems import NotFound
from backend.trust.tokens import asker

SHOWN: Final = (
    "due_on", "overdue_from", "soon_from", "pauses", "last_done_on", "check_type__title", "check_type__verified",
)  # fmt: skip


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
        code, person = sound_code(code), asker(request)
        assets = Asset.objects.visible_to(person).filter(pk__in=Tag.objects.filter(pk=code).values("asset"))
        found = next(iter(assets.values(*ALONE).annotate(tags_in_use=TAGS).order_by()[:1]), None)
        if found is None:
            raise NotFound("An asset with that label")
        plans = Plan.objects.visible_to(person).filter(asset=found["id"], active=True).select_related("check_type").only(*SHOWN)
        now = today()
        shown = [
            {
                "id": plan.pk,
                "check_type": plan.check_type_id,
                "title": plan.check_type.title,
                "verified": plan.check_type.verified,
                "status": plan.status(now).value,
                "last_done_on": plan.last_done_on,
            }
            for plan in plans.order_by("overdue_from", "id")
        ]
        return Response({"code": code, **asset_row(found), "plans": shown})
