"""The register where plans follow: an asset's details and the intervals of its checks, moves, and how it goes."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.actions import move_asset
from backend.assets.api import assets as register
from backend.assets.api.shapes import AssetAlone
from backend.assets.models import Asset, Disposal
from backend.checks.actions.following import change_details
from backend.checks.actions.leaving import Going, dispose
from backend.checks.actions.moving_on import move_to_site
from backend.checks.api.service import Service
from backend.core.api.bodies import Body, DayField, LineField, TextField
from backend.core.days import today
from backend.trust.models import Person
from backend.trust.named import named_place
from backend.trust.tokens import asker


class Assets(register.Assets):
    """The register of assets."""

    def changed(self, asset: Asset, changes: dict[str, Any], person: Person) -> None:
        """Change it; the plans that follow its facts follow them on."""
        change_details(asset, changes=changes, person=person, today=today())


class NewPlace(Body):
    """Where an asset goes: a building and a space of its site, or of another `site`, which needs a reason.

    `with_parts`: its parts go along (true unless said; to another site they always do).
    """

    site = serializers.UUIDField(required=False)
    building = serializers.UUIDField(required=False, allow_null=True)
    space = serializers.UUIDField(required=False, allow_null=True)
    with_parts = serializers.BooleanField(required=False, default=True)
    reason = TextField(max_length=300, required=False)


class MoveAsset(Service):
    """To another place."""

    @extend_schema(request=NewPlace, responses=AssetAlone)
    def post(self, request: Request, id: uuid.UUID, **_more: Any) -> Response:
        """Move an asset. At another site it goes on as another asset, which is answered; what was recorded stays where it was."""
        asset, sent, person = self.asset(id), self.body(NewPlace), asker(request)
        place = named_place(sent, person)
        where: dict[str, Any] = {"building": place.get("building"), "space": place.get("space")}
        if where["space"] and not where["building"]:
            where["building"] = where["space"].building
        why, site = sent.get("reason", ""), place.get("site", asset.site)
        if site.pk == asset.site_id:
            move_asset(asset, person=person, why=why, with_parts=sent["with_parts"], **where)
            return self.sent(asset.pk)
        return self.sent(move_to_site(asset, site=site, person=person, why=why, today=today(), **where).pk)


class Leave(Body):
    """How an asset goes for good. `value_pence`: what was received. `parts`: needed when it has any."""

    method = serializers.ChoiceField(Disposal.Method.choices)
    on = DayField(required=False)
    reason = TextField(max_length=300, allow_blank=False)
    to_whom = LineField(max_length=160, allow_blank=True, required=False)
    value_pence = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10**11)
    parts = serializers.ChoiceField([("retire", "They go too"), ("keep", "They stay")], required=False)


class RetireAsset(Service):
    """Out of the register for good."""

    @extend_schema(request=Leave, responses=AssetAlone)
    def post(self, request: Request, id: uuid.UUID, **_more: Any) -> Response:
        """Retire an asset: its checks end, and how it went is kept."""
        asset, sent, now = self.asset(id), self.body(Leave), today()
        more = {name: sent[name] for name in ("to_whom", "value_pence", "parts") if name in sent}
        going = Going(sent["method"], sent.get("on", now), sent["reason"], **more)
        dispose(asset, going=going, person=asker(request), today=now)
        return self.sent(id)
