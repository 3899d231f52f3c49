"""Withdrawing a certificate that was filed wholly by mistake: for another school, of another thing, a paper that is none."""

from django.db import transaction
from django.utils import timezone

from backend.checks.actions.certificate_corrected import taken_back, withdraw_remedials
from backend.checks.actions.records import add_records
from backend.checks.evidence import CERTIFICATES
from backend.checks.models import Certificate, CheckRecord
from backend.checks.reckoning import reckon
from backend.core import audit
from backend.core.days import today
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.maintenance.actions import reopen_defect
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, require

KEPT = ("site_id", "check_type_id", "defect_id", "contractor_id", "firm", "engineer", "competence", "number", "examined_on",
        "stated_next", "result", "sha256", "content_type", "size")  # fmt: skip


@transaction.atomic
def withdraw_certificate(*, person: Person, certificate: Certificate, reason: str) -> Certificate:
    """Say that a certificate should never have been filed; answers the row that says so. Nothing is deleted.

    Its records are taken back, so that dates move back; problems that only it raised are withdrawn; a problem that it closed is
    open again. Raises Problem without a reason, and for one that is corrected or withdrawn already.
    """
    require(person, permits.CONTRACTOR_MANAGE, certificate.site, "withdraw certificates")
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"why": "Write a few words, such as: it is another school's."})
    Certificate.objects.select_for_update().get(pk=certificate.pk)  # of two who withdraw it at once one waits, and is told
    if certificate.kind == Certificate.Kind.WITHDRAWN or Certificate.objects.filter(supersedes=certificate).exists():
        raise Problem("corrected_already", "That certificate is corrected or withdrawn already.", status=409)
    if certificate.defect and not certificate.defect.is_open and not may(person, permits.OFFICE_SETTLE, certificate.site):
        raise Problem("not_yours", "It closed a problem. Ask the site manager to open that again first.", status=403)
    why = reason.strip()[:500]
    olds = {each.plan_id: each for each in records_of(certificate) if each.plan_id}
    gone = taken_back(olds, f"The certificate was withdrawn: {why}", person)
    facts = add_records(gone, why="A certificate was withdrawn.")[1] if gone else []
    row = Certificate.objects.create(
        filing=new_id(), kind=Certificate.Kind.WITHDRAWN, filed_at=timezone.now(), filed_by=person, supersedes=certificate,
        reason=why, **{name: getattr(certificate, name) for name in KEPT},
    )  # fmt: skip
    audit.append([*facts, CERTIFICATES.fact(row, person.pk, person.name)])
    if gone:
        reckon([each.plan.pk for each in gone if each.plan], today=today(), why="A certificate was withdrawn.")
    withdraw_remedials(certificate, set(), f"The certificate was withdrawn: {why}", person)
    defect = certificate.defect
    if defect and not defect.is_open and defect.merged_into_id is None:
        reopen_defect(defect=defect, person=person, reason=f"The certificate that closed it was withdrawn: {why}")
    return row


def records_of(certificate: Certificate) -> list[CheckRecord]:
    """The records that a certificate made and that nothing has corrected since."""
    rows = CheckRecord.objects.filter(certified__certificate=certificate, correction__isnull=True)
    return list(rows.select_related("plan__site", "revision").order_by("pk"))
