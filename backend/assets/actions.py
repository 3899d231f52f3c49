"""Every write of the register: assets, their status, tags and readings."""

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.assets.models import Asset, Reading, Tag
from backend.core import audit
from backend.core.problems import NotFound, Problem
from backend.rules.tagcode import make_code
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

CHANGEABLE = ("name", "make", "model", "serial", "note", "installed_on", "facts")


@transaction.atomic
def add_assets(assets: Sequence[Asset], *, person: Person) -> list[Asset]:
    """Put assets (not yet saved; ids may be a phone's) into the register. Raises Problem and keeps none when one is not sound."""
    for site in {asset.site_id: asset.site for asset in assets}.values():
        require(person, permits.ASSET_CHANGE, site, "add assets")
    for asset in assets:
        sound_place(asset)
        if not asset.name.strip():
            raise Problem("name_missing", "Give the asset a name.", fields={"name": "Write what it is called."})
    made = Asset.objects.bulk_create(assets, batch_size=1000)
    audit.append([audit.Fact("asset", f"asset:{each.pk}", content(each), person.pk, person.name) for each in made])
    return made


def sound_place(asset: Asset) -> None:
    """The building, space and parent belong to the asset's site."""
    if asset.building and asset.building.site_id != asset.site_id:
        raise Problem("wrong_place", "That building is at another site.", fields={"building": "Choose a building of this site."})
    if asset.space and asset.space.building_id != asset.building_id:
        raise Problem("wrong_place", "That space is in another building.", fields={"space": "Choose a space of this building."})
    if asset.parent and asset.parent.site_id != asset.site_id:
        raise Problem("wrong_place", "An asset and what it is part of must be at the same site.")


@transaction.atomic
def change_asset(asset: Asset, *, changes: Mapping[str, Any], person: Person) -> Asset:
    """Change what is known of an asset: the fields of CHANGEABLE, `building` and `space` (objects or None).

    Raises Problem naming fields that do not exist; then nothing is changed.
    """
    require(person, permits.ASSET_CHANGE, asset.site, "change assets")
    unknown = set(changes) - {*CHANGEABLE, "building", "space"}
    if unknown:
        raise Problem("unknown_field", "Some of these details cannot be changed.", fields=dict.fromkeys(unknown, "not known"))
    before = content(asset)
    for name, value in changes.items():
        setattr(asset, name, value)
    sound_place(asset)
    asset.full_clean(exclude=["site", "type", "parent"], validate_unique=False, validate_constraints=False)
    asset.save(update_fields=sorted(changes))
    said = {"before": before, "after": content(asset)}
    audit.append([audit.Fact("asset-change", f"asset:{asset.pk}", said, person.pk, person.name)])
    return asset


@transaction.atomic
def set_status(asset: Asset, *, status: str, person: Person, on: dt.date, reason: str) -> Asset:
    """Set in use, out of service or retired. Plans follow through checks.actions, which is what pages and the API call."""
    require(person, permits.PLAN_CHANGE, asset.site, "take equipment in or out of service")
    if status != Asset.Status.IN_USE and not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    asset.status, asset.status_since, asset.status_reason = status, on, reason
    asset.save(update_fields=["status", "status_since", "status_reason"])
    said = {"status": status, "on": on, "reason": reason}
    audit.append([audit.Fact("asset-status", f"asset:{asset.pk}", said, person.pk, person.name)])
    return asset


def content(asset: Asset) -> dict[str, Any]:
    """What the audit chain covers of an asset."""
    return {column.attname: getattr(asset, column.attname) for column in Asset._meta.concrete_fields}


def draw_codes(count: int) -> list[str]:
    """`count` tag codes that no tag has yet."""
    drawn: set[str] = set()
    while len(drawn) < count:
        wanted = {make_code(secrets.SystemRandom()) for _ in range(count - len(drawn))}
        drawn |= wanted - set(Tag.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    return sorted(drawn)


def make_tags(count: int) -> list[Tag]:
    """Make `count` fresh tags, not yet on an asset."""
    return Tag.objects.bulk_create([Tag(code=code) for code in draw_codes(count)], batch_size=2000)


@transaction.atomic
def claim_tag(*, code: str, asset: Asset, person: Person) -> Tag:
    """Put a tag on an asset. Raises Problem when the tag is on another asset, retired or not known."""
    require(person, permits.ASSET_CHANGE, asset.site, "put a tag on an asset")
    tag = Tag.objects.select_for_update().filter(pk=code.upper()).first()
    if tag is None:
        raise NotFound("That tag")
    if tag.retired_at:
        raise Problem("tag_retired", "That tag was taken out of use. Use a new one.", status=409)
    if tag.asset_id and tag.asset_id != asset.pk:
        raise Problem("tag_taken", "That tag is on another asset already.", status=409)
    if tag.asset_id is None:
        tag.asset, tag.claimed_at = asset, timezone.now()
        tag.save(update_fields=["asset", "claimed_at"])
        audit.append([audit.Fact("tag", f"tag:{tag.code}", {"asset": asset.pk}, person.pk, person.name)])
    return tag


def ensure_tags(assets: Sequence[Asset]) -> dict[uuid.UUID, Tag]:
    """A tag for each asset, drawn where it has none in use: what label printing calls first."""
    found: dict[uuid.UUID, Tag] = {}
    for tag in Tag.objects.filter(asset__in=assets, retired_at=None).order_by("-made_at"):
        if tag.asset_id:
            found[tag.asset_id] = tag
    missing = [asset for asset in assets if asset.pk not in found]
    now = timezone.now()
    fresh = [Tag(code=code, asset=asset, claimed_at=now) for asset, code in zip(missing, draw_codes(len(missing)), strict=True)]
    Tag.objects.bulk_create(fresh, batch_size=2000)
    return found | dict(zip([asset.pk for asset in missing], fresh, strict=True))


@transaction.atomic
def take_reading(*, id: uuid.UUID, asset: Asset, value: Decimal, unit: str, taken_at: dt.datetime, person: Person) -> Reading:
    """Keep a value read off an asset."""
    require(person, permits.CHECK_RECORD, asset.site, "take readings")
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        raise Problem("answers", "That reading is not a possible number.", fields={"value": "Write the number shown."})
    reading = Reading.objects.create(
        id=id, asset=asset, value=value, unit=unit[:20], taken_at=taken_at.astimezone(dt.UTC), taken_by=person
    )
    said = {"asset": asset.pk, "value": str(value), "unit": unit, "taken_at": reading.taken_at}
    audit.append([audit.Fact("reading", f"reading:{reading.pk}", said, person.pk, person.name)])
    return reading
