"""What may be wrong with the trust as it was set up."""

import datetime as dt

from django.conf import settings

from backend.core.days import london_date
from backend.core.doctor import Check, Finding, fine
from backend.trust import permits
from backend.trust.models import Appointment, Trust


def trust_set_up(_now: dt.datetime) -> Finding:
    """There is one trust, and invented data is not mixed with real data."""
    trusts = list(Trust.objects.order_by("name")[:3])
    if not trusts:
        mend = "Set it up on the page /set-up/ with the code that this prints: python manage.py person setup-code"
        return Finding("warning", "There is no trust in the database yet.", mend)
    if settings.DEMO and not all(each.made_up for each in trusts):
        mend = "Set SITEWARD_DEMO=false and restart: in demo mode everybody knows the accounts' password."
        return Finding("wrong", "Demo mode is on and the database holds a real trust.", mend)
    if not settings.DEMO and any(each.made_up for each in trusts):
        mend = "Start with an empty database: the invented trust's people and records would stand among real ones."
        return Finding("wrong", "Demo mode is off and the database holds the invented trust.", mend)
    return fine(f"The database holds {trusts[0].name}.")


def administrator_there(now: dt.datetime) -> Finding:
    """Somebody may see the operators' pages."""
    today = london_date(now)
    roles = permits.roles_with(permits.SYSTEM_MANAGE)
    held = Appointment.objects.in_force(today).filter(role__in=roles, person__is_active=True)
    count = held.values("person").distinct().count()
    if count:
        return fine(f"{count} {'person holds' if count == 1 else 'people hold'} an administrator's role.")
    mend = "Appoint a system administrator, or operators' pages can be seen by nobody."
    return Finding("warning", "Nobody holds an administrator's role today.", mend)


CHECKS = [
    Check("trust", "The trust", trust_set_up),
    Check("administrator", "An administrator", administrator_there),
]
