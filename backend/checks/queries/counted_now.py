"""The counts of compliance from the stored dates, as one statement of bare SQL: its cost is that of what is not simply in date.

How many plans and lapses there are stands in the tallies (checks/tally.py), what is soon due or later in `plan_standing`, and
the few that are paused in `plan_paused`; so a plan in date is never read. What lapses stand, which defects are open and which
reports are not put right is said in compliance.py; a test holds this statement against it.
"""

import datetime as dt
from typing import Any, Final

from django.db import connection

from backend.trust import permits
from backend.trust.scope import Appointed, reach

# Columns of each part, and of the answer: site, discipline, and the counts in the order of compliance.Counts.
COUNTED: Final = """
WITH place AS (
  SELECT s.id, s.name, s.school_id, c.name AS school, c.urn FROM trust_site s JOIN trust_school c ON c.id = s.school_id
  WHERE %(everywhere)s OR s.school_id = ANY(%(schools)s::uuid[]) OR s.id = ANY(%(sites)s::uuid[])
), planned AS (
  SELECT site_id, discipline, sum(plans)::int AS n FROM checks_plantally
  WHERE %(everywhere)s OR site_id IN (SELECT id FROM place)
  GROUP BY site_id, discipline HAVING sum(plans) <> 0
), part (site_id, discipline, in_date, due_soon, due, overdue, paused, lapses, defects, badly, unsafe, serious,
  unproved) AS (
  SELECT site_id, discipline, n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM planned
  UNION ALL
  SELECT site_id, discipline, -near, near - past, past - late, late, 0, 0, 0, 0, 0, 0, 0
  FROM (
    SELECT site_id, discipline,
      count(*) FILTER (WHERE overdue_from <= %(day)s)::int AS late,
      count(*) FILTER (WHERE overdue_from <= %(day)s OR due_on < %(day)s)::int AS past,
      count(*) FILTER (WHERE overdue_from <= %(day)s OR due_on < %(day)s OR soon_from <= %(day)s)::int AS near
    FROM checks_plan WHERE active AND LEAST(soon_from, due_on, overdue_from) <= %(day)s
      AND (%(everywhere)s OR site_id IN (SELECT id FROM place))
    GROUP BY site_id, discipline
  ) soon
  UNION ALL
  SELECT site_id, discipline, near - n, past - near, late - past, -late, n, 0, 0, 0, 0, 0, 0
  FROM (
    SELECT site_id, discipline, count(*)::int AS n,
      count(*) FILTER (WHERE overdue_from <= %(day)s)::int AS late,
      count(*) FILTER (WHERE overdue_from <= %(day)s OR due_on < %(day)s)::int AS past,
      count(*) FILTER (WHERE overdue_from <= %(day)s OR due_on < %(day)s OR soon_from <= %(day)s)::int AS near
    FROM checks_plan WHERE active AND pauses <> '{}' AND %(day)s::date <@ ANY(pauses)
      AND (%(everywhere)s OR site_id IN (SELECT id FROM place))
    GROUP BY site_id, discipline
  ) resting
  UNION ALL
  SELECT site_id, discipline, 0, 0, 0, 0, 0, sum(lapses)::int, 0, 0, 0, 0, 0 FROM checks_lapsetally
  WHERE due_on > %(year_ago)s AND due_on <= %(day)s AND (%(everywhere)s OR site_id IN (SELECT id FROM place))
  GROUP BY site_id, discipline HAVING sum(lapses) <> 0
  UNION ALL
  SELECT p.site_id, p.discipline, 0, 0, 0, 0, 0, -count(DISTINCT l.id)::int, 0, 0, 0, 0, 0
  FROM checks_lapsenote w JOIN checks_lapse l ON l.id = w.lapse_id JOIN checks_plan p ON p.id = l.plan_id
  WHERE w.kind = 'withdrawn' AND l.due_on > %(year_ago)s AND l.due_on <= %(day)s
    AND (%(everywhere)s OR p.site_id IN (SELECT id FROM place))
    AND NOT EXISTS (SELECT FROM checks_lapsenote r WHERE r.lapse_id = w.lapse_id AND r.kind = 'restored' AND r.id > w.id)
  GROUP BY p.site_id, p.discipline
  UNION ALL
  SELECT site_id, discipline, 0, 0, 0, 0, 0, 0, count(*)::int, 0,
    count(*) FILTER (WHERE unsafe OR do_not_use_from <= %(day)s)::int, count(*) FILTER (WHERE severity = 'high')::int, 0
  FROM maintenance_defect
  WHERE status = 'open' AND found_on <= %(day)s AND (%(everywhere)s OR site_id IN (SELECT id FROM place))
  GROUP BY site_id, discipline
  UNION ALL
  SELECT p.site_id, p.discipline, 0, 0, 0, 0, 0, 0, 0, count(*)::int, 0, 0, 0
  FROM checks_plan p
  WHERE p.active AND p.last_outcome = 'unsatisfactory' AND (%(everywhere)s OR p.site_id IN (SELECT id FROM place))
    AND (
      NOT EXISTS (
        SELECT FROM checks_finding f JOIN checks_checkrecord r ON r.id = f.record_id
        WHERE r.plan_id = p.id AND r.done_on = p.last_done_on)
      OR EXISTS (
        SELECT FROM checks_finding f JOIN checks_checkrecord r ON r.id = f.record_id
          JOIN maintenance_defect d ON d.id = f.defect_id
        WHERE r.plan_id = p.id AND d.status = 'open' AND d.found_on <= %(day)s))
  GROUP BY p.site_id, p.discipline
  UNION ALL
  SELECT site_id, discipline, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*)::int
  FROM checks_plan
  WHERE active AND last_done_on IS NULL AND (%(everywhere)s OR site_id IN (SELECT id FROM place))
    AND (overdue_from <= %(day)s) IS NOT TRUE AND (due_on < %(day)s) IS NOT TRUE
    AND NOT (pauses <> '{}' AND %(day)s::date <@ ANY(pauses))
  GROUP BY site_id, discipline
)
SELECT place.id::text, place.name, place.school_id::text, place.school, place.urn, k.discipline, k.in_date, k.due_soon, k.due,
  k.overdue, k.paused, k.lapses, k.defects, k.badly, k.unsafe, k.serious, k.unproved
FROM (
  SELECT site_id, discipline, sum(in_date)::int AS in_date, sum(due_soon)::int AS due_soon, sum(due)::int AS due,
    sum(overdue)::int AS overdue, sum(paused)::int AS paused, sum(lapses)::int AS lapses, sum(defects)::int AS defects,
    sum(badly)::int AS badly, sum(unsafe)::int AS unsafe, sum(serious)::int AS serious, sum(unproved)::int AS unproved
  FROM part GROUP BY site_id, discipline
) k JOIN place ON place.id = k.site_id
WHERE in_date <> 0 OR due_soon <> 0 OR due <> 0 OR overdue <> 0 OR paused <> 0 OR lapses <> 0 OR defects <> 0 OR badly <> 0
"""


EVERYWHERE: Final = COUNTED.replace("%(everywhere)s", "TRUE")
SOMEWHERE: Final = COUNTED.replace("%(everywhere)s OR ", "")
"""With it left in, PostgreSQL would read every plan and ask of each whether its place is one of those (a hashed subplan): it
takes `IN (SELECT …)` for a join, and so for an index to walk down, only where nothing else stands beside it.
"""


def counted_now(person: Appointed, day: dt.date, year_ago: dt.date) -> list[tuple[Any, ...]]:
    """For each discipline at each site that `person` may see, on a day that is not past: (site's id, name, school's id, name,
    URN, discipline, and the eleven counts in the order of compliance.Counts). The ids are text. Lapses count after `year_ago`.
    """
    found = reach(person, permits.ESTATE_VIEW)
    if found.nowhere():
        return []
    scope: dict[str, Any] = {"schools": list(found.schools), "sites": list(found.sites)}
    with connection.cursor() as cursor:
        cursor.execute(EVERYWHERE if found.everywhere else SOMEWHERE, {**scope, "day": day, "year_ago": year_ago})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
