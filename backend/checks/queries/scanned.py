"""What a label stands for, as bare SQL: asked all day long, and building the two queries would cost more than running them."""

import datetime as dt
import json
from typing import Any, Final

from django.db import connection

from backend.core.models import spans_of
from backend.rules.due import StoredDates, status_on
from backend.trust import permits
from backend.trust.scope import Appointed, reach

# In the order and by the names of assets.api.shapes.ALONE, with the codes of the labels in use.
ASSET: Final = """
SELECT a.id, a.name, a.status, a.status_since, a.make, a.model, a.serial, a.installed_on, a.site_id, s.name, a.building_id,
  b.name, a.space_id, r.name, a.type_id, k.name, k.discipline, a.parent_id, a.status_reason, a.note, a.facts, a.added_at,
  ARRAY(SELECT other.code FROM assets_tag other WHERE other.asset_id = a.id AND other.retired_at IS NULL)
FROM assets_tag t
JOIN assets_asset a ON a.id = t.asset_id
JOIN trust_site s ON s.id = a.site_id
JOIN assets_assettype k ON k.key = a.type_id
LEFT JOIN trust_building b ON b.id = a.building_id
LEFT JOIN trust_space r ON r.id = a.space_id
WHERE t.code = %s AND (%s OR s.school_id = ANY(%s::uuid[]) OR a.site_id = ANY(%s::uuid[]))
"""
PLANS: Final = """
SELECT p.id, p.check_type_id, c.title, c.verified, p.due_on, p.overdue_from, p.soon_from, p.pauses, p.last_done_on
FROM checks_plan p JOIN checks_checktype c ON c.code = p.check_type_id
WHERE p.asset_id = %s AND p.active ORDER BY p.overdue_from, p.id
"""


def scanned(person: Appointed, code: str) -> tuple[Any, ...] | None:
    """The columns of the asset that a label is on, its labels' codes last; None when the asker may not know of it."""
    found = reach(person, permits.ESTATE_VIEW)
    with connection.cursor() as cursor:
        cursor.execute(ASSET, [code, found.everywhere, list(found.schools), list(found.sites)])
        row = cursor.fetchone()
    if row is None:
        return None
    *before, facts, added_at, codes = row
    return (*before, json.loads(facts), added_at, codes)


def checks_of(asset_id: Any, today: dt.date) -> list[dict[str, Any]]:
    """How each check of an asset (that the asker may see: its plans are at its own site) stands, most pressing first."""
    with connection.cursor() as cursor:
        cursor.execute(PLANS, [asset_id])
        rows = cursor.fetchall()
    return [
        {
            "id": pk,
            "check_type": check,
            "title": title,
            "verified": verified,
            "status": status_on(StoredDates(due_on, overdue_from, soon_from), spans_of(pauses), today).value,
            "last_done_on": last,
        }
        for pk, check, title, verified, due_on, overdue_from, soon_from, pauses, last in rows
    ]
