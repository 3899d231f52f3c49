"""What people say of sites and buildings: the facts that decide which checks apply."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.bodies import Body, FactsField
from backend.core.api.resources import Address
from backend.trust.actions.facts import say_facts
from backend.trust.models import Building, Site
from backend.trust.named import named
from backend.trust.tokens import asker


class FactsSaid(Body):
    """Facts by their keys: true, false, a whole number, or "unknown" (asked, and nobody knew). Others stay as they are."""

    facts = FactsField()


class FactsNow(serializers.Serializer[Any]):
    """What people have said of the place until now."""

    facts = serializers.DictField()


class SayFacts(Address):
    """What both addresses share."""

    place: type[Site] | type[Building]

    def said(self, request: Request, id: uuid.UUID) -> Response:
        """Keep what was sent, and answer what stands now."""
        rows: Any = self.place._default_manager
        rows = rows.select_related("site") if self.place is Building else rows
        place: Site | Building = named(rows, asker(request), "id", id)
        say_facts(place, answers=self.body(FactsSaid)["facts"], actor=asker(request))
        place.refresh_from_db(fields=["facts"])
        return Response({"facts": place.facts})


class SaySiteFacts(SayFacts):
    """Of a site."""

    place = Site

    @extend_schema(operation_id="sites_say_facts", request=FactsSaid, responses=FactsNow)
    def post(self, request: Request, id: uuid.UUID, **_more: Any) -> Response:
        """Say what is at a site. Which checks apply is worked out from it; plans change only when somebody accepts them."""
        return self.said(request, id)


class SayBuildingFacts(SayFacts):
    """Of a building."""

    place = Building

    @extend_schema(operation_id="buildings_say_facts", request=FactsSaid, responses=FactsNow)
    def post(self, request: Request, id: uuid.UUID, **_more: Any) -> Response:
        """Say what is known of a building; year, floor area and floors go where it keeps them."""
        return self.said(request, id)
