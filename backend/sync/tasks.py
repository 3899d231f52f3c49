"""Background work of this app. Each may run twice and acts once; the clock is read here, at the edge."""

from django.utils import timezone

from backend.core.files import forget_unfinished
from backend.sync.settle import apply_waiting


def take_in_waiting_now() -> int:
    """Apply what waited for something that has come; answers how many ended. After each push this happens by itself."""
    return apply_waiting()


def forget_unfinished_now() -> int:
    """Drop uploads that nobody has gone on with for two months; answers how many."""
    return forget_unfinished(timezone.now())
