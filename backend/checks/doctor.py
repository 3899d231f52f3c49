"""What may be wrong with the statutory library and the table of plans."""

import datetime as dt
from typing import Final

from django.db import connection

from backend.checks.actions.library import FOLDER
from backend.checks.models import CheckType, Plan
from backend.core.doctor import Check, Finding, fine

LAZIEST: Final = 0.05  # share of dead rows at which a table is tidied; PostgreSQL's own 0.2 made lists 3.5 times slower


def library_published(_now: dt.datetime) -> Finding:
    """The library that came with this version is what the database holds."""
    from backend.rules.library import LibraryError, read_library

    mend = "Run: python manage.py library publish"
    try:
        read = read_library(FOLDER)
    except LibraryError as wrong:
        return Finding(
            "wrong", f"The library's files have faults: {str(wrong).splitlines()[0]}", "Restore the folder schedules/."
        )
    known = dict(CheckType.objects.filter(withdrawn=False).values_list("code", "current__digest"))
    if not known:
        return Finding("wrong", "The statutory library was never published, so there is nothing to check.", mend)
    old = [code for code, check in read.checks.items() if known.get(code) != check.digest()]
    gone = known.keys() - read.checks.keys()
    if old or gone:
        says = f"{len(old)} checks of the library are not published as they stand, and {len(gone)} should be withdrawn."
        return Finding("warning", says, mend)
    return fine(f"All {len(known)} checks of the library are published.")


def plans_tidied(_now: dt.datetime) -> Finding:
    """The table of plans is vacuumed often enough: its rows change with every record."""
    table = Plan._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT split_part(o, '=', 2) FROM unnest(c.reloptions) o "
            "WHERE o LIKE 'autovacuum_vacuum_scale_factor=%%'), current_setting('autovacuum_vacuum_scale_factor')), "
            "current_setting('autovacuum') FROM pg_class c WHERE c.oid = %s::regclass",
            [table],
        )
        share, on = cursor.fetchone()
    if on != "on":
        return Finding("wrong", "The database does not tidy its tables (autovacuum is off).", "Set autovacuum = on.")
    if float(share) > LAZIEST:
        mend = f"In psql: ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02);"
        return Finding("warning", f"The table of plans is tidied only when {float(share):.0%} of its rows are dead.", mend)
    return fine("The table of plans is tidied often enough.")


CHECKS = [
    Check("library", "The statutory library", library_published),
    Check("plans-tidied", "The table of plans", plans_tidied),
]
