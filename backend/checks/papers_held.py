"""What must hold of certificates, documents and firms' papers: their files are held, their records and problems are there."""

from collections.abc import Iterator

from django.db.models import F, QuerySet

from backend.checks.models import Certificate, CertificateItem, CertificateRemedial, Document, RecordPhoto
from backend.core.invariants import Invariant, Tick
from backend.core.models import StoredFile
from backend.maintenance.models import ContractorPaper, ReportUpload


def file_faults(tick: Tick) -> Iterator[str]:
    """Every certificate, document, paper of a firm and report handed in has its file."""
    held = StoredFile.objects.values("pk")
    named: list[tuple[str, QuerySet[Certificate] | QuerySet[Document] | QuerySet[ContractorPaper] | QuerySet[ReportUpload]]] = [
        ("certificate", Certificate.objects.all()),
        ("document", Document.objects.all()),
        ("contractor's paper", ContractorPaper.objects.exclude(sha256="")),
        ("report handed in", ReportUpload.objects.all()),
    ]
    for what, rows in named:
        for pk in rows.exclude(sha256__in=held).values_list("pk", flat=True):
            yield f"{what} {pk} names a file that is not held"
        tick(1)


def record_faults(tick: Tick) -> Iterator[str]:
    """A certificate's records are at its site, of its check, and have its very file."""
    rows = CertificateItem.objects.all()
    astray = rows.exclude(record__site=F("certificate__site")) | rows.exclude(record__check_type=F("certificate__check_type"))
    for pk in astray.values_list("certificate_id", flat=True).distinct():
        yield f"certificate {pk} covers a record of another site or check"
    with_file = RecordPhoto.objects.filter(sha256=F("record__certified__certificate__sha256")).values("record")
    for pk in rows.exclude(record__in=with_file).values_list("certificate_id", flat=True).distinct():
        yield f"certificate {pk} covers a record that does not name its file"
    empty = Certificate.objects.filter(kind=Certificate.Kind.EXAMINATION, items__isnull=True)
    for pk in empty.values_list("pk", flat=True):
        yield f"certificate {pk} covers no record"
    tick(CertificateItem.objects.count())


def remedial_faults(tick: Tick) -> Iterator[str]:
    """A certificate's remedials are problems at its site, and their records are among those it covers."""
    rows = CertificateRemedial.objects.all()
    for pk in rows.exclude(defect__site=F("certificate__site")).values_list("certificate_id", flat=True):
        yield f"certificate {pk} has a remedial at another site"
    lost = rows.exclude(record=None).exclude(record__certified__certificate=F("certificate"))
    for pk in lost.values_list("certificate_id", flat=True):
        yield f"certificate {pk} has a remedial of a record that it does not cover"
    tick(rows.count())


PAPERS = [
    Invariant("papers-held", "Every certificate, document and paper of a firm has its file.", lambda: 4, file_faults),
    Invariant(
        "certificate-records", "Every certificate covers records of its own.", CertificateItem.objects.count, record_faults
    ),
    Invariant(
        "certificate-remedials",
        "Every remedial of a certificate points back to it.",
        CertificateRemedial.objects.count,
        remedial_faults,
    ),
]
