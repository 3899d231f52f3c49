"""TRUNCATE is a deletion too: the tables of evidence refuse it."""

import pytest
from django.db import DatabaseError, connection, transaction

TABLES = ["checks_checkrecord", "checks_lapse", "checks_checkrevision", "core_auditentry", "core_storedfile"]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_evidence_cannot_be_emptied(db, table):
    with pytest.raises(DatabaseError, match=r"(?i)truncate"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")
