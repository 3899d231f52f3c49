"""Problems that may be the same: open ones on the same thing, or in the same place."""

import uuid
from collections.abc import Mapping, Sequence

from django.db.models import Q

from backend.maintenance.models import Defect
from backend.trust.models import Person

MOST = 300


def similar_to(defects: Sequence[Defect], person: Person) -> Mapping[uuid.UUID, list[Defect]]:
    """For each problem the other open ones on the same asset; without one, in the same space or building. One query."""
    assets = {each.asset_id for each in defects if each.asset_id}
    spaces = {each.space_id for each in defects if each.space_id and not each.asset_id}
    buildings = {each.building_id for each in defects if each.building_id and not each.asset_id and not each.space_id}
    wanted = Q(asset__in=assets) | Q(asset=None, space__in=spaces) | Q(asset=None, space=None, building__in=buildings)
    rows = Defect.objects.visible_to(person).filter(wanted, status=Defect.Status.OPEN)
    found = list(rows.order_by("-unsafe", "found_on", "pk")[:MOST])
    return {each.pk: [other for other in found if other.pk != each.pk and same_place(each, other)][:20] for each in defects}


def same_place(one: Defect, other: Defect) -> bool:
    """Whether two problems are about the same thing."""
    if one.asset_id or other.asset_id:
        return one.asset_id == other.asset_id
    if one.space_id or other.space_id:
        return one.space_id == other.space_id
    return one.building_id is not None and one.building_id == other.building_id
