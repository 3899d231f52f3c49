"""From what is printed on a label to the thing it is on."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from backend.assets.models import Asset, Tag
from backend.rules.tagcode import from_text
from backend.trust.models import Person

MOST = 20


def asset_of_code(text: str) -> uuid.UUID | None:
    """The id of the asset that carries the label with this code (or address); None when the text is no code in use.

    Says nothing about whether the asker may see it: filter by it within their own rows.
    """
    read = from_text(text, settings.LABEL_HOSTS)
    if read.code is None:
        return None
    return Tag.objects.filter(code=read.code, retired_at=None).values_list("asset_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: the one asset of a label, or assets that match, and how many there are in all."""

    exact: Asset | None
    assets: list[Asset]
    total: int


def look_up(person: Person, text: str) -> Found:
    """Search for anything printed on a label: its code, the asset's name, make, model or serial number."""
    rows = Asset.objects.visible_to(person)
    tagged = asset_of_code(text)
    if tagged and (exact := rows.filter(pk=tagged).first()):
        return Found(exact, [exact], 1)
    serial = rows.filter(~Q(serial=""), serial__iexact=text.strip())[:2]
    if len(serial) == 1:
        return Found(serial[0], [serial[0]], 1)
    matching = rows.matching(text) if text.strip() else rows.none()
    total = matching.count()
    shown = matching.select_related("type", "site__school", "building", "space").order_by("name", "pk")[:MOST]
    return Found(None, list(shown), total)
