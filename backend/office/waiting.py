"""What of the office's own waits for somebody: webhooks that were switched off."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from backend.core.agenda import Waiting
from backend.office.models import Webhook
from backend.trust import permits
from backend.trust.scope import reach

MOST = 20


def switched_off(person: Any, today: dt.date) -> Iterator[Waiting]:  # noqa: ARG001  as every one is asked
    """Other systems that are told nothing any more, for who follows the whole trust. One query."""
    if not reach(person, permits.EVENTS_FOLLOW).everywhere:
        return
    for each in Webhook.objects.filter(state=Webhook.State.OFF).order_by("name")[:MOST]:
        words = f"“{each.name}” is told nothing any more: its webhook was switched off"
        yield Waiting(f"webhook:{each.pk}:off", "webhook", words, f"/events/{each.pk}/", 2)


WAITING = [switched_off]
