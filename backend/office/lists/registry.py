"""Which lists' rows can be changed many at once, and what can be done with them. A list is added by one line of BULK."""

from typing import Final

from backend.office.forms.lists import ListFilters
from backend.office.lists.bulk import BulkList, Offered
from backend.office.lists.changes_assets import ASSETS
from backend.office.lists.changes_plans import PLANS
from backend.office.lists.changes_problems import PROBLEMS

BULK: Final[dict[str, BulkList]] = {each.key: each for each in (ASSETS, PLANS, PROBLEMS)}


def bulk_of(page: str, filters: ListFilters) -> Offered | None:
    """What the reader of a list may do with its rows; None when there is nothing."""
    found = next((each for each in BULK.values() if each.page == page), None)
    if found is None or filters.wrong:
        return None
    changes = found.for_person(filters.person)
    return Offered(found, changes) if changes else None
