"""Parts of assets, and moves within a site: what belongs together stays together."""

from collections.abc import Sequence

from django.db import transaction

from backend.assets.actions.register import change_asset
from backend.assets.models import Asset
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions.acting import Actor, require_site
from backend.trust.models import Building, Site, Space

DEEPEST = 8
"""Levels of parts within parts: more is a slip."""


def parts_of(assets: Sequence[Asset]) -> list[Asset]:
    """All that is part of these assets, and parts of those, that is not retired. A query for each level."""
    found: list[Asset] = []
    level = list(assets)
    for _ in range(DEEPEST):
        rows = Asset.objects.filter(parent__in=level).exclude(status=Asset.Status.RETIRED)
        level = list(rows.select_related("site", "building", "space", "type", "product").order_by("name", "pk"))
        if not level:
            break
        found += level
    return found


@transaction.atomic
def make_part_of(asset: Asset, *, parent: Asset | None, person: Actor, why: str = "") -> Asset:
    """Say what an asset is part of (None: of nothing). Raises Problem for another site's, and where it would go in a circle."""
    require_site(person, permits.ASSET_CHANGE, asset.site, "change assets")
    Site.objects.select_for_update(no_key=True).get(pk=asset.site_id)  # two at once could close a circle that neither sees
    if parent is not None:
        if parent.status == Asset.Status.RETIRED:
            raise Problem("retired", f"{parent} is retired.", status=409, fields={"parent": "Choose one that is in use."})
        above: Asset | None = parent
        levels = 0
        while above is not None:
            if above.pk == asset.pk:
                said = f"{parent} is {asset} itself, or part of it."
                raise Problem("circle", said, status=409, fields={"parent": "Choose what it is part of."})
            levels += 1
            if levels > DEEPEST:
                raise Problem("too_deep", f"Parts may lie at most {DEEPEST} levels deep.", fields={"parent": "Choose one above."})
            above = Asset.objects.filter(pk=above.parent_id).first() if above.parent_id else None
    return change_asset(asset, changes={"parent": parent}, person=person, why=why)


@transaction.atomic
def move_asset(
    asset: Asset, *, building: Building | None, space: Space | None, person: Actor, why: str = "", with_parts: bool = True
) -> list[Asset]:
    """Move an asset within its site, its parts with it unless said; answers all that moved. Raises Problem for another site's."""
    require_site(person, permits.ASSET_CHANGE, asset.site, "move assets")
    if asset.status == Asset.Status.RETIRED:
        raise Problem("retired", f"{asset} is retired: it stands nowhere any more.", status=409)
    moving = [asset, *(parts_of([asset]) if with_parts else [])]
    return [change_asset(each, changes={"building": building, "space": space}, person=person, why=why) for each in moving]
