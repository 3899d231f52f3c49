"""Taking an asset out of service and bringing it back: its plans follow."""

import datetime as dt
import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.api.shapes import AssetAlone, alone
from backend.assets.models import Asset
from backend.checks.actions import return_to_service, take_out_of_service
from backend.core.api.bodies import Body, DayField, TextField
from backend.core.api.resources import Address
from backend.core.days import today
from backend.core.problems import Problem
from backend.trust.named import named
from backend.trust.tokens import asker

FURTHEST = dt.timedelta(days=366)


class Leaving(Body):
    """Since when (today unless said) and why it is out of service."""

    on = DayField(required=False)
    reason = TextField(max_length=300, allow_blank=False)


class Returning(Body):
    """Since when it is in service again: today unless said."""

    on = DayField(required=False)


class Service(Address):
    """What both ways share."""

    def asset(self, pk: uuid.UUID) -> Asset:
        """The asset that the address names."""
        return named(Asset.objects.select_related("site", "building", "space"), asker(self.request), "id", pk)

    def sent(self, pk: uuid.UUID) -> Response:
        """The asset as it is now."""
        return Response(alone(Asset.objects.visible_to(asker(self.request)), pk))


class TakeOutOfService(Service):
    """Out of service."""

    @extend_schema(request=Leaving, responses=AssetAlone)
    def post(self, request: Request, id: uuid.UUID, **_more: Any) -> Response:
        """Take an asset out of service: the clocks of its checks are shown as paused."""
        asset, sent, now = self.asset(id), self.body(Leaving), today()
        on = near(sent.get("on"), now)
        take_out_of_service(asset, person=asker(request), on=on, reason=sent["reason"], today=now)
        return self.sent(id)


class ReturnToService(Service):
    """Back into service."""

    @extend_schema(request=Returning, responses=AssetAlone)
    def post(self, request: Request, id: uuid.UUID, **_more: Any) -> Response:
        """Bring an asset back into service; refused (409) while a legal examination of it has lapsed."""
        asset, sent, now = self.asset(id), self.body(Returning), today()
        return_to_service(asset, person=asker(request), on=near(sent.get("on"), now), today=now)
        return self.sent(id)


def near(on: dt.date | None, now: dt.date) -> dt.date:
    """The day meant: today unless said. Raises Problem for one more than a year away."""
    if on and abs(on - now) > FURTHEST:
        raise Problem("too_far", "That day is more than a year away.", fields={"on": "Choose a day within a year of today."})
    return on or now
