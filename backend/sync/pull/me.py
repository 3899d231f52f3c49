"""Who somebody is, as their phone needs it."""

import datetime as dt
from typing import Any

from django.conf import settings

from backend.core.days import london_date
from backend.sync.versions import MINIMUM_APP
from backend.trust.models import Person, Site


def me(person: Person, now: dt.datetime) -> dict[str, Any]:
    """The person, everything that they may do anywhere, and the sites that they may see. Two queries."""
    sites = Site.objects.visible_to(person).select_related("school").order_by("school__name", "name")
    return {
        "person": {"id": str(person.pk), "name": person.name},
        "permits": sorted(person.permits_on(london_date(now))),
        "sites": [{"id": str(each.pk), "name": each.name, "school": each.school.name} for each in sites],
        "server_time": now.isoformat(),
        "minimum_app": MINIMUM_APP,
        "label_hosts": list(settings.LABEL_HOSTS),
        "demo": bool(settings.DEMO),
    }
