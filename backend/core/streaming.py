"""Rows of a bare statement while the database is still finding the next ones: it and we work at the same time."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any, Final

from django.db import connection

AT_ONCE: Final = 500
"""Rows that come together. One by one costs more for each than it saves."""


def streamed(sql: str, params: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The statement's rows, as they are found. Read them to the end before anything else is asked of the database.

    Django's cursor waits for the last row, psycopg's `stream` does not; whoever counts or logs statements sees it all the same.
    """
    with connection.cursor() as cursor:

        def run(statement: str, given: Any, _many: bool, _context: Any) -> Iterator[tuple[Any, ...]]:
            rows: Iterator[tuple[Any, ...]] = cursor.cursor.stream(statement, given, size=AT_ONCE)
            return rows

        for wrapper in reversed(connection.execute_wrappers):
            run = partial(wrapper, run)
        noted = cursor.debug_sql(sql, params) if connection.queries_logged else nullcontext()
        with noted:
            yield from run(sql, params, False, {"connection": connection, "cursor": cursor})
