"""What waits about firms: papers that end, DBS checks to be seen again, reports handed in, visits to be signed in."""

import datetime as dt
from collections.abc import Iterable

from backend.core.agenda import Waiting
from backend.core.templatetags.words import day
from backend.maintenance.models import Contractor, ContractorPerson, ContractorVisit, ReportUpload
from backend.maintenance.queries.contractors import standings
from backend.rules.contractors import SOON_DAYS
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

MOST = 50


def firms_waiting(person: Person, today: dt.date) -> Iterable[Waiting]:
    """Firms in use whose papers have ended or end soon. Two queries."""
    firms = list(Contractor.objects.visible_to(person, permits.CONTRACTOR_MANAGE).filter(active=True))
    said = standings(firms, today) if firms else {}
    for firm in firms:
        how = said[firm.pk]
        if how.missing or how.soon:
            words = f"{firm.name}: {' '.join(how.missing or how.soon)}"
            yield Waiting(f"contractor:{firm.pk}:papers", "contractor", words, f"/contractors/{firm.pk}/", 3, how.first_end)


def people_waiting(person: Person, today: dt.date) -> Iterable[Waiting]:
    """People of firms whose DBS check is to be seen again. One query."""
    if reach(person, permits.CONTRACTOR_MANAGE).nowhere():
        return
    limit = today + dt.timedelta(days=SOON_DAYS)
    rows = ContractorPerson.objects.filter(left_on=None, contractor__active=True, dbs_expires_on__lte=limit)
    for each in rows.select_related("contractor").order_by("dbs_expires_on", "pk")[:MOST]:
        words = f"{each.contractor.name}: a DBS check is to be seen again by {day(each.dbs_expires_on)}."
        path = f"/contractors/{each.contractor_id}/#people"
        yield Waiting(f"contractor-person:{each.pk}:dbs", "contractor", words, path, 4, each.dbs_expires_on)


def uploads_waiting(person: Person, today: dt.date) -> Iterable[Waiting]:
    """Reports that firms have handed in and nobody has filed. One query."""
    rows = ReportUpload.objects.visible_to(person).filter(state=ReportUpload.State.WAITING)
    for each in rows.select_related("contractor", "request")[:MOST]:
        words = f"{each.contractor.name} handed in: {each.request.words}. File it."
        yield Waiting(
            f"upload:{each.pk}:file", "certificate", words, f"/contractors/handed-in/{each.pk}/", 4, today, each.site_id
        )


def visits_waiting(person: Person, today: dt.date) -> Iterable[Waiting]:
    """Visits planned for today or before that nobody has signed in, and firms still signed in from a day before. One query."""
    rows = ContractorVisit.objects.visible_to(person, permits.CONTRACTOR_MANAGE)
    rows = rows.filter(called_off_at=None, left_at=None, planned_on__lte=today)
    for each in rows.select_related("contractor").order_by("planned_on", "pk")[:MOST]:
        here = each.arrived_at is not None
        if here and each.planned_on == today:
            continue
        words = f"{each.contractor.name} is still signed in." if here else f"{each.contractor.name} is to come: {each.purpose}."
        yield Waiting(
            f"visit:{each.pk}:sign", "visit", words, f"/contractors/visits/{each.pk}/", 2, each.planned_on, each.site_id
        )


FIRMS = [firms_waiting, people_waiting, uploads_waiting, visits_waiting]
