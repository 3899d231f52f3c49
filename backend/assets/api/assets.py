"""Assets: list, one, and what may be done to one."""

from typing import Any, cast

import django_filters
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.actions import add_assets, change_asset, claim_tag
from backend.assets.api.shapes import LISTED, AssetAlone, AssetChanges, AssetRow, NewAsset, TagCode, alone, asset_row
from backend.assets.api.types import known_type
from backend.assets.models import Asset, AssetQuerySet, AssetType
from backend.core.api.asking import Filters, KeyOf, words
from backend.core.api.resources import ScopedViewSet
from backend.core.ids import new_id
from backend.core.problems import NotFound, Problem
from backend.rules.tagcode import from_text
from backend.trust.models import Person
from backend.trust.named import named, named_place
from backend.trust.tokens import asker


class AssetFilters(Filters):
    """Assets by place, kind and status; `search` finds the beginnings of words of name, make, model and serial."""

    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")
    building = django_filters.UUIDFilter("building_id")
    space = django_filters.UUIDFilter("space_id")
    type = KeyOf("type_id", known=known_type, what="kind of asset")
    status = words(Asset.Status.choices)
    search = django_filters.CharFilter(
        method="matching", max_length=100, help_text="Beginnings of words of name, make, model and serial number."
    )

    def matching(self, rows: AssetQuerySet, _name: str, text: str) -> AssetQuerySet:
        """Those that the words find."""
        return rows.matching(text)


class Assets(ScopedViewSet):
    """The register of assets."""

    rows = Asset.objects.order_by("name", "id")
    called = "That asset"
    serializer_class = AssetRow
    detail_class = AssetAlone
    filterset_class = AssetFilters

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filtered, and read as plain columns: the list is hot."""
        return cast(QuerySet[Any], super().filter_queryset(queryset).values(*LISTED))

    def shown(self, page: list[Any]) -> list[Any]:
        """The rows of a page."""
        return [asset_row(found) for found in page]

    def retrieve(self, request: Request, **_where: Any) -> Response:
        """One asset, with its labels' codes and everything known of it."""
        return Response(self.sent_alone(self.kwargs["id"]))

    def sent_alone(self, pk: Any) -> dict[str, Any]:
        """One asset as it is sent. Raises NotFound."""
        row = alone(self.get_queryset(), pk)
        if row is None:
            raise NotFound(self.called)
        return row

    def one(self) -> Asset:
        """The asset that the address names, to be changed."""
        return named(Asset.objects.select_related("site", "building", "space"), asker(self.request), "id", self.kwargs["id"])

    @extend_schema(
        request=NewAsset,
        responses={201: AssetAlone, 200: OpenApiResponse(AssetAlone, description="It had been added already.")},
    )
    def create(self, request: Request) -> Response:
        """Add an asset to a site's register."""
        sent, person = self.body(NewAsset), asker(request)
        asset = asset_of(sent, person)
        if "id" in sent and (before := Asset.objects.filter(pk=sent["id"]).first()):
            return self.added_before(before, asset)
        try:
            with transaction.atomic():
                add_assets([asset], person=person)
        except IntegrityError:
            return self.added_before(Asset.objects.filter(pk=asset.pk).first(), asset)
        return Response(self.sent_alone(asset.pk), status=201)

    def added_before(self, before: Asset | None, asset: Asset) -> Response:
        """The answer when the id is in use: the asset when it is the same one, else Problem (409)."""
        same = ("site_id", "type_id")
        if before is None or any(getattr(before, name) != getattr(asset, name) for name in same):
            raise Problem("id_taken", "That id belongs to something else. Send a fresh one.", status=409)
        return Response(self.sent_alone(before.pk))

    @extend_schema(request=AssetChanges, responses=AssetAlone)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, **_where: Any) -> Response:
        """Change what is known of an asset."""
        asset, person, sent = self.one(), asker(request), self.body(AssetChanges)
        if not sent:
            raise Problem("nothing_to_change", "Name at least one detail that is to change.")
        self.changed(asset, {**sent, **named_place(sent, person)}, person)
        return Response(self.sent_alone(asset.pk))

    def changed(self, asset: Asset, changes: dict[str, Any], person: Person) -> None:
        """Change it. Where checks are planned on assets they follow (checks.api), which knows of plans."""
        change_asset(asset, changes=changes, person=person)

    @extend_schema(request=TagCode, responses=AssetAlone)
    @action(detail=True, methods=["post"], url_path="claim-tag")
    def claim_tag(self, request: Request, **_where: Any) -> Response:
        """Put a label's code on this asset. Doing it twice changes nothing."""
        asset, person, sent = self.one(), asker(request), self.body(TagCode)
        claim_tag(code=sound_code(sent["code"]), asset=asset, person=person)
        return Response(self.sent_alone(asset.pk))


def asset_of(sent: dict[str, Any], person: Person) -> Asset:
    """The asset that a body describes, not yet saved. Raises Problem for places and kinds that do not exist."""
    place = named_place(sent, person)
    kind = AssetType.objects.filter(pk=sent["type"]).first()
    if kind is None:
        wrong = {"type": "There is no kind of asset with this key. GET /api/v1/asset-types lists them."}
        raise Problem("unknown_type", "That kind of asset is not in the library.", fields=wrong)
    parent = sent.get("parent")
    plain = ("name", "make", "model", "serial", "installed_on", "note", "facts")
    return Asset(
        id=sent.get("id") or new_id(),
        site=place["site"],
        building=place.get("building"),
        space=place.get("space"),
        type=kind,
        parent=named(Asset.objects.select_related("site"), person, "parent", parent) if parent else None,
        **{name: sent[name] for name in plain if name in sent},
    )


def sound_code(text: str) -> str:
    """The code that somebody printed, scanned or typed. Raises Problem (400) when its check character does not fit."""
    read = from_text(text, ())
    if read.kind != "code" or read.code is None:
        wrong = {"code": "Eight letters and figures, the last of which proves the others. Look at the label again."}
        raise Problem("bad_code", "That is not a label's code: its check character does not fit the rest.", fields=wrong)
    return read.code
