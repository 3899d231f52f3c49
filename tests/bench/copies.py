"""Copies of an estate, set by set: each row of the pattern again, with ids and names of its own, as the actions made it."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, models

from backend.assets.models import Asset, Tag
from backend.checks.models import CheckRecord, Finding, Lapse, LapseNote, Plan
from backend.checks.tally import tally_anew
from backend.maintenance.models import Defect
from backend.rules.tagcode import make_code
from backend.trust.models import Building, CalendarMark, School, Site, Space, Term

COPIED: tuple[type[models.Model], ...] = (
    School, Site, Building, Space, Term, CalendarMark, Asset, Plan, Defect, CheckRecord, Finding, Lapse, LapseNote,
)  # fmt: skip
# The first four hex digits move on by the number of the copy: no two rows can meet, and a copy's rows stay side by side.
MOVED = """
CREATE OR REPLACE FUNCTION pg_temp.moved(id uuid, by integer) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT overlay(id::text PLACING lpad(to_hex((('x' || left(id::text, 4))::bit(16)::int + by) % 65536), 4, '0') FROM 1 FOR 4)::uuid
$$
"""
OWN: dict[tuple[type[models.Model], str], str] = {
    (School, "urn"): "row.urn + copy * 100000",
    (School, "name"): "row.name || ' ' || copy",
}


def copy_estate(times: int) -> None:
    """Copy everything there is so many times more. Indexes are made anew afterwards; foreign keys hold by construction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is pending would stand in the way of new indexes
        cursor.execute("SET session_replication_role = replica")  # the rows are whole already: no trigger has anything to add
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(MOVED)
        for model in COPIED:
            without_indexes(cursor, model._meta.db_table, partial(cursor.execute, statement(model), [times]))
        cursor.execute("SET session_replication_role = origin")
        copy_tags(cursor, times)
    tally_anew()  # the triggers that would have counted looked away


def without_indexes(cursor: Any, table: str, work: Callable[[], Any]) -> None:
    """Do the work while the table has no indexes but those of its constraints: building them once is many times faster."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)",
        [table, table],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    work()
    for _, definition in found:
        cursor.execute(definition)


def statement(model: type[models.Model]) -> str:
    """The INSERT that copies one table; its one parameter is how many times."""
    fields: list[Any] = [each for each in model._meta.concrete_fields if not isinstance(each, models.AutoField)]
    names = ", ".join(f'"{each.column}"' for each in fields)
    values = ", ".join(value_of(model, each) for each in fields)
    table = f'"{model._meta.db_table}"'
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, %s) AS copy "
        f"CROSS JOIN LATERAL (SELECT * FROM {table}) AS row"
    )


def value_of(model: type[models.Model], field: Any) -> str:
    """A column's value in a copy: ids and links within the estate move on, the rest stays."""
    if own := OWN.get((model, field.name)):
        return own
    column = f'row."{field.column}"'
    links = field.related_model if field.is_relation else None
    if (field.primary_key and isinstance(field, models.UUIDField)) or links in COPIED:
        return f"pg_temp.moved({column}, copy)"
    return column


def copy_tags(cursor: Any, times: int) -> None:
    """A label for each copied asset. Codes are drawn, for their last character proves the others."""
    cursor.execute("CREATE TEMP TABLE drawn (code varchar(8), n bigint)")
    throw, wanted = random.Random(times), Tag.objects.filter(asset__isnull=False).count() * times
    taken = set(Tag.objects.values_list("code", flat=True))
    with cursor.copy("COPY drawn FROM STDIN") as lines:
        number = 0
        while number < wanted:
            code = make_code(throw)
            if code not in taken:
                taken.add(code)
                number += 1
                lines.write_row((code, number))
    cursor.execute(TAGGED, [times])


TAGGED = """
INSERT INTO assets_tag (code, asset_id, made_at, claimed_at, retired_at)
SELECT drawn.code, pg_temp.moved(asset_id, copy), made_at, claimed_at, retired_at
FROM drawn JOIN (
    SELECT old.*, copy, row_number() OVER (ORDER BY copy, old.code) AS n
    FROM generate_series(1, %s) AS copy CROSS JOIN (SELECT * FROM assets_tag WHERE asset_id IS NOT NULL) AS old
) AS wanted USING (n)
"""
