"""The counts of compliance from the stored dates, as one statement of bare SQL: its cost is that of what is not simply in date.

How many plans and lapses there are stands in the tallies (checks/tally.py), with how many plans were never recorded; what is
soon due or later in `plan_not_in_date`, and the few that are paused in `plan_paused`; so a plan in date is never read. Unproved
is what was never recorded and is neither late nor paused. What lapses stand, which defects are open and which reports are not
put right is said in compliance.py; a test holds this statement against it.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from backend.core.streaming import streamed
from backend.trust.scope import Reach

# Columns of each part, and of the answer: site, discipline, and the counts in the order of compliance.Counts.
COUNTED: Final = """
WITH raised AS MATERIALIZED (
  SELECT r.plan_id, r.done_on, d.status = 'open' AND d.found_on <= %(day)s AS still
  FROM checks_finding f JOIN checks_checkrecord r ON r.id = f.record_id LEFT JOIN maintenance_defect d ON d.id = f.defect_id
  WHERE r.plan_id IN (SELECT id FROM checks_plan WHERE active AND last_outcome = 'unsatisfactory' AND {here})
), part (site_id, discipline, in_date, due_soon, due, overdue, paused, lapses, defects, badly, unsafe, serious,
  unproved) AS (
  SELECT site_id, discipline, plans, 0, 0, 0, 0, 0, 0, 0, 0, 0, never FROM checks_plantally WHERE {here}
  UNION ALL
  SELECT site_id, discipline, -near, near - past, past - late, late, 0, 0, 0, 0, 0, 0, -never
  FROM (
    SELECT site_id, discipline,
      count(*) FILTER (WHERE overdue_from <= %(day)s)::int AS late,
      count(*) FILTER (WHERE overdue_from <= %(day)s OR due_on < %(day)s)::int AS past,
      count(*) FILTER (WHERE overdue_from <= %(day)s OR due_on < %(day)s OR soon_from <= %(day)s)::int AS near,
      count(*) FILTER (WHERE last_done_on IS NULL AND (overdue_from <= %(day)s OR due_on < %(day)s))::int AS never
    FROM checks_plan WHERE active AND LEAST(soon_from, due_on, overdue_from) <= %(day)s
      AND {here}
    GROUP BY site_id, discipline
  ) soon
  UNION ALL
  SELECT site_id, discipline, near - n, past - near, late - past, -late, n, 0, 0, 0, 0, 0, -never
  FROM (
    SELECT site_id, discipline, count(*)::int AS n,
      count(*) FILTER (WHERE overdue_from <= %(day)s)::int AS late,
      count(*) FILTER (WHERE overdue_from <= %(day)s OR due_on < %(day)s)::int AS past,
      count(*) FILTER (WHERE overdue_from <= %(day)s OR due_on < %(day)s OR soon_from <= %(day)s)::int AS near,
      count(*) FILTER (WHERE last_done_on IS NULL AND (overdue_from <= %(day)s) IS NOT TRUE
        AND (due_on < %(day)s) IS NOT TRUE)::int AS never
    FROM checks_plan WHERE active AND pauses <> '{}' AND %(day)s::date <@ ANY(pauses)
      AND {here}
    GROUP BY site_id, discipline
  ) resting
  UNION ALL
  SELECT site_id, discipline, 0, 0, 0, 0, 0, sum(lapses)::int, 0, 0, 0, 0, 0 FROM checks_lapsetally
  WHERE due_on > %(year_ago)s AND due_on <= %(day)s AND {here}
  GROUP BY site_id, discipline HAVING sum(lapses) <> 0
  UNION ALL
  SELECT p.site_id, p.discipline, 0, 0, 0, 0, 0, -count(DISTINCT l.id)::int, 0, 0, 0, 0, 0
  FROM checks_lapsenote w JOIN checks_lapse l ON l.id = w.lapse_id JOIN checks_plan p ON p.id = l.plan_id
  WHERE w.kind = 'withdrawn' AND l.due_on > %(year_ago)s AND l.due_on <= %(day)s
    AND p.{here}
    AND NOT EXISTS (SELECT FROM checks_lapsenote r WHERE r.lapse_id = w.lapse_id AND r.kind = 'restored' AND r.id > w.id)
  GROUP BY p.site_id, p.discipline
  UNION ALL
  SELECT site_id, discipline, 0, 0, 0, 0, 0, 0, count(*)::int, 0,
    count(*) FILTER (WHERE unsafe OR do_not_use_from <= %(day)s)::int, count(*) FILTER (WHERE severity = 'high')::int, 0
  FROM maintenance_defect
  WHERE status = 'open' AND found_on <= %(day)s AND {here}
  GROUP BY site_id, discipline
  UNION ALL
  SELECT p.site_id, p.discipline, 0, 0, 0, 0, 0, 0, 0, count(*)::int, 0, 0, 0
  FROM checks_plan p
  WHERE p.active AND p.last_outcome = 'unsatisfactory' AND p.{here}
    AND (
      NOT EXISTS (SELECT FROM raised WHERE raised.plan_id = p.id AND raised.done_on = p.last_done_on)
      OR EXISTS (SELECT FROM raised WHERE raised.plan_id = p.id AND still))
  GROUP BY p.site_id, p.discipline
)
SELECT site_id::text, discipline, in_date, due_soon, due, overdue, paused, lapses, defects, badly, unsafe, serious, unproved
FROM (
  SELECT site_id, discipline, sum(in_date)::int AS in_date, sum(due_soon)::int AS due_soon, sum(due)::int AS due,
    sum(overdue)::int AS overdue, sum(paused)::int AS paused, sum(lapses)::int AS lapses, sum(defects)::int AS defects,
    sum(badly)::int AS badly, sum(unsafe)::int AS unsafe, sum(serious)::int AS serious, sum(unproved)::int AS unproved
  -- In order, so that each sum is done and sent while the next is read, instead of all of them after the last row.
  FROM (SELECT * FROM part ORDER BY site_id, discipline) sorted GROUP BY site_id, discipline
) k
WHERE in_date <> 0 OR due_soon <> 0 OR due <> 0 OR overdue <> 0 OR paused <> 0 OR lapses <> 0 OR defects <> 0 OR badly <> 0
"""


EVERYWHERE: Final = re.sub(r"(\w\.)?{here}", "TRUE", COUNTED)
SOMEWHERE: Final = COUNTED.replace("{here}", "site_id = ANY(%(sites)s::uuid[])")
"""Two statements: with one that asks "everywhere, or one of these" PostgreSQL would read every plan and look at its place."""


def counted_now(reached: Reach, sites: Collection[str], day: dt.date, year_ago: dt.date) -> Iterator[tuple[Any, ...]]:
    """For each discipline at each of the `sites` (their ids), on a day that is not past: (site's id, discipline, and the eleven
    counts in the order of compliance.Counts), one site after the other as a rule. Lapses count after `year_ago`.

    The rows come as they are found: read them to the end before anything else is asked of the database. Where all is in reach,
    what is counted is not looked up by its site.
    """
    asked = EVERYWHERE if reached.everywhere else SOMEWHERE
    return streamed(asked, {"sites": list(sites), "day": day, "year_ago": year_ago})
