"""Finding firms, their work, and papers: by name, number or reference."""

from collections.abc import Iterator

from django.db.models import F, Q

from backend.checks.models import Certificate, Document
from backend.core.templatetags.words import day
from backend.maintenance.models import Contractor, FaultReport, WorkOrder
from backend.office.lists.sought import Hit, Sought, best_first, every_word
from backend.trust import permits
from backend.trust.models import Person


def contractors(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Firms by name."""
    rows = Contractor.objects.visible_to(person).filter(every_word(wanted.words, "name"))
    for firm in best_first(rows, wanted.text)[:most]:
        yield Hit(firm.name, f"/contractors/{firm.pk}/", "" if firm.active else "given no more work")


def work_orders(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Work orders by what is to be done."""
    rows = WorkOrder.objects.visible_to(person).filter(every_word(wanted.words, "title")).select_related("site")
    for order in rows.order_by(F("target_on").desc(nulls_last=True), "pk")[:most]:
        yield Hit(order.title, f"/work-orders/{order.pk}/", f"{order.get_status_display()} · {order.site}")


def certificates(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Reports and certificates by their number, their check or the firm; those that no later one corrects."""
    fits = Q(number__istartswith=wanted.text) | every_word(wanted.words, "firm") | every_word(wanted.words, "check_type__title")
    rows = Certificate.objects.visible_to(person).standing().filter(fits).select_related("site", "check_type")
    for paper in rows.order_by(F("examined_on").desc(), "pk")[:most]:
        title = paper.check_type.title if paper.check_type else "Certificate"
        parts = (paper.number, paper.firm, day(paper.examined_on), str(paper.site))
        yield Hit(title, f"/certificates/{paper.pk}/", " · ".join(part for part in parts if part))


def documents(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Documents by title, in their present version."""
    rows = Document.objects.visible_to(person).filter(every_word(wanted.words, "title"), next=None).select_related("site")
    for paper in best_first(rows, wanted.text, "title")[:most]:
        yield Hit(paper.title, f"/documents/{paper.pk}/", str(paper.site or "the whole trust"))


def reports(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """A fault that somebody reported by a label, by the reference that they were given: for who sorts such reports."""
    rows = FaultReport.objects.visible_to(person, permits.OFFICE_SETTLE).filter(reference__iexact=wanted.text)
    for report in rows.select_related("site")[:most]:
        where = f"/problems/{report.defect_id}/" if report.defect_id else f"/problems/triage/reports/{report.pk}/"
        yield Hit(f"Report {report.reference}", where, f"{report.get_status_display()} · {report.site}", exact=True)
