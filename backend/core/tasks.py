"""Background work of this app. Each may run twice and acts once; the clock is read here, at the edge."""

from django.utils import timezone

from backend.core.files import forget_unfinished


def forget_unfinished_now() -> int:
    """Drop uploads that nobody has gone on with for two months; answers how many."""
    return forget_unfinished(timezone.now())
