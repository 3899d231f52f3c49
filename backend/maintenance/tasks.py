"""Background work of this app: letters about work and reports. Each may run twice; a letter at worst comes twice.

A worker is given ids alone: the links in letters are made here, so that no queue ever holds one.
"""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.days import today
from backend.core.models import AuditEntry, Salt
from backend.maintenance.actions.contractor_people import forget_contractor_people
from backend.maintenance.evidence import FAULT_REPORTS
from backend.maintenance.links import WORK_ORDER, make_link
from backend.maintenance.models import FaultReport, WorkOrder
from backend.trust import letters
from backend.trust.models import Trust

LINK_DAYS: Final = 60
NAMES_KEPT: Final = dt.timedelta(days=90)
FOLDER: Final = "maintenance"


def send_work(order_id: str, template: str) -> bool:
    """Tell whoever has work to do of it ("given"), or remind them ("chased"); a firm gets a link to it. False when not sent."""
    rows = WorkOrder.objects.select_related("site", "defect__building", "defect__space", "defect__asset", "given_by")
    order = rows.select_related("contractor", "assigned_to").filter(pk=order_id).first()
    if order is None or not order.is_running:
        return False
    to = order.contractor.email if order.contractor else order.assigned_to.email if order.assigned_to else ""
    if not to:
        return False
    link, expires = f"{letters.address()}/work-orders/{order.pk}/", None
    if order.contractor:
        text, row = make_link(
            purpose=WORK_ORDER,
            about=order.pk,
            person=order.given_by,
            days=LINK_DAYS,
            contractor=order.contractor,
            sent_to=to,
        )
        link, expires = f"{letters.address()}/work/{text}/", row.expires_at.date()
    said = {"order": order, "link": link, "expires": expires, "late": order.is_late(today()), "trust": Trust.objects.first()}
    return letters.send(to, template, folder=FOLDER, **said)


def send_over(order_id: str) -> bool:
    """Tell whoever had work to do that it is taken back, as its problem is closed. False when there is nobody to tell."""
    rows = WorkOrder.objects.select_related("site", "defect__building", "contractor", "assigned_to")
    order = rows.filter(pk=order_id, status=WorkOrder.Status.CANCELLED).first()
    doer = order and (order.contractor or order.assigned_to)
    if not doer or not doer.email:
        return False
    return letters.send(doer.email, "over", folder=FOLDER, order=order, trust=Trust.objects.first())


def send_thanks(report_id: str) -> bool:
    """Tell whoever left an address that their report has arrived."""
    return send_about(report_id, "thanks")


def send_outcome(report_id: str) -> bool:
    """Tell whoever left an address what became of their report."""
    return send_about(report_id, "outcome")


def send_about(report_id: str, template: str) -> bool:
    """Send a letter about a report to whoever made it. False when there is nobody to send it to."""
    report = FaultReport.objects.select_related("site__school").filter(pk=report_id).first()
    return bool(report and report.email) and letters.send(report.email, template, folder=FOLDER, report=report)  # type: ignore[union-attr]


def forget_reporters_now() -> int:
    """Erase the names and addresses of strangers whose reports were settled 90 days ago; answers how many. May run twice."""
    with transaction.atomic():
        old = FaultReport.objects.select_for_update().filter(settled_at__lt=timezone.now() - NAMES_KEPT, reported_by=None)
        found = list(old.exclude(name="", email="").order_by("pk")[:1000])
        subjects = [f"{FAULT_REPORTS.subject}:{each.pk}" for each in found]
        Salt.objects.filter(entry__in=AuditEntry.objects.filter(subject__in=subjects).values("number")).delete()
        for each in found:
            each.name = each.email = ""
            each.save(update_fields=["name", "email"])
        audit.append([FAULT_REPORTS.fact(each, None, "Expiry", kind="fault-report-forgotten") for each in found])
    return len(found)


def forget_firms_people_now() -> int:
    """Erase the names of contractors' people whose period is over; answers how many."""
    return forget_contractor_people(today())
