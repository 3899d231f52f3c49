"""What was done: the list of records, each record's page, and their photos."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.checks.models import CheckRecord, Finding
from backend.core.models import AuditEntry
from backend.office.forms.estate import RecordFilters
from backend.office.queries.answers import in_words
from backend.office.queries.law import about
from backend.office.queries.library import discipline_title
from backend.office.queries.photos import with_photos
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may

HEAD = (
    "Done", "Received", "School", "Site", "Building", "Asset", "Check", "Discipline", "Outcome", "By", "How presence was proved",
    "Entered late", "Corrected since", "Revision of the check", "Record",
)  # fmt: skip
CHAIN = 20
MOST_TOGETHER = 500


@require_safe
@estate
def record_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Records, newest first."""
    filters = RecordFilters(request.GET, person=person)
    return list_answer(request, "office/records.html", filters)


@require_safe
@estate
def record_csv(request: HttpRequest, person: Person) -> StreamingHttpResponse:
    """The same list as CSV."""

    def line(record: Any) -> Sequence[Any]:
        return (
            record.done_at, record.received_at, record.site.school.name, record.site.name, record.building or "",
            record.asset or "", record.check_type.title, discipline_title(record.check_type.discipline),
            record.get_outcome_display(), record.author_name, record.get_presence_display(), record.late_entry,
            record.corrected, record.revision_id, record.pk,
        )  # fmt: skip

    return export(RecordFilters(request.GET, person=person), "records", HEAD, line, evidence=True)


@require_safe
@estate
def record_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One record: the answers in words, what they found, its photos, when and by whom, and its place in the audit chain."""
    rows = CheckRecord.objects.select_related(
        "check_type", "revision", "plan", "site__school", "building", "asset__building", "asset__space"
    )
    record = rows.get_visible(person, pk=id)
    findings = list(Finding.objects.filter(record=record).select_related("defect"))
    said = {
        "record": record,
        "may_correct": may(person, permits.CHECK_RECORD, record.site),
        "lines": in_words(record, person, {each.question for each in findings}),
        "findings": findings,
        "pictured": with_photos([record])[0],
        "about": about(record.revision, None),
        "earlier": corrected_by(record),
        "others": answered_with(record, person),
        "later": CheckRecord.objects.filter(supersedes=record).first(),
        "entry": AuditEntry.objects.filter(subject=f"record:{record.pk}").order_by("number").first(),
    }
    return render(request, "office/record.html", said)


def answered_with(record: CheckRecord, person: Person) -> list[CheckRecord]:
    """The others that were answered in one go with this one, as far as the person may see them. One query, none for most."""
    if record.together is None:
        return []
    rows = CheckRecord.objects.visible_to(person).filter(together=record.together, site=record.site).exclude(pk=record.pk)
    return list(rows.select_related("asset", "building", "site").order_by("asset__name", "pk")[:MOST_TOGETHER])


def corrected_by(record: CheckRecord) -> list[CheckRecord]:
    """The records that this one corrects, the nearest first."""
    found: list[CheckRecord] = []
    before = record.supersedes
    while before is not None and len(found) < CHAIN:
        found.append(before)
        before = before.supersedes
    return found
