"""Certificates: the list, one's page, and its file."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.checks.models import Certificate, CertificateRemedial, Plan
from backend.checks.queries.certificate_doubts import doubts_of
from backend.checks.queries.explained import engine_states
from backend.core.days import today
from backend.office.contractors.certificate_forms import CertificateFilters
from backend.office.contractors.firms import manages
from backend.office.contractors.pages import handed_on
from backend.office.queries.library import discipline_title
from backend.office.views.csv_out import ListFile
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer, page_of
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may

HEAD = (
    "Examined on", "Check", "Discipline", "School", "Site", "Firm", "Engineer", "Number", "Result", "Next date stated", "Covers",
    "Remedials", "Filed on", "Corrected", "File (SHA-256)",
)  # fmt: skip
MOST_WARNED = 20


@require_safe
@estate
def certificate_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Certificates, the latest first."""
    filters = CertificateFilters(request.GET, person=person)
    return list_answer(request, "office/contractors/certificates.html", filters, may=manages(person))


@require_safe
@estate
def certificate_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""

    def line(each: Certificate) -> Sequence[Any]:
        return (
            each.examined_on, each.check_type.title if each.check_type else "Work put right",
            discipline_title(each.check_type.discipline) if each.check_type else "", each.site.school.name, each.site.name,
            each.firm, each.engineer, each.number, each.get_result_display(), each.stated_next, each.items.count(),
            each.remedials.count(), each.filed_at, hasattr(each, "correction"), each.sha256,
        )  # fmt: skip

    class Counted(CertificateFilters):
        """The same, with what each covers read along."""

        def rows(self) -> Any:
            return (
                super().rows().prefetch_related("items", "remedials").select_related("correction", "check_type", "site__school")
            )

    return export(Counted(request.GET, person=person), "certificates", HEAD, line)


def found(person: Person, id: uuid.UUID) -> Certificate:
    """The certificate, or NotFound."""
    rows = Certificate.objects.select_related(
        "check_type", "site__school", "contractor", "filed_by", "supersedes", "correction__filed_by", "defect"
    )
    return rows.get_visible(person, pk=id)


@require_safe
@estate
def certificate_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One certificate: what it covers and says, what it asked for, and what came of that."""
    each = found(person, id)
    items = each.items.select_related("record__plan__asset", "record__plan__building", "record__plan__site", "record__correction")
    siblings = Certificate.objects.visible_to(person).filter(filing=each.filing).exclude(pk=each.pk).select_related("site")
    said = {
        "each": each,
        "page": page_of(request, items),
        "remedials": CertificateRemedial.objects.filter(certificate=each).select_related("defect"),
        "siblings": siblings,
        "warnings": [] if ended(each) else [*warnings(each), *doubts_of(each)],
        "may": may(person, permits.CONTRACTOR_MANAGE, each.site),
    }
    return render(request, "office/contractors/certificate.html", said)


def ended(each: Certificate) -> bool:
    """Whether nothing counts by it any more: it was corrected or withdrawn, or only says so of another."""
    return hasattr(each, "correction") or each.kind == Certificate.Kind.WITHDRAWN


def warnings(each: Certificate) -> list[str]:
    """What the engine says of the date that a certificate states, while it counts: mostly that it is past the legal maximum."""
    if each.stated_next is None:
        return []
    plans = Plan.objects.filter(records__certified__certificate=each, last_done_on=each.examined_on).select_related("site")
    found: list[str] = []
    for _, state in engine_states(list(plans[:MOST_WARNED]), today()):
        found += [note for note in (state.notes if state else ()) if note not in found]
    return found


@require_safe
@estate
def certificate_file(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """The file as it came."""
    each = found(person, id)
    return handed_on(each.sha256, each.content_type, f"certificate-{each.examined_on}-{each.sha256[:8]}")
