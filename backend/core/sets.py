"""Many rows at once: made from plain columns, added by COPY, saved by one short statement where Django builds a tree for each."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL

from backend.core.reading import answered, listed, literal

AT_ONCE: Final = 5000
Row = TypeVar("Row", bound=models.Model)
Made = Callable[[Any], Any]
AS_THEY_ARE: Final = (
    models.UUIDField,
    models.DateField,
    models.IntegerField,
    models.BooleanField,
    models.CharField,
    models.TextField,
)
"""Columns whose Python value is what the database's driver takes; the others (JSON, arrays) are made ready by their field."""


def these(keys: Iterable[uuid.UUID]) -> RawSQL:
    """Keys as one parameter, for `filter(pk__in=these(keys))`: a placeholder for each of 500 costs more than the query."""
    return RawSQL("SELECT unnest(%s::uuid[])", [listed(keys)])


def row_of(model: type[Row], columns: Mapping[str, Any]) -> Row:
    """A row of `model`, not yet saved, from its columns by name (`plan_id`, not `plan`); those not named have their default.

    What the model's own constructor makes of the same columns, in a fifth of its time.
    """
    row = model.__new__(model)
    held = row.__dict__
    held |= columns
    if len(held) < len(defaults(model)):
        held |= {name: default() for name, default in defaults(model) if name not in columns}
    row._state = ModelState()
    return row


@cache
def defaults(model: type[models.Model]) -> list[tuple[str, Callable[[], Any]]]:
    """Each column of a model, and what it holds when nothing is said."""
    return [(field.attname, field.get_default) for field in model._meta.concrete_fields]


@cache
def reading(model: type[models.Model], names: tuple[str, ...]) -> tuple[list[str], list[tuple[int, Made]]]:
    """The columns of these fields (of all when none is named), and which of them by place have to be made ready, and how."""
    meta = model._meta
    fields: Sequence[Any] = [meta.get_field(name) for name in names] or meta.concrete_fields
    ready = [(place, made_ready(field)) for place, field in enumerate(fields)]
    return [field.attname for field in fields], [(place, make) for place, make in ready if make]


def made_ready(field: Any) -> Made | None:
    """How a column's value is made ready for the database; None where it goes as it is."""
    if isinstance(field.target_field if field.is_relation else field, AS_THEY_ARE):
        return None
    if isinstance(field, models.JSONField) and field.encoder is None:
        return json_text
    if isinstance(field, ArrayField) and isinstance(field.base_field, AS_THEY_ARE):
        return literal
    return lambda value: field.get_db_prep_save(value, connection)


def json_text(value: Any) -> str | None:
    """A value as JSON text; None stays NULL, as Django keeps it."""
    if value is None:
        return None
    try:
        text = msgspec.json.encode(value)
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError):  # half a character, a number of many digits
        return json.dumps(value)
    return json.dumps(value) if b"null" in text else text.decode()  # msgspec says null also for what is no number


def values_of(row: models.Model, names: Sequence[str], ready: Sequence[tuple[int, Made]]) -> list[Any]:
    """A row's columns as the database takes them (see `reading`)."""
    values = list(map(row.__dict__.__getitem__, names))
    for place, make in ready:
        values[place] = make(values[place])
    return values


def update_many(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Save these columns of the rows (all of one model), one statement for each 5,000 rows.

    For 100 rows this takes 2 ms of CPU where bulk_update takes 150.
    """
    if not rows:
        return
    meta = rows[0]._meta
    key = meta.pk
    assert key is not None
    fields: list[Any] = [key, *(meta.get_field(name) for name in columns)]
    quote = connection.ops.quote_name
    quoted = [quote(field.column) for field in fields]
    kinds = [field.db_type(connection) for field in fields]
    arrays = ", ".join("%s::text[]" if kind.endswith("[]") else f"%s::{kind}[]" for kind in kinds)  # no array of arrays
    sets = ", ".join(f"{name} = new.{name}::{kind}" for name, kind in zip(quoted[1:], kinds[1:], strict=True))
    # Only names of our own models go into the statement; every value is a parameter.
    statement = (
        f"UPDATE {quote(meta.db_table)} AS old SET {sets} FROM unnest({arrays}) AS new({', '.join(quoted)}) "  # noqa: S608
        f"WHERE old.{quoted[0]} = new.{quoted[0]}"
    )
    names, ready = reading(type(rows[0]), (key.name, *columns))
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        answered(statement, [*map(literal, zip(*(values_of(row, names, ready) for row in some), strict=True))])


def copy_in(rows: Sequence[models.Model]) -> None:
    """Add these rows (all of one model, each with its key) by COPY: a quarter of what bulk_create costs.

    Raises IntegrityError as any insert does; then none is added.
    """
    if not rows:
        return
    meta = rows[0]._meta
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in meta.concrete_fields)
    statement = f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN"
    names, ready = reading(type(rows[0]), ())
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(values_of(row, names, ready))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
