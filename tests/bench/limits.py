"""The limits: what the same answer costs as bare SQL on the same connection, and what as many bare rows cost to write."""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from backend.core.days import today

SCAN = """
SELECT json_build_object('code', t.code, 'asset', row_to_json(a), 'type', k.name, 'site', s.name, 'building', b.name,
  'space', r.name, 'tags', (SELECT json_agg(x.code) FROM assets_tag x WHERE x.asset_id = a.id AND x.retired_at IS NULL),
  'plans', (SELECT json_agg(json_build_object('id', p.id, 'check', p.check_type_id, 'title', c.title, 'verified', c.verified,
      'due_on', p.due_on, 'overdue_from', p.overdue_from, 'soon_from', p.soon_from, 'pauses', p.pauses,
      'last_done_on', p.last_done_on) ORDER BY p.overdue_from, p.id)
    FROM checks_plan p JOIN checks_checktype c ON c.code = p.check_type_id WHERE p.asset_id = a.id AND p.active))
FROM assets_tag t JOIN assets_asset a ON a.id = t.asset_id JOIN assets_assettype k ON k.key = a.type_id
JOIN trust_site s ON s.id = a.site_id LEFT JOIN trust_building b ON b.id = a.building_id
LEFT JOIN trust_space r ON r.id = a.space_id WHERE t.code = %s
"""
LIST = """
SELECT json_build_object('count', (SELECT count(*) FROM assets_asset WHERE site_id = %s), 'results', json_agg(row_to_json(r)))
FROM (SELECT a.id, a.name, a.status, a.status_since, a.make, a.model, a.serial, a.installed_on, a.site_id, s.name AS site_name,
    a.building_id, b.name AS building_name, a.space_id, sp.name AS space_name, a.type_id, k.name AS type_name, k.discipline,
    a.parent_id
  FROM assets_asset a JOIN trust_site s ON s.id = a.site_id JOIN assets_assettype k ON k.key = a.type_id
  LEFT JOIN trust_building b ON b.id = a.building_id LEFT JOIN trust_space sp ON sp.id = a.space_id
  WHERE a.site_id = %s ORDER BY a.name, a.id LIMIT 100) r
"""
COMPLIANCE = """
WITH plans AS (
  SELECT site_id, discipline,
    CASE WHEN %(day)s::date <@ ANY(pauses) THEN 'paused' WHEN overdue_from <= %(day)s THEN 'overdue'
         WHEN due_on < %(day)s THEN 'due' WHEN soon_from <= %(day)s THEN 'due-soon' ELSE 'in-date' END AS status, count(*) AS n
  FROM checks_plan WHERE active GROUP BY 1, 2, 3
), missed AS (
  SELECT p.site_id, p.discipline, 'lapses' AS status, count(*) AS n FROM checks_lapse l JOIN checks_plan p ON p.id = l.plan_id
  WHERE l.due_on > %(day)s::date - 365 AND l.due_on <= %(day)s AND NOT EXISTS (
    SELECT 1 FROM checks_lapsenote w WHERE w.lapse_id = l.id AND w.kind = 'withdrawn') GROUP BY 1, 2
), found AS (
  SELECT site_id, discipline, 'defects' AS status, count(*) AS n FROM maintenance_defect WHERE status = 'open' GROUP BY 1, 2
), badly AS (
  SELECT site_id, discipline, 'unsatisfactory' AS status, count(*) AS n FROM checks_plan
  WHERE active AND last_outcome = 'unsatisfactory' GROUP BY 1, 2
)
SELECT json_agg(json_build_object('school', school_id, 'discipline', discipline, 'status', status, 'n', n)) FROM (
  SELECT s.school_id, discipline, status, sum(n) AS n
  FROM (TABLE plans UNION ALL TABLE missed UNION ALL TABLE found UNION ALL TABLE badly) every
  JOIN trust_site s ON s.id = site_id GROUP BY 1, 2, 3) rolled
"""
SEARCH = """
SELECT json_agg(row_to_json(r)) FROM (
  SELECT * FROM assets_asset WHERE to_tsvector('simple', coalesce(name, '') || ' ' || coalesce(make, '') || ' ' ||
    coalesce(model, '') || ' ' || coalesce(serial, '')) @@ to_tsquery('simple', %s) ORDER BY name, id LIMIT 20) r
"""
HOME = "SELECT site_id, count(*) FROM checks_plan WHERE active AND overdue_from <= %s GROUP BY 1"


def sql(text: str, params: Callable[[], Any]) -> Callable[[], None]:
    """A call that runs bare SQL and fetches everything."""

    def call() -> None:
        with connection.cursor() as cursor:
            cursor.execute(text, params())
            cursor.fetchall()

    return call


def overdue() -> Callable[[], None]:
    """What is overdue, by site: the least that a home page of the office needs."""
    return sql(HOME, lambda: [today()])


class Bare:
    """Bare writing: into twins of the tables (same columns, same indexes, no triggers, no links), so that no chain is harmed."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            for table, twin in (("checks_checkrecord", "bench_record"), ("core_auditentry", "bench_audit")):
                cursor.execute(f"DROP TABLE IF EXISTS {twin}")
                cursor.execute(f"CREATE TABLE {twin} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)")
            cursor.execute("ALTER TABLE bench_record ALTER id SET DEFAULT gen_random_uuid()")
            cursor.execute("CREATE SEQUENCE IF NOT EXISTS bench_number")
            cursor.execute("ALTER TABLE bench_audit ALTER number SET DEFAULT nextval('bench_number')")
            self.record = self.columns(cursor, "bench_record", "id")
            self.entry = self.columns(cursor, "bench_audit", "number")

    @staticmethod
    def columns(cursor: Any, table: str, key: str) -> str:
        """A table's columns without its key, quoted."""
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns "
            "WHERE table_name = %s AND column_name <> %s",
            [table, key],
        )
        return str(cursor.fetchone()[0])

    def one(self) -> None:
        """One record: the row, its audit entry, the plan's dates."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO bench_record ({self.record}) SELECT {self.record} FROM checks_checkrecord "
                "WHERE plan_id IS NOT NULL LIMIT 1 RETURNING plan_id"
            )
            plan = cursor.fetchone()[0]
            cursor.execute("UPDATE checks_plan SET last_done_on = last_done_on WHERE id = %s", [plan])
            cursor.execute(f"INSERT INTO bench_audit ({self.entry}) SELECT {self.entry} FROM core_auditentry LIMIT 1")

    def many(self, count: int) -> Callable[[], None]:
        """`count` records and as many audit entries by COPY."""
        lots = []
        with connection.cursor() as cursor:
            for source, columns in (("checks_checkrecord", self.record), ("core_auditentry", self.entry)):
                with cursor.copy(f"COPY (SELECT {columns} FROM {source} LIMIT {count}) TO STDOUT") as out:
                    lines = b"".join(bytes(part) for part in out).splitlines(keepends=True)
                lots.append(b"".join((lines * (count // max(1, len(lines)) + 1))[:count]))

        def call() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                for table, columns, lot in (("bench_record", self.record, lots[0]), ("bench_audit", self.entry, lots[1])):
                    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                        into.write(lot)

        return call
