"""How an asset is sent and received."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from rest_framework import serializers

from backend.assets.models import Asset
from backend.core.api.bodies import Body, DayField, FactsField, LineField, TextField

LISTED: Final = (
    "id", "name", "status", "status_since", "make", "model", "serial", "installed_on", "site_id", "site__name",
    "building_id", "building__name", "space_id", "space__name", "type_id", "type__name", "type__discipline", "parent_id",
)  # fmt: skip
ALONE: Final = (*LISTED, "status_reason", "note", "facts", "added_at")
TAGS: Final = ArrayAgg("tags__code", filter=Q(tags__retired_at=None, tags__code__isnull=False), default=[])


class AssetRow(serializers.Serializer[Any]):
    """An asset in a list."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    type = serializers.CharField()
    type_name = serializers.CharField()
    discipline = serializers.CharField()
    status = serializers.ChoiceField(Asset.Status.choices)
    status_since = serializers.DateField(allow_null=True)
    site = serializers.UUIDField()
    site_name = serializers.CharField()
    building = serializers.UUIDField(allow_null=True)
    building_name = serializers.CharField(allow_null=True)
    space = serializers.UUIDField(allow_null=True)
    space_name = serializers.CharField(allow_null=True)
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]  # a field's own `parent` is kept elsewhere
    make = serializers.CharField()
    model = serializers.CharField()
    serial = serializers.CharField()
    installed_on = serializers.DateField(allow_null=True)


class AssetAlone(AssetRow):
    """One asset, with everything that is known of it. `tags` are the codes of its labels in use."""

    status_reason = serializers.CharField()
    note = serializers.CharField()
    facts = serializers.DictField()
    added_at = serializers.DateTimeField()
    tags = serializers.ListField(child=serializers.CharField())


def asset_row(found: Mapping[str, Any]) -> dict[str, Any]:
    """An asset's columns (LISTED or more) as they are sent."""
    row = {
        "id": found["id"],
        "name": found["name"],
        "type": found["type_id"],
        "type_name": found["type__name"],
        "discipline": found["type__discipline"],
        "status": found["status"],
        "status_since": found["status_since"],
        "site": found["site_id"],
        "site_name": found["site__name"],
        "building": found["building_id"],
        "building_name": found["building__name"],
        "space": found["space_id"],
        "space_name": found["space__name"],
        "parent": found["parent_id"],
        "make": found["make"],
        "model": found["model"],
        "serial": found["serial"],
        "installed_on": found["installed_on"],
    }
    if "facts" in found:
        row |= {name: found[name] for name in ("status_reason", "note", "facts", "added_at")}
        row["tags"] = sorted(found["tags_in_use"])
    return row


def alone(assets: QuerySet[Asset], pk: uuid.UUID) -> dict[str, Any] | None:
    """One asset of `assets` as it is sent, in one query; None when it is not among them."""
    found = assets.filter(pk=pk).values(*ALONE).annotate(tags_in_use=TAGS).order_by()[:1]
    return next((asset_row(row) for row in found), None)


class NewAsset(Body):
    """An asset to be added. With an `id` of your own the same body may be sent again: it is added once."""

    id = serializers.UUIDField(required=False)
    site = serializers.UUIDField()
    building = serializers.UUIDField(required=False, allow_null=True)
    space = serializers.UUIDField(required=False, allow_null=True)
    type = LineField(max_length=60)
    parent = serializers.UUIDField(required=False, allow_null=True)  # type: ignore[assignment]  # as above
    name = LineField(max_length=160)
    make = LineField(max_length=80, allow_blank=True, required=False)
    model = LineField(max_length=80, allow_blank=True, required=False)
    serial = LineField(max_length=80, allow_blank=True, required=False)
    installed_on = DayField(required=False, allow_null=True)
    note = TextField(max_length=2000, required=False)
    facts = FactsField(required=False)


class AssetChanges(Body):
    """What is to change of an asset; what is not named stays as it is."""

    name = LineField(max_length=160, required=False)
    building = serializers.UUIDField(required=False, allow_null=True)
    space = serializers.UUIDField(required=False, allow_null=True)
    make = LineField(max_length=80, allow_blank=True, required=False)
    model = LineField(max_length=80, allow_blank=True, required=False)
    serial = LineField(max_length=80, allow_blank=True, required=False)
    installed_on = DayField(required=False, allow_null=True)
    note = TextField(max_length=2000, required=False)
    facts = FactsField(required=False)


class TagCode(Body):
    """A label's code, as printed or typed."""

    code = LineField(max_length=20)
