"""Background work of this app. Each may run twice and acts once; the clock is read here, at the edge."""

from backend.checks.actions import seal_lapses
from backend.core.days import today


def seal_lapses_now() -> int:
    """Seal every miss up to today; answers how many are new."""
    return seal_lapses(today=today())
