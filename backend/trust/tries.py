"""Counting tries so that nobody guesses: one count for all web processes, in the database."""

import time
from collections.abc import Mapping
from typing import Final

from django.db import connection
from rest_framework.exceptions import Throttled

from backend.trust.models import Tries

MINUTE: Final = 60
HOUR: Final = 3600

COUNT: Final = """
    INSERT INTO trust_tries AS t (key, span, times) SELECT unnest(%s::text[]), %s, 1 ORDER BY 1
    ON CONFLICT (key) DO UPDATE
       SET span = excluded.span, times = CASE WHEN t.span = excluded.span THEN t.times + 1 ELSE 1 END
    RETURNING key, times
"""


def count(most: Mapping[str, int], *, doing: str, seconds: int = MINUTE) -> None:
    """Count a try under every key of `most`, in one statement. `doing` completes "Too many tries …".

    Raises TooManyTries, with the seconds to wait, when a key has had more than its number within this span of `seconds`.
    Call it outside a transaction, or a refusal that rolls back would forget that it was tried.
    """
    now = time.time()
    keys = {f"{key}:{seconds}"[:120]: number for key, number in most.items()}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [sorted(keys), int(now // seconds)])
        counted = dict(cursor.fetchall())
    if any(counted[key] > number for key, number in keys.items()):
        wait = seconds - now % seconds
        raise TooManyTries(doing, wait)


class TooManyTries(Throttled):
    """The refusal, to wait so many seconds. Told of `wait`, DRF would add it to our words, which say it already."""

    def __init__(self, doing: str, wait: float) -> None:
        super().__init__(detail=f"Too many tries {doing}. Wait {in_words(int(wait) + 1)} and try again.")
        self.wait = wait  # for Retry-After


def in_words(seconds: int) -> str:
    """ "51 seconds", "12 minutes"."""
    return f"{seconds} seconds" if seconds <= 2 * MINUTE else f"{-(-seconds // MINUTE)} minutes"


def forget_old() -> int:
    """Delete counts whose span is long over; answers how many."""
    deleted, _ = Tries.objects.filter(span__lt=int(time.time() // HOUR) - 24, key__endswith=f":{HOUR}").delete()
    minutes, _ = Tries.objects.filter(span__lt=int(time.time() // MINUTE) - 60, key__endswith=f":{MINUTE}").delete()
    return deleted + minutes
