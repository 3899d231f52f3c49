"""Random single changes to rows and files, as somebody makes them who owns the database and switches its triggers off."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.db import Error, connection, models, transaction

from backend.core.evidence import Evidence, all_evidence
from backend.core.files import path_of
from backend.core.models import AuditEntry, StoredFile

RECKONED = {  # left out of a row's content, and found all the same, by an invariant that works them out
    "checks_plan": [
        "due_on",
        "overdue_from",
        "soon_from",
        "last_done_on",
        "last_done_at",
        "last_outcome",
        "basis",
        "sealed_to",
    ],
    "checks_checkrecord": ["author_name"],
    "checks_notdone": ["author_name"],
}
OTHER: "list[tuple[type[models.Field[Any, Any]], str]]" = [  # SQL for another value than the column has; {c} is the column
    (models.BooleanField, "NOT coalesce({c}, false)"),
    (models.DateTimeField, "coalesce({c}, now()) + interval '1 microsecond'"),
    (models.DateField, "coalesce({c}, current_date) + 1"),
    (models.UUIDField, "gen_random_uuid()"),
    (
        models.JSONField,
        "CASE jsonb_typeof({c}) WHEN 'object' THEN {c} || '{{\"x\": 1}}' WHEN 'array' THEN {c} || '[1]' ELSE '1' END",
    ),
    (models.FloatField, "coalesce({c}, 0) + 0.5"),
    (models.DecimalField, "coalesce({c}, 0) + 0.0001"),
    (models.IntegerField, "coalesce({c}, 0) + 1"),
    (models.BigIntegerField, "coalesce({c}, 0) + 1"),
]


@dataclass(frozen=True)
class Change:
    """A single change: in words, and doing it. `do` answers whether anything is different now."""

    words: str
    do: Callable[[], bool]


def run(statement: str) -> int:
    """Run a statement behind the triggers; how many rows it touched (0 when a constraint refused it)."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement)
                return int(cursor.rowcount)
        except Error:
            return 0


def other(column: Any) -> str:
    """SQL for another value than the column has."""
    target = getattr(column, "target_field", column)
    if isinstance(column, ArrayField):
        item = "'x'::varchar" if isinstance(column.base_field, models.CharField) else "'[2001-01-01,2001-01-02)'::daterange"
        return f'array_append("{column.column}", {item})'
    for kind, sql in OTHER:
        if isinstance(target, kind):
            return sql.format(c=f'"{column.column}"')
    name = f'"{column.column}"'
    letter = f"CASE right({name}, 1) WHEN 'x' THEN 'y' ELSE 'x' END"
    length = getattr(target, "max_length", None) or 10**6
    longer, same = f"{name} || {letter}", f"left({name}, -1) || {letter}"
    return f"CASE WHEN {name} IS NULL THEN 'x' WHEN length({name}) < {length} THEN {longer} ELSE {same} END"


def history(evidence: Evidence) -> list[Any]:
    """The columns whose change alters history."""
    table = evidence.model._meta.db_table
    known = {*evidence.leave_out} - set(RECKONED.get(table, []))
    return [each for each in evidence.model._meta.concrete_fields if each.attname not in known]


def some_row(model: type[models.Model], throw: random.Random) -> Any:
    """A row by chance; None when there is none."""
    ids = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    return throw.choice(ids) if ids else None


def change_column(model: type[models.Model], columns: list[Any], throw: random.Random) -> Change:
    """Another value in one column of one row."""
    column, pk, meta = throw.choice(columns), some_row(model, throw), model._meta
    sql = f"UPDATE {meta.db_table} SET \"{column.column}\" = {other(column)} WHERE {meta.pk.column} = '{pk}'"
    return Change(f"{meta.db_table}.{column.column} of {pk}", lambda: pk is not None and run(sql) == 1)


def delete_row(model: type[models.Model], throw: random.Random) -> Change:
    """One row less."""
    pk, meta = some_row(model, throw), model._meta
    sql = f"DELETE FROM {meta.db_table} WHERE {meta.pk.column} = '{pk}'"
    return Change(f"a row deleted from {meta.db_table}: {pk}", lambda: pk is not None and run(sql) == 1)


def insert_copy(model: type[models.Model], throw: random.Random) -> Change:
    """A copy of a row under another key."""
    pk, meta = some_row(model, throw), model._meta
    names = ", ".join(f'"{each.column}"' for each in meta.concrete_fields if not each.primary_key)
    key, sort, table = meta.pk.column, meta.pk.get_internal_type(), meta.db_table
    fresh = {"UUIDField": "gen_random_uuid()", "BigAutoField": f"(SELECT max(id) + 1 FROM {table})"}.get(sort, f"{key} || 'x'")
    sql = f"INSERT INTO {table} ({key}, {names}) SELECT {fresh}, {names} FROM {table} WHERE {key} = '{pk}'"
    return Change(f"a row slipped into {meta.db_table}, like {pk}", lambda: pk is not None and run(sql) == 1)


def swap_rows(model: type[models.Model], columns: list[Any], throw: random.Random) -> Change:
    """Two rows exchange what stands in one column."""
    column, meta = throw.choice(columns), model._meta
    one, two = some_row(model, throw), some_row(model, throw)
    name = f'"{column.column}"'
    key, table = meta.pk.column, meta.db_table
    both = f"a.{key} IN ('{one}', '{two}') AND b.{key} IN ('{one}', '{two}') AND a.{key} <> b.{key}"
    sql = f"UPDATE {table} AS a SET {name} = b.{name} FROM {table} AS b WHERE {both} AND a.{name} IS DISTINCT FROM b.{name}"
    return Change(f"{table}.{column.column} of {one} and {two} exchanged", lambda: one is not None and run(sql) == 2)


def cut_newest(throw: random.Random) -> Change:
    """The chain's newest entries gone."""
    sql = f"DELETE FROM core_auditentry WHERE number > (SELECT max(number) - {throw.randint(1, 9)} FROM core_auditentry)"
    return Change("the newest end of the chain cut off", lambda: run(sql) > 0)


def change_file(throw: random.Random) -> Change:
    """A stored file with other bytes, shorter, or gone."""
    pk = some_row(StoredFile, throw)
    path, how = Path(default_storage.path(path_of(pk))), throw.choice(["flipped", "cut short", "lengthened", "removed"])
    before = path.read_bytes()
    at = throw.randrange(len(before))
    after = {
        "flipped": before[:at] + bytes([before[at] ^ (1 << throw.randrange(8))]) + before[at + 1 :],
        "cut short": before[:-1],
        "lengthened": before + b"\x00",
        "removed": None,
    }[how]

    def do() -> bool:
        path.unlink()
        if after is not None:
            path.write_bytes(after)
        return True

    return Change(f"file {pk} {how} at {at}", do)


def draw(throw: random.Random) -> Change:
    """A single change, by chance."""
    kind = throw.random()
    if kind < 0.06:
        return change_file(throw)
    if kind < 0.10:
        return cut_newest(throw)
    if kind < 0.22:
        return throw.choice([lambda: change_column(AuditEntry, list(AuditEntry._meta.concrete_fields), throw),
                             lambda: delete_row(AuditEntry, throw)])()  # fmt: skip
    evidence = throw.choice([each for each in all_evidence() if each.model._base_manager.exists()])
    if kind < 0.70:
        return change_column(evidence.model, history(evidence), throw)
    if kind < 0.80:
        return swap_rows(evidence.model, history(evidence), throw)
    return delete_row(evidence.model, throw) if kind < 0.90 else insert_copy(evidence.model, throw)
