"""What may stand on a table of evidence that Siteward did not make, and what silences its triggers: each is told.

A trigger that rewrites what is added, a rule, a policy that hides rows, a table that inherits: all of them are ways to make the
database do other things than it was told. Reads the catalogue alone and changes nothing.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL

from backend.core.evidence import all_evidence
from backend.core.models import AuditEntry, FileScan, Salt

SWITCHES: Final = ("session_replication_role", "pgtrigger.ignore")
STATEMENTS: Final = re.compile(
    r"(?:CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER (?P<made>\w+)\s[^;]*?\sON (?P<on>\w+)\s[^;]*?EXECUTE \w+ (?P<runs>\w+)\()"
    r"|(?:DROP TRIGGER (?:IF EXISTS )?(?P<gone>\w+) ON (?P<off>\w+))"
    r"|(?:CREATE (?:OR REPLACE )?FUNCTION (?P<function>\w+)\([^$]*?AS \$\$(?P<body>.*?)\$\$)",
    re.DOTALL | re.IGNORECASE,
)
TRIGGERS: Final = """
    SELECT c.relname, t.tgname, t.tgenabled, p.proname, p.prosrc
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
      JOIN pg_language l ON l.oid = p.prolang
     WHERE pg_table_is_visible(c.oid) AND c.relname = ANY(%s) AND NOT (t.tgisinternal AND l.lanname = 'internal')
"""
TABLES: Final = """
    SELECT c.relname, c.relkind, c.relrowsecurity OR c.relforcerowsecurity
           OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid),
           EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)),
           ARRAY(SELECT r.rulename::text FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN' ORDER BY 1)
      FROM pg_class c WHERE pg_table_is_visible(c.oid) AND c.relname = ANY(%s) AND c.relkind NOT IN ('i', 'I', 'S', 't', 'c')
"""
ON_EVENTS: Final = """
    SELECT e.evtname FROM pg_event_trigger e WHERE e.evtenabled <> 'D'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid
                          AND d.deptype = 'e') ORDER BY 1
"""


def asked(statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a question to the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def words(source: str) -> str:
    """A body without its layout."""
    return " ".join(source.split())


def tables() -> list[str]:
    """The tables on which nothing foreign may stand: those of evidence, and what the chain itself is kept in."""
    models: list[Any] = [*(each.model for each in all_evidence()), AuditEntry, Salt, FileScan]
    return sorted({model._meta.db_table for model in models})


@cache
def made_by_migrations() -> dict[tuple[str, str], tuple[str, str]]:
    """(table, trigger) -> (function, its body) of the triggers that our migrations make in SQL of their own."""
    found: dict[tuple[str, str], str] = {}
    bodies: dict[str, str] = {}
    loaded = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for _, migration in sorted(loaded.items()):
        texts = [each.sql for each in migration.operations if isinstance(each, RunSQL) and isinstance(each.sql, str)]
        for one in (one for text in texts for one in STATEMENTS.finditer(text)):
            if one["made"]:
                found[one["on"], one["made"]] = one["runs"]
            elif one["gone"]:
                found.pop((one["off"], one["gone"]), None)
            else:
                bodies[one["function"]] = words(one["body"])
    return {key: (function, bodies.get(function, "")) for key, function in found.items()}


def strange(ours: set[tuple[str, str]]) -> Iterator[str]:
    """One sentence for each trigger on those tables that is neither `ours` nor our migrations', and for each of theirs amiss."""
    own, there = made_by_migrations(), set()
    for table, name, state, function, body in sorted(asked(TRIGGERS, [tables()])):
        there.add((table, name))
        if (table, name) in own:
            if state not in ("O", "A"):
                yield f"the trigger {name} of {table} is switched off"
            elif (function, words(body)) != own[table, name]:
                yield f"the trigger {name} of {table} is not the one that Siteward made: it was replaced"
        elif (table, name) not in ours:
            yield f"the trigger {name} on {table}, which runs {function}, was not made by Siteward: it can change what is added"
    for table, name in sorted(key for key in own.keys() - there if key[0] in tables()):
        yield f"the trigger {name} of {table} is missing"


def changed_tables() -> Iterator[str]:
    """One sentence for each table that is gone or was given a rule, a policy or heirs, and for each trigger on events."""
    found = {row[0]: row[1:] for row in asked(TABLES, [tables()])}
    for table in tables():
        kind, secured, inherits, rules = found.get(table, ("", False, False, []))
        if not kind:
            yield f"the table {table} is missing"
        elif kind != "r":
            yield f"{table} is no plain table any more: something else was put in its place"
        if secured:
            yield f"row security or a policy on {table} can hide rows: ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        if inherits:
            yield f"{table} inherits, or another table inherits from it: rows of one are seen in the other"
        for rule in rules:
            yield f"the rule {rule} on {table} was not made by Siteward: it can change what is done there"
    for (name,) in asked(ON_EVENTS):
        yield f"the event trigger {name} was not made by Siteward: it can change tables as they are made"


def silencing() -> Iterator[str]:
    """One sentence for each setting, of the server, the database or a role, that makes every trigger look away."""
    [(role,)] = asked("SELECT reset_val FROM pg_settings WHERE name = 'session_replication_role'")
    if role != "origin":
        yield (
            f"the server's setting session_replication_role is {role!r} for every new connection, which makes triggers look away:"
            " ALTER SYSTEM RESET it (or take it out of postgresql.conf) and reload"
        )
    settings = asked("SELECT unnest(setconfig) FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase"
                     " WHERE s.setdatabase = 0 OR d.datname = current_database()")  # fmt: skip
    for (setting,) in settings:
        if setting.lower().startswith(SWITCHES):
            yield f"the database's own setting {setting!r} makes triggers look away: ALTER DATABASE or ALTER ROLE … RESET it"
    [(may,)] = asked("SELECT has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE')")
    for name, value in asked("SELECT DISTINCT name, setting FROM pg_file_settings ORDER BY 1, 2") if may else []:
        if str(name).lower() in SWITCHES and value not in ("origin", "", "local"):
            yield f"a settings file of the server says {name} = {value}, which makes triggers look away: take it out and reload"
