"""Pulling: who I am, and three documents for each site, whole."""

import uuid

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.resources import Address
from backend.core.days import today
from backend.sync.api.documents import DueShape, FormsShape, RegisterShape
from backend.sync.api.shapes import MeShape
from backend.sync.pull.due import due
from backend.sync.pull.forms import forms
from backend.sync.pull.me import me
from backend.sync.pull.register import register
from backend.sync.pull.unchanged import fingerprint
from backend.sync.pull.whole import known, whole
from backend.trust.models import Person, Site

SINCE = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of what is here already."
)
UNCHANGED = OpenApiResponse(description="Nothing has changed.")


def site_of(request: Request, id: uuid.UUID) -> tuple[Person, Site]:
    """Who asks, and the site. Raises NotFound for one that they may not know of."""
    assert isinstance(request.user, Person)
    return request.user, Site.objects.select_related("school").get_visible(request.user, pk=id)


class Me(Address):
    """Who I am."""

    @extend_schema(operation_id="field_me", responses=MeShape)
    def get(self, request: Request) -> Response:
        """The signed-in person, what they may do anywhere, and their sites."""
        assert isinstance(request.user, Person)
        get_token(request._request)  # the cookie that the phone's calls need
        return Response(me(request.user, timezone.now()), headers={"Cache-Control": "no-store"})


class Forms(Address):
    """The questions of every check."""

    @extend_schema(operation_id="field_forms", responses={200: FormsShape, 304: UNCHANGED}, parameters=[SINCE])
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """Check types in every revision still in use, question by question."""
        _, site = site_of(request, id)
        return whole(request, forms(site, timezone.now()))


class Register(Address):
    """What stands where."""

    @extend_schema(operation_id="field_register", responses={200: RegisterShape, 304: UNCHANGED}, parameters=[SINCE])
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """Places with their warnings, assets, tags, and people with the competences that matter."""
        _, site = site_of(request, id)
        return whole(request, register(site, today()))


class Due(Address):
    """What is owed."""

    @extend_schema(operation_id="field_due", responses={200: DueShape, 304: UNCHANGED}, parameters=[SINCE])
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """Plans with their dates, reasons and windows ahead; open problems and work orders; last readings."""
        _, site = site_of(request, id)
        now = today()
        return known(request, fingerprint(site, now), lambda: due(site, now))
