"""Background work of this app. Each may run twice and acts once; the clock is read here, at the edge."""

from django.utils import timezone

from backend.checks.actions import seal_lapses
from backend.checks.actions.following import follow_ages
from backend.checks.actions.packs import forget_expired_packs
from backend.checks.months import keep_month_ends
from backend.checks.tally import tally_anew
from backend.core.days import today


def seal_lapses_now() -> int:
    """Seal every miss up to today; answers how many are new."""
    return seal_lapses(today=today())


def follow_ages_now() -> int:
    """Let plans follow the ages of what they are on; answers how many changed."""
    return follow_ages(today())


def tally_now() -> int:
    """Count plans and lapses anew, so that each tally is as short as can be; answers how many rows."""
    return tally_anew()


def keep_month_ends_now() -> int:
    """Keep how checks stood at the ends of the months that are over; answers how many rows were written."""
    return keep_month_ends(today=today(), now=timezone.now())


def forget_packs_now() -> int:
    """Delete the files of evidence packs whose period is over; answers how many."""
    return forget_expired_packs(today())
