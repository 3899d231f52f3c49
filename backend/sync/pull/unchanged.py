"""Whether what is owed at a site can have changed: a fingerprint of every row that the document is made from.

PostgreSQL keeps with each row the number of the transaction that wrote it (xmin), so the keys and those numbers, hashed, differ
whenever a row came, went or was changed. Working the document out costs a hundred times as much. A test makes sure that every
table that is read for the document is among these.
"""

import datetime as dt
import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from backend.trust.models import Site

UUID: Final = "uuid_hash_extended({key}, {table}.xmin::text::bigint)"
NUMBER: Final = "hashint8extended({key}, {table}.xmin::text::bigint)"
WORD: Final = "hashtextextended({key}, {table}.xmin::text::bigint)"
HERE, SCHOOL, ALL = "site_id = %(site)s", "school_id = %(school)s", "true"
NAMED: Final = (  # whose a job or a visit is, by name
    "id IN (SELECT {} FROM maintenance_workorder WHERE site_id = %(site)s"
    " UNION SELECT {} FROM checks_booking WHERE site_id = %(site)s)"
)
READ: Final[dict[str, tuple[str, str, str]]] = {  # table: its key, how the key is hashed, which rows
    "assets_asset": ("id", UUID, HERE),
    "assets_reading": ("id", UUID, "asset_id IN (SELECT id FROM assets_asset WHERE site_id = %(site)s)"),
    "checks_bookedcheck": ("id", UUID, "booking_id IN (SELECT id FROM checks_booking WHERE site_id = %(site)s)"),
    "checks_booking": ("id", UUID, HERE),
    "checks_checkrecord": ("id", UUID, HERE),
    "checks_checkrevision": ("id", NUMBER, ALL),
    "checks_checktype": ("code", WORD, ALL),
    "checks_notdone": ("id", UUID, "plan_id IN (SELECT id FROM checks_plan WHERE site_id = %(site)s)"),
    "checks_plan": ("id", UUID, HERE),
    "checks_round": ("id", UUID, HERE),
    "maintenance_contractor": ("id", UUID, NAMED.format("contractor_id", "contractor_id")),
    "maintenance_defect": ("id", UUID, HERE),
    "maintenance_defectphoto": ("id", NUMBER, "defect_id IN (SELECT id FROM maintenance_defect WHERE site_id = %(site)s)"),
    "maintenance_defectnote": ("id", UUID, "work_order_id IN (SELECT id FROM maintenance_workorder WHERE site_id = %(site)s)"),
    "maintenance_workorder": ("id", UUID, HERE),
    "sync_op": ("id", UUID, "site_id = %(site)s AND settled_at IS NOT NULL"),
    "trust_calendarmark": ("id", NUMBER, SCHOOL),
    "trust_person": ("id", UUID, NAMED.format("assigned_to_id", "person_id")),
    "trust_school": ("id", UUID, "id = %(school)s"),
    "trust_site": ("id", UUID, "id = %(site)s"),
    "trust_term": ("id", NUMBER, SCHOOL),
}


def fingerprint(site: Site, today: dt.date) -> str:
    """A hash that is another one when the site's due document of `today` may be another. One query.

    To be read before the document is made: a change between the two then costs a download too many, never one too few.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement(), {"site": site.pk, "school": site.school_id})
        rows = cursor.fetchone()
    said = f"{site.pk} {today} {program()} {rows}"
    return hashlib.sha256(said.encode()).hexdigest()[:40]


@cache
def statement() -> str:
    """The query: of each table the number of rows and their hash. Only names of our own go into it."""
    parts = [
        f"(SELECT count(*) || ':' || coalesce(bit_xor({how.format(key=key, table=table)}), 0) FROM {table} WHERE {which})"  # noqa: S608
        for table, (key, how, which) in READ.items()
    ]
    return "SELECT " + ", ".join(parts)


@cache
def program() -> str:
    """A hash of the program that makes the document: after an upgrade everything is sent anew."""
    made = hashlib.sha256(f"{settings.SITEWARD_VERSION} {version('govuk-bank-holidays')}".encode())
    for path in sorted((Path(settings.ROOT) / "backend").rglob("*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()
