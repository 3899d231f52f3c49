"""Certificates for examinations that are recorded already, such as history that was taken over with its reports."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from backend.checks.evidence import CERTIFICATES, CERTIFIED
from backend.checks.models import Certificate, CertificateItem, CheckRecord, RecordPhoto
from backend.core import audit
from backend.core.ids import new_id
from backend.maintenance.models import Contractor
from backend.rules.papers import ENGINEER, FIRM, NUMBER, OUTCOME
from backend.trust.models import Person

Visit = tuple[uuid.UUID, str, str]


@transaction.atomic
def certify(
    *,
    person: Person,
    records: Sequence[CheckRecord],
    firms: Mapping[str, Contractor],
    fields: Sequence[str] = ("report", "document"),
) -> list[Certificate]:
    """Make the certificates of records that came with a firm's report: one for each report and site, covering all its records.

    Records without a report, or with one already, are passed over. `firms` are known by their names. Five queries.
    """
    wanted = {record.pk: record for record in records}
    done = set(CertificateItem.objects.filter(record__in=wanted).values_list("record_id", flat=True))
    by_visit: dict[Visit, list[CheckRecord]] = defaultdict(list)
    papers: dict[Visit, RecordPhoto] = {}
    for photo in RecordPhoto.objects.filter(record__in=wanted, field__in=fields).order_by("pk"):
        record = wanted[photo.record_id]
        if record.pk not in done:
            key = (record.site_id, record.check_type_id, photo.sha256)
            by_visit[key].append(record)
            papers[key] = photo
    made = [certificate_of(theirs, papers[key], person, firms) for key, theirs in by_visit.items()]
    Certificate.objects.bulk_create(made, batch_size=1000)
    pairs = zip(made, by_visit.values(), strict=True)
    items = [CertificateItem(certificate=each, record=record) for each, theirs in pairs for record in theirs]
    CertificateItem.objects.bulk_create(items, batch_size=2000)
    audit.append([CERTIFICATES.fact(each, person.pk, person.name) for each in made] + [CERTIFIED.fact(each) for each in items])
    return made


def certificate_of(
    records: Sequence[CheckRecord], paper: RecordPhoto, person: Person, firms: Mapping[str, Contractor]
) -> Certificate:
    """The certificate of one report, not yet saved: what it says is what the records say."""
    first = records[0]
    answers = first.answers
    firm = said(answers, FIRM)
    bad = any(record.outcome == CheckRecord.Outcome.UNSATISFACTORY for record in records)
    result = str(answers.get(OUTCOME, "satisfactory"))
    result = Certificate.Result.UNSATISFACTORY if bad else result if result in Certificate.Result.values[:2] else "satisfactory"
    stated = [record.stated_next for record in records if record.stated_next]
    return Certificate(
        filing=new_id(), kind=Certificate.Kind.EXAMINATION, site_id=first.site_id, check_type_id=first.check_type_id,
        contractor=firms.get(firm), firm=firm[:160], engineer=said(answers, ENGINEER)[:120] or "not named",
        number=said(answers, NUMBER)[:80], examined_on=first.done_on, stated_next=min(stated, default=None), result=result,
        sha256=paper.sha256, content_type=paper.content_type, size=paper.size, filed_at=timezone.now(), filed_by=person,
    )  # fmt: skip


def said(answers: Mapping[str, object], keys: Sequence[str]) -> str:
    """The first of these questions that was answered."""
    return next((str(answers[key]) for key in keys if answers.get(key)), "")
