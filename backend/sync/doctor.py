"""What may be wrong with phones and what they sent."""

import datetime as dt
from typing import Final

from backend.core.doctor import Check, Finding, fine
from backend.sync.models import Device, Op

UNHEARD: Final = dt.timedelta(days=14)
HELD_TOO_LONG: Final = dt.timedelta(days=7)


def phones_heard(now: dt.datetime) -> Finding:
    """Phones that were in use and have not been heard for two weeks: their work may still be on them."""
    used = Device.objects.filter(revoked_at=None, last_push_at__isnull=False)
    silent = used.filter(last_push_at__lt=now - UNHEARD).count()
    if silent:
        says = f"{silent} of {used.count()} phones in use have sent nothing for two weeks."
        return Finding("warning", says, "Ask their people to open the app where there is signal; revoke phones that are lost.")
    count = used.count()
    return fine(f"All {count} phones in use were heard within two weeks." if count else "No phone is in use yet.")


def held_looked_at(now: dt.datetime) -> Finding:
    """What was held for the office is settled within a week."""
    old = Op.objects.filter(outcome="held", settled_at=None, received_at__lt=now - HELD_TOO_LONG).count()
    if old:
        says = f"{old} {'item' if old == 1 else 'items'} from phones have been held for more than a week."
        return Finding("warning", says, "Ask a site manager or the estates lead to settle them (Held for the office).")
    return fine("Nothing from phones has been held for more than a week.")


CHECKS = [
    Check("phones", "Phones", phones_heard),
    Check("held", "Held for the office", held_looked_at),
]
