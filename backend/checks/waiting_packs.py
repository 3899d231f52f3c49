"""What of evidence packs waits for somebody: packs that they asked for and that are ready, or were not made."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from backend.checks.models import PackRequest
from backend.core.agenda import Waiting

MOST = 20


def packs_ready(person: Any, today: dt.date) -> Iterator[Waiting]:  # noqa: ARG001  as every one is asked
    """Packs that this person asked for and has not seen yet. One query."""
    rows = PackRequest.objects.visible_to(person).filter(asked_by=person.pk, seen_at=None)
    rows = rows.filter(state__in=(PackRequest.State.MADE, PackRequest.State.FAILED)).select_related("site")
    for each in rows.order_by("asked_at", "pk")[:MOST]:
        ready = each.state == PackRequest.State.MADE
        words = f"The evidence pack for {each.site} {'is ready' if ready else 'was not made'}"
        yield Waiting(f"pack:{each.pk}:see", "pack", words, f"/proof/{each.pk}/", 2, None, each.site_id)


PACKS = [packs_ready]
