"""Background work of the installation itself. May run twice."""

import datetime as dt

from django.utils import timezone

from backend.config.models import Sighting

FORGOTTEN_AFTER = dt.timedelta(days=7)


def beat_now() -> int:
    """Note that jobs are done; forget workers that have been gone for a week. Answers how many were forgotten."""
    now = timezone.now()
    Sighting.objects.see("jobs", at=now)
    gone, _ = Sighting.objects.workers().filter(at__lt=now - FORGOTTEN_AFTER).delete()
    return gone
