"""Tags: make, claim, and see that each asset has one."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.assets.evidence import TAGS
from backend.assets.models import Asset, Tag
from backend.core import audit
from backend.core.problems import NotFound, Problem
from backend.rules.tagcode import make_code
from backend.trust import permits
from backend.trust.actions.acting import Actor, fact, require_site
from backend.trust.models import Person
from backend.trust.scope import require

LABELS = "Labels"


def draw_codes(count: int) -> list[str]:
    """`count` tag codes that no tag has yet."""
    drawn: set[str] = set()
    while len(drawn) < count:
        wanted = {make_code(secrets.SystemRandom()) for _ in range(count - len(drawn))}
        drawn |= wanted - set(Tag.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    return sorted(drawn)


@transaction.atomic
def make_tags(count: int) -> list[Tag]:
    """Make `count` fresh tags, not yet on an asset."""
    return entered(Tag.objects.bulk_create([Tag(code=code) for code in draw_codes(count)], batch_size=2000))


def entered(tags: list[Tag]) -> list[Tag]:
    """Fresh tags, once they are in the audit chain: printing makes them, whoever prints."""
    audit.append([TAGS.fact(tag, None, LABELS) for tag in tags])
    return tags


@transaction.atomic
def claim_tag(*, code: str, asset: Asset, person: Person) -> Tag:
    """Put a tag on an asset. Raises Problem when the tag is on another asset, retired or not known."""
    require(person, permits.ASSET_CHANGE, asset.site, "put a tag on an asset")
    tag = Tag.objects.select_for_update().filter(pk=code.upper()).first()
    if tag is None:
        raise NotFound("That tag")
    if tag.retired_at:
        raise Problem("tag_retired", "That tag was taken out of use. Use a new one.", status=409)
    if tag.building_id or tag.space_id:
        raise Problem("tag_taken", "That tag is on a room or a building already.", status=409)
    if tag.asset_id and tag.asset_id != asset.pk:
        raise Problem("tag_taken", "That tag is on another asset already.", status=409)
    if tag.asset_id is None:
        tag.asset, tag.claimed_at = asset, timezone.now()
        tag.save(update_fields=["asset", "claimed_at"])
        audit.append([TAGS.fact(tag, person.pk, person.name)])
    return tag


@transaction.atomic
def ensure_tags(assets: Sequence[Asset]) -> dict[uuid.UUID, Tag]:
    """A tag for each asset, drawn where it has none in use: what label printing calls first."""
    found: dict[uuid.UUID, Tag] = {}
    for tag in Tag.objects.filter(asset__in=assets, retired_at=None).order_by("-made_at"):
        if tag.asset_id:
            found[tag.asset_id] = tag
    missing = [asset for asset in assets if asset.pk not in found]
    now = timezone.now()
    fresh = [Tag(code=code, asset=asset, claimed_at=now) for asset, code in zip(missing, draw_codes(len(missing)), strict=True)]
    entered(Tag.objects.bulk_create(fresh, batch_size=2000))
    return found | dict(zip([asset.pk for asset in missing], fresh, strict=True))


@transaction.atomic
def tag_assets(pairs: Mapping[str, Asset], *, person: Actor) -> list[tuple[Tag, dict[str, Any]]]:
    """Put labels (by their codes) on assets; answers each that was not there yet, with its columns as they were.

    Raises Problem for a label that is not known, on something else, or out of use; then none is put on.
    """
    for site in {asset.site_id: asset.site for asset in pairs.values()}.values():
        require_site(person, permits.ASSET_CHANGE, site, "put a tag on an asset")
    now, put_on = timezone.now(), []
    found = {tag.pk: tag for tag in Tag.objects.select_for_update().filter(pk__in=list(pairs))}
    for code, asset in pairs.items():
        tag = found.get(code)
        if tag is None or tag.retired_at or tag.building_id or tag.space_id or tag.asset_id not in (None, asset.pk):
            raise Problem("tag_taken", f"The label {code} cannot be put on {asset}: it is in use elsewhere.", status=409)
        if tag.asset_id is None:
            put_on.append((tag, {"asset_id": None, "claimed_at": None}))
            tag.asset, tag.claimed_at = asset, now
    Tag.objects.bulk_update([tag for tag, _ in put_on], ["asset", "claimed_at"], batch_size=1000)
    audit.append([fact("tag", tag, person) for tag, _ in put_on])
    return put_on
