"""Whether the triggers that guard evidence are in the database as the code says them: where, on what, doing what, and on.

A name is not enough: whoever owns the database can give a trigger of that name another body, or hang it on another table.
Reads the catalogue alone and changes nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pgtrigger

from backend.core.intruders import asked, changed_tables, silencing, strange, words

ROW, BEFORE = 1, 2  # the bits of pg_trigger.tgtype
EVENTS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
FUNCTION: Final = re.compile(r"CREATE OR REPLACE FUNCTION (\S+?)\(.*?AS \$\$(.*?)\$\$ LANGUAGE", re.DOTALL)
COLUMN: Final = re.compile(r'"([^"]+)"')
INSTALLED: Final = """
    SELECT t.tgname, c.relname, t.tgenabled, t.tgtype,
           t.tgqual IS NULL AND t.tgnargs = 0 AND (t.tgconstraint = 0 OR t.tgdeferrable), t.tginitdeferred,
           ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.tgrelid AND a.attnum = ANY(t.tgattr)),
           t.tgfoid
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)
"""
FUNCTIONS: Final = """
    SELECT p.oid, p.proname, l.lanname, p.prosrc, p.proconfig IS NULL, pg_function_is_visible(p.oid)
      FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.proname LIKE '%pgtrigger\\_%'
"""


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger as PostgreSQL keeps it: the bits of its kind, the columns it is for (none: all), its function's name and body."""

    kind: int
    columns: frozenset[str]
    plain: bool  # no condition, no arguments
    late: bool  # asked at commit, and not at once
    function: tuple[str, str, str, bool]  # name, language, body, whether it has no settings of its own


def wanted() -> dict[tuple[str, str], tuple[str, Guard]]:
    """(table, trigger's name in the database) of every trigger that the models name -> its own name, and how it has to be."""
    found = {}
    for model, trigger in pgtrigger.registered():
        pgid = trigger.get_pgid(model)
        found[model._meta.db_table, pgid] = str(trigger.name), as_said(model, trigger, pgid)
    return found


def as_said(model: Any, trigger: Any, pgid: str) -> Guard:
    """A trigger as the code says it."""
    event = str(trigger.operation)
    kind = sum(bit for word, bit in EVENTS.items() if re.search(rf"\b{word}\b", event))
    kind |= (ROW if str(trigger.level) == "ROW" else 0) | (BEFORE if str(trigger.when) == "BEFORE" else 0)
    body = dict(FUNCTION.findall(trigger.compile(model).install_sql))[pgid]
    return Guard(kind, frozenset(COLUMN.findall(event)), True, bool(trigger.timing), (pgid, "plpgsql", words(body), True))


def installed() -> dict[tuple[str, str], tuple[str, Guard]]:
    """The same of the triggers in this database, each with its state instead of its name ("O" and "A" are on)."""
    functions = {row[0]: (row[1], row[2], words(row[3]), row[4]) for row in asked(FUNCTIONS)}
    elsewhere = ("", "", "", True)
    return {
        (table, name): (state, Guard(kind, frozenset(columns), plain, late, functions.get(function, elsewhere)))
        for name, table, state, kind, plain, late, columns, function in asked(INSTALLED)
    }


def unguarded() -> Iterator[str]:
    """One sentence for each trigger that is missing, switched off, or not what the code says; for what silences them all; and
    for what stands on a table of evidence that Siteward did not make."""
    there, ours = installed(), wanted()
    for (table, pgid), (name, guard) in sorted(ours.items()):
        state, found = there.get((table, pgid), ("", None))
        word = ""
        if found is None:
            word = "missing"
        elif state not in ("O", "A"):
            word = "switched off"
        elif found != guard:
            word = "not the one that Siteward made: it was replaced"
        if word:
            yield f"the trigger {name} that guards {table} is {word}"
    yield from asked_first()
    yield from silencing()
    yield from strange(set(ours))
    yield from changed_tables()


def asked_first() -> Iterator[str]:
    """A sentence when the function that every trigger asks first is not ours any more."""
    model, trigger = pgtrigger.registered()[0]
    said = {name.rpartition(".")[2].strip('"'): body for name, body in FUNCTION.findall(trigger.compile(model).install_sql)}
    [ignore] = [name for name in said if name.endswith("should_ignore")]
    bodies = [words(row[3]) for row in asked(FUNCTIONS) if row[1] == ignore and row[5]]
    if bodies != [words(said[ignore])]:
        yield f"the function {ignore}, which every trigger asks first, is not the one that Siteward made: it was replaced"
