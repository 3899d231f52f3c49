"""One unchanging moment of the database: what a backup or an export is a picture of."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from backend.config.backup.programs import Where, server_major

ASIDE: Final = "siteward_before_"
TABLES: Final = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Moment:
    """An open snapshot; `snapshot` is its name for pg_dump."""

    database: "psycopg.Connection[tuple[Any, ...]]"
    snapshot: str

    def facts(self) -> dict[str, Any]:
        """What the database says of itself: rows by table, migrations, the audit chain's newest entry."""
        counts = tables(self.database)
        return {
            "postgres": server_major(self.database),
            "tables": counts,
            "migrations": migrations(self.database, counts),
            "head": head(self.database, counts),
        }


@contextlib.contextmanager
def moment(where: Where) -> Iterator[Moment]:
    """Hold one unchanging, read-only view of the database, however much is written meanwhile."""
    with where.connect() as database:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        database.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        database.execute("SET LOCAL statement_timeout = 0")
        row = database.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        yield Moment(database, str(row[0]))
        database.rollback()


def tables(database: "psycopg.Connection[Any]") -> dict[str, int]:
    """Every table there is and its rows: from the database itself, so that a new app's are among them unasked."""
    names = [str(name) for (name,) in database.execute(TABLES).fetchall()]
    return {name: count(database, name) for name in names}


def count(database: "psycopg.Connection[Any]", table: str) -> int:
    """A table's rows, exactly."""
    row = database.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))).fetchone()
    assert row
    return int(row[0])


def migrations(database: "psycopg.Connection[Any]", known: dict[str, int]) -> list[list[str]]:
    """The migrations that were applied: [app, name], in order. Empty in an empty database."""
    if "django_migrations" not in known:
        return []
    return [[str(app), str(name)] for app, name in database.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")]


def head(database: "psycopg.Connection[Any]", known: dict[str, int]) -> dict[str, Any] | None:
    """The audit chain's newest entry: number and hash; None when it has none."""
    if "core_auditentry" not in known:
        return None
    row = database.execute("SELECT number, hash FROM core_auditentry ORDER BY number DESC LIMIT 1").fetchone()
    return {"number": row[0], "hash": row[1]} if row else None
