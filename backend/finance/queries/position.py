"""How budgets stand: one identity, one statement, at the level of a line, a cost centre, a school, or the trust.

available = budget − actual − accrued − committed. What was received and not yet invoiced counts as accrued and not as committed,
so nothing is counted twice; what is asked for and not yet approved (pending) stands beside it. All in pence, net of VAT that
comes back. Amounts are as in the ledger: spending above nothing.
"""

import uuid
from collections.abc import Collection
from typing import Any, Final, Literal

from django.db import connection

from backend.finance.models import BudgetLine
from backend.rules.commitments import NOTHING, Position
from backend.trust.models import CostCentre
from backend.trust.scope import Appointed

Level = Literal["line", "centre", "school", "trust"]
KEYS: Final[dict[Level, str]] = {
    "line": "part.centre_id, part.account_id, part.fund_id",
    "centre": "part.centre_id",
    "school": "centre.school_id",
    "trust": "NULL",
}
HERE: Final = "{of}.centre_id = ANY(%(centres)s::uuid[])"
ONE: Final = " AND {of}.account_id = %(account)s AND {of}.fund_id = %(fund)s"
POSITION: Final = """
WITH owed AS MATERIALIZED (
  SELECT c.budget_line_id, c.order_line_id, sum(c.amount_pence) AS outstanding,
    coalesce(-sum(c.amount_pence) FILTER (WHERE c.kind = 'invoice'), 0) AS relieved
  FROM finance_commitment c JOIN finance_budgetline l ON l.id = c.budget_line_id
  WHERE l.year_id = %(year)s AND {budgets}
  GROUP BY c.budget_line_id, c.order_line_id HAVING sum(c.amount_pence) <> 0
), came AS MATERIALIZED (
  SELECT r.order_line_id, sum(r.net_pence) AS net FROM owed JOIN finance_receipt r ON r.order_line_id = owed.order_line_id
  GROUP BY r.order_line_id
), part (centre_id, account_id, fund_id, budget, actual, accrued, outstanding, pending) AS MATERIALIZED (
  SELECT l.centre_id, l.account_id, l.fund_id, sum(e.amount_pence), 0, 0, 0, 0
  FROM finance_budgetline l JOIN finance_budgetentry e ON e.line_id = l.id
  WHERE l.year_id = %(year)s AND {budgets} GROUP BY 1, 2, 3
  UNION ALL
  SELECT j.centre_id, j.account_id, j.fund_id, 0, sum(j.amount_pence), 0, 0, 0
  FROM finance_journalline j
  WHERE j.year = %(year)s AND {lines} AND j.account_id IN (SELECT code FROM finance_account WHERE kind = 'expenditure')
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT l.centre_id, l.account_id, l.fund_id, 0, 0,
    sum(greatest(0, least(coalesce(came.net, 0) - owed.relieved, owed.outstanding))), sum(owed.outstanding), 0
  FROM owed JOIN finance_budgetline l ON l.id = owed.budget_line_id LEFT JOIN came ON came.order_line_id = owed.order_line_id
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT l.centre_id, l.account_id, l.fund_id, 0, 0, 0, 0, sum(a.net_pence)
  FROM finance_requisition r JOIN finance_requisitionline a ON a.requisition_id = r.id
    JOIN finance_budgetline l ON l.id = a.budget_line_id
  WHERE r.state = 'submitted' AND l.year_id = %(year)s AND {budgets} GROUP BY 1, 2, 3
)
SELECT {keys}, sum(budget)::bigint, sum(actual)::bigint, sum(accrued)::bigint, sum(outstanding - accrued)::bigint,
  sum(pending)::bigint
FROM part JOIN trust_costcentre centre ON centre.id = part.centre_id
  JOIN finance_account account ON account.code = part.account_id AND account.kind = 'expenditure'
GROUP BY {keys}
"""


def asked(
    level: Level, year: int, centres: Collection[uuid.UUID], account: str | None = None, fund: str | None = None
) -> dict[Any, Position]:
    """The positions of cost centres in a year, by what `level` groups: (centre, account, fund), centre, school (None: the
    trust's own services) or one for all (None)."""
    keys = KEYS[level]
    here = HERE if account is None else HERE + ONE
    statement = POSITION.format(keys=keys, budgets=here.format(of="l"), lines=here.format(of="j")).replace("GROUP BY NULL\n", "")
    if level == "trust":
        statement = statement.replace("SELECT NULL,", "SELECT NULL AS all_of_it,")
    given: dict[str, Any] = {"year": year, "centres": [str(each) for each in centres], "account": account, "fund": fund}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = cursor.fetchall()
    found = {}
    for row in rows:
        *key, budget, actual, accrued, committed, pending = row
        if budget is not None:
            found[tuple(key) if level == "line" else key[0]] = Position(budget, actual, accrued, committed, pending)
    return found


def positions(person: Appointed, level: Level, *, year: int) -> dict[Any, Position]:
    """How what somebody may see stands in a year, by `level` (see `asked`)."""
    return asked(level, year, list(CostCentre.objects.visible_to(person).values_list("pk", flat=True)))


def of_line(line: BudgetLine) -> Position:
    """How one budget line stands."""
    key = (line.centre_id, line.account_id, line.fund_id)
    return asked("line", line.year_id, [line.centre_id], line.account_id, line.fund_id).get(key, NOTHING)
