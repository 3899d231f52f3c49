"""How budgets stand, at the size of the reference trust: 400,000 journal lines, 60,000 commitments (of which one order
line in ten is not billed whole), 240 cost centres.

The rows are put in without triggers, inside a transaction that is rolled back once all is measured: no other bench meets them. So
nothing is vacuumed, and what PostgreSQL could read from an index alone it looks up in the table: the dearer way.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from backend.core.days import today
from backend.finance.models import BudgetLine
from backend.finance.queries.position import Level, asked, of_line
from backend.trust.models import CostCentre, Person
from tests.bench import limits
from tests.bench.measure import Bench

CENTRES, ACCOUNTS, LINES, PROMISES = 20, 20, 400_000, 60_000
"""Cost centres of a school, accounts that each of them uses; journal lines and commitments in all."""
SCHOOLS: Final = 12
FILL: Final = """
SET LOCAL session_replication_role = replica;
INSERT INTO finance_fund (code, name, kind, terms) VALUES ('BENCH', 'Grant', 'restricted', '');
INSERT INTO finance_account
  (code, name, kind, benchmark, cfr, is_capital, is_premises, control, vat_percent, version, active_from)
  SELECT (500000 + n * 10)::text, 'Costs ' || n, 'expenditure', 'BAE200', '', false, false, '', 20, 'bench', '2020-09-01'
  FROM generate_series(1, {accounts}) n;
INSERT INTO finance_account
  (code, name, kind, benchmark, cfr, is_capital, is_premises, control, vat_percent, version, active_from)
  VALUES ('110010', 'Bank', 'asset', '', '', false, false, 'bank', 20, 'bench', '2020-09-01');
INSERT INTO finance_financialyear (year, state, minute) VALUES ({year}, 'draft', '');
INSERT INTO finance_period (id, year_id, number, starts_on, ends_on, state)
  VALUES (gen_random_uuid(), {year}, 1, '{year}-09-01', '{year}-09-30', 'open');
INSERT INTO trust_costcentre (id, code, name, school_id)
  SELECT gen_random_uuid(), 'B' || s.urn || '-' || n, 'Department ' || n, s.id
  FROM (SELECT id, urn FROM trust_school ORDER BY urn LIMIT {schools}) s, generate_series(1, {centres}) n;
INSERT INTO finance_budgetline (id, year_id, centre_id, account_id, fund_id, control)
  SELECT gen_random_uuid(), {year}, c.id, a.code, 'BENCH', 'stop' FROM trust_costcentre c, finance_account a
  WHERE a.kind = 'expenditure';
INSERT INTO finance_budgetchange (id, kind, reason, made_at, made_by_id)
  VALUES (gen_random_uuid(), 'original', 'B', now(), '{person}');
INSERT INTO finance_budgetentry (id, line_id, change_id, amount_pence)
  SELECT gen_random_uuid(), l.id, c.id, 1000000 FROM finance_budgetline l, finance_budgetchange c;
INSERT INTO finance_journal (id, number, period_id, day, source, narrative, posted_at, posted_by_id)
  SELECT gen_random_uuid(), n, p.id, p.starts_on, '', 'Bought', now(), '{person}'
  FROM generate_series(1, {lines} / 2) n, finance_period p;
INSERT INTO finance_journalline (id, journal_id, account_id, centre_id, fund_id, year, amount_pence)
  SELECT gen_random_uuid(), j.id, CASE side WHEN 0 THEN l.account_id ELSE '110010' END, l.centre_id, 'BENCH', {year},
    CASE side WHEN 0 THEN 1234 ELSE -1234 END
  FROM (SELECT id, number, 1 + number % (SELECT count(*) FROM finance_budgetline) AS n FROM finance_journal) j
    JOIN (SELECT account_id, centre_id, row_number() OVER (ORDER BY id) AS n FROM finance_budgetline) l USING (n),
    generate_series(0, 1) side;
INSERT INTO finance_commitment (id, order_line_id, budget_line_id, kind, amount_pence, made_at)
  SELECT gen_random_uuid(), o.id, l.id, kind, CASE kind WHEN 'raise' THEN 5000 ELSE -taken END, now()
  FROM (SELECT gen_random_uuid() AS id, CASE WHEN n % 10 = 0 THEN 3000 ELSE 5000 END AS taken,
      1 + n % (SELECT count(*) FROM finance_budgetline) AS n
      FROM generate_series(1, {promises} / 2) n) o
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM finance_budgetline) l USING (n),
    unnest(ARRAY['raise', 'invoice']) kind;
INSERT INTO finance_receipt (id, order_line_id, net_pence, received_on, note, made_at, made_by_id)
  SELECT gen_random_uuid(), order_line_id, 4000, now(), '', now(), '{person}' FROM finance_commitment WHERE kind = 'raise';
SET LOCAL session_replication_role = origin;
ANALYZE finance_journalline; ANALYZE finance_commitment; ANALYZE finance_budgetline; ANALYZE finance_budgetentry;
ANALYZE finance_receipt; ANALYZE trust_costcentre; ANALYZE finance_account;
"""
TOTALS: Final = """
SELECT sum(amount_pence) FROM finance_journalline j JOIN finance_account a ON a.code = j.account_id
WHERE a.kind = 'expenditure' AND year = %s
UNION ALL SELECT sum(amount_pence) FROM finance_commitment UNION ALL SELECT sum(amount_pence) FROM finance_budgetentry
"""


def ask_for(level: Level, year: int, centres: list[UUID], _given: object) -> None:
    """The positions of cost centres."""
    asked(level, year, centres)


def position(size: dict[str, int]) -> Iterator[Bench]:
    """How a line, a cost centre by its lines, a school by its centres, the schools, and the trust stand."""
    year = today().year - (today().month < 9)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                FILL.format(
                    accounts=ACCOUNTS, centres=CENTRES, schools=SCHOOLS, lines=LINES, promises=PROMISES, year=year,
                    person=Person.objects.order_by("pk")[0].pk,
                )
            )  # fmt: skip
        every = list(CostCentre.objects.values_list("pk", flat=True))
        one = CostCentre.objects.order_by("code")[0]
        same = list(CostCentre.objects.filter(school=one.school).values_list("pk", flat=True))
        here = {**size, "journal lines": LINES, "commitments": PROMISES, "cost centres": len(every)}
        line = BudgetLine.objects.filter(centre=one).order_by("account")[0]
        raw = limits.sql(TOTALS, lambda: [year])
        yield Bench("position of a line", lambda _g: of_line(line), n=200, size=here)
        asks: list[tuple[str, Level, list[UUID]]] = [
            ("position of a cost centre, by line", "line", [one.pk]),
            ("position of a school, by cost centre", "centre", same),
            ("position of the schools", "school", every),
            ("position of the trust", "trust", every),
        ]
        for name, level, centres in asks:
            ask = partial(ask_for, level, year, centres)
            yield Bench(name, ask, n=40, limit=raw if level == "trust" else None, size=here)
        transaction.set_rollback(True)
