"""Today, read once at the edge: dates are those of London, whatever the server's clock is set to."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def today() -> dt.date:
    """The date in London now."""
    return timezone.now().astimezone(LONDON).date()


def london_date(moment: dt.datetime) -> dt.date:
    """The London date of a moment (an aware datetime)."""
    return moment.astimezone(LONDON).date()


def london_time(moment: dt.datetime) -> str:
    """The London time of day of a moment (an aware datetime), as "08:10"."""
    return f"{moment.astimezone(LONDON):%H:%M}"
