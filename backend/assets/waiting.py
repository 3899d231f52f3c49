"""What waits about the register: warranties that end soon, while a fault can still be put right on them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from backend.assets.models import Asset, Warranty
from backend.core.agenda import Asked, Waiting
from backend.core.templatetags.words import day
from backend.trust import permits

SOON: Final = dt.timedelta(days=60)
MOST: Final = 30


def warranties_ending(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Warranties of assets in use that end within 60 days, for who plans there. One query."""
    rows = Warranty.objects.visible_to(person, permits.PLAN_CHANGE)
    rows = rows.filter(withdrawn_at=None, ends_on__gte=today, ends_on__lte=today + SOON)
    rows = rows.exclude(asset__status=Asset.Status.RETIRED).select_related("asset").order_by("ends_on", "pk")
    found: list[Any] = list(rows[:MOST])
    for each in found:
        words = f"The warranty of {each.asset} ({each}) ends {day(each.ends_on)}: have its faults put right first."
        path = f"/assets/{each.asset_id}/#warranties"
        yield Waiting(f"warranty:{each.pk}", "warranty", words, path, 1, each.ends_on, each.asset.site_id)


WAITING: list[Asked] = [warranties_ending]
