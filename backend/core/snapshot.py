"""One unchanging view of the database, for what reads much and must hang together."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """One unchanging view of the database, so that work arriving meanwhile is no fault. Nothing can be written in it."""
    nested = connection.in_atomic_block  # inside a test's own transaction: it is a snapshot enough
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
