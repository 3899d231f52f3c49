"""Whether readings drift: a straight line through them, and when it would meet a limit; said only with enough to say it by."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FEWEST: Final = 6
SHORTEST: Final = 90  # days from the first reading to the last
SURE: Final = 2.6
"""A slope counts when it is so many times its own standard error: about one chance in a hundred by luck alone."""
AHEAD: Final = 1096  # days: further ahead nothing is foretold
YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class Drift:
    """How readings move: by how much a year, what the line says today, and when it meets the limit (None: not in three years).

    `limit` is the one that they move towards; `steady` when no movement can be told from chance.
    """

    per_year: float
    today: float
    steady: bool
    limit: float | None = None
    meets_on: dt.date | None = None


def drift(readings: Sequence[tuple[dt.date, float]], *, low: float | None, high: float | None, today: dt.date) -> Drift | None:
    """The drift of readings (day, value) between the limits `low` and `high`; None when there are too few to tell.

    Least squares; at least six readings over at least 90 days.
    """
    if len(readings) < FEWEST:
        return None
    days = [(day - today).days for day, _ in readings]
    if max(days) - min(days) < SHORTEST:
        return None
    number, values = len(readings), [value for _, value in readings]
    middle, level = sum(days) / number, sum(values) / number
    spread = sum((day - middle) ** 2 for day in days)
    slope = sum((day - middle) * (value - level) for day, value in zip(days, values, strict=True)) / spread
    now = level - slope * middle
    left = sum((value - level - slope * (day - middle)) ** 2 for day, value in zip(days, values, strict=True))
    error = math.sqrt(left / (number - 2) / spread)
    if abs(slope) <= SURE * error or slope == 0:
        return Drift(slope * YEAR, now, steady=True)
    limit = high if slope > 0 else low
    return Drift(slope * YEAR, now, False, limit, meeting(now, slope, limit, today))


def meeting(now: float, slope: float, limit: float | None, today: dt.date) -> dt.date | None:
    """The day on which the line meets the limit ahead of it, within three years."""
    if limit is None:
        return None
    ahead = (limit - now) / slope
    return today + dt.timedelta(days=round(ahead)) if 0 < ahead <= AHEAD else None
