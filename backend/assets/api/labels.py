"""Labels by the API: lost ones replaced, others taken out of use, rolls of labels to be put up later."""

import uuid
from typing import Any

import django_filters
from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.actions import make_roll, replace_tag, retire_tag
from backend.assets.actions.printing import MOST_IN_A_ROLL
from backend.assets.models import LabelRun, Tag, TagRetirement
from backend.core.api.asking import Filters
from backend.core.api.bodies import Body, LineField, TextField
from backend.core.api.resources import Address, ScopedViewSet
from backend.core.problems import NotFound
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.named import named_place
from backend.trust.tokens import asker

STOCK = "Printed by another system"
UNCLAIMED = Count("tags", filter=Q(tags__claimed_at=None, tags__retired_at=None))


class TagRow(serializers.Serializer[Any]):
    """A label: what it is on now, when it was taken out of use, and which label came in its place."""

    code = serializers.CharField()
    asset = serializers.UUIDField(allow_null=True)
    building = serializers.UUIDField(allow_null=True)
    space = serializers.UUIDField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)
    replaced_by = serializers.CharField(allow_null=True, help_text="The code of the label that came in its place.")


class Retiring(Body):
    """Why a label is taken out of use."""

    why = serializers.ChoiceField(TagRetirement.Why.choices)
    note = TextField(max_length=300, required=False, default="")


class OneTag(Address):
    """What both deeds share."""

    def seen(self, code: str) -> Person:
        """The asker, when the label is on something that they may know of. Raises NotFound."""
        person = asker(self.request)
        if not Tag.objects.visible_to(person).filter(pk=code.upper()).exists():
            raise NotFound("That label")
        return person


def tag_row(tag: Tag, replaced_by: str | None = None) -> dict[str, Any]:
    """A label as it is sent."""
    row = {name: getattr(tag, f"{name}_id") for name in ("asset", "building", "space")}
    return {"code": tag.pk, **row, "retired_at": tag.retired_at, "replaced_by": replaced_by}


class ReplaceTag(OneTag):
    """Another label in its place."""

    @extend_schema(operation_id="tags_replace", request=Retiring, responses={201: TagRow})
    def post(self, _request: Request, code: str, **_more: Any) -> Response:
        """Take a label out of use and make another for the same thing: the answer is the new one, to be printed."""
        person = self.seen(code)
        return Response(tag_row(replace_tag(code=code, person=person, **self.body(Retiring))), status=201)


class RetireTag(OneTag):
    """No label in its place."""

    @extend_schema(operation_id="tags_retire", request=Retiring, responses=TagRow)
    def post(self, _request: Request, code: str, **_more: Any) -> Response:
        """Take a label out of use. It is on nothing from now on."""
        person = self.seen(code)
        return Response(tag_row(retire_tag(code=code, person=person, **self.body(Retiring)).tag))


class RollRow(serializers.Serializer[Any]):
    """A roll in a list. `unclaimed` counts its labels that are on nothing yet."""

    id = serializers.UUIDField()
    site = serializers.UUIDField(source="site_id")
    site_name = serializers.CharField(source="site.name")
    stock = serializers.CharField(help_text="What they were printed on, in words.")
    printed_at = serializers.DateTimeField()
    unclaimed = serializers.IntegerField()


class RollAlone(RollRow):
    """One roll, with the codes of its labels in their order."""

    codes = serializers.ListField(child=serializers.CharField())


class NewRoll(Body):
    """Labels that are on nothing yet, for a site. They are claimed with the phone, or by `claim-tag`."""

    site = serializers.UUIDField()
    count = serializers.IntegerField(min_value=1, max_value=MOST_IN_A_ROLL)
    stock = LineField(max_length=120, required=False, default=STOCK)


class RollFilters(Filters):
    """Rolls by site."""

    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")


class LabelRolls(ScopedViewSet):
    """Rolls of labels that were made before it was known on what they go."""

    rows = LabelRun.objects.filter(kind=LabelRun.Kind.ROLL).order_by("-printed_at", "-id")
    called = "That roll of labels"
    serializer_class = RollRow
    detail_class = RollAlone
    filterset_class = RollFilters

    def get_queryset(self) -> Any:
        """Those of sites where the asker prints labels."""
        found = LabelRun.objects.none() if getattr(self, "swagger_fake_view", False) else self.printed_by_asker()
        return found.select_related("site").annotate(unclaimed=UNCLAIMED)

    def printed_by_asker(self) -> Any:
        """The rolls of those sites."""
        return self.rows.all().visible_to(asker(self.request), permits.LABEL_PRINT)

    @extend_schema(request=NewRoll, responses={201: RollAlone})
    def create(self, request: Request) -> Response:
        """Make a roll: codes to be printed by whoever asks."""
        sent, person = self.body(NewRoll), asker(request)
        site = named_place({"site": sent["site"]}, person)["site"]
        run = make_roll(site=site, count=sent["count"], stock=sent["stock"], person=person)
        return Response(self.shown_alone(self.made(run.pk)), status=201)

    def made(self, pk: uuid.UUID) -> Any:
        """A roll as it is read."""
        return self.get_queryset().get(pk=pk)
