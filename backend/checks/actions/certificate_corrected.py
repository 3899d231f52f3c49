"""What a corrected certificate takes back: records of what it does not cover, and problems that only the old one raised."""

import uuid
from collections.abc import Mapping

from django.utils import timezone

from backend.checks.actions.told import NewPhoto, NewRecord, When
from backend.checks.models import Certificate, CertificateRemedial, CheckRecord, Finding, RecordPhoto
from backend.maintenance.actions import withdraw_defect
from backend.maintenance.models import Defect
from backend.trust import permits
from backend.trust.models import Person


def taken_back(gone: Mapping[uuid.UUID, CheckRecord], reason: str, person: Person) -> list[NewRecord]:
    """For each of a certificate's records that is not to stand: a correction that does not count, so that its date moves back."""
    photos: dict[uuid.UUID, list[NewPhoto]] = {record.pk: [] for record in gone.values()}
    for each in RecordPhoto.objects.filter(record__in=photos):
        photos[each.record_id].append(NewPhoto(each.sha256, each.content_type, each.size, each.field))
    now = timezone.now()
    return [
        NewRecord(
            author=person, revision=old.revision, answers=old.answers, when=When(old.done_at, now, now), presence="office",
            plan=old.plan, photos=photos[old.pk], late_entry=True, ad_hoc=True, supersedes=old,
            reason=reason[:500], competence=old.competence,
            takes_back=True, permit=permits.CONTRACTOR_MANAGE,
        )
        for old in gone.values()
    ]  # fmt: skip


def withdraw_remedials(old: Certificate, still: set[uuid.UUID], why: str, person: Person) -> None:
    """Withdraw the open problems that only a superseded certificate raised; `still` are those that the new one raises too."""
    others = Finding.objects.exclude(record__correction__isnull=False).values("defect")
    rows = CertificateRemedial.objects.filter(certificate=old).exclude(defect__in=still).exclude(defect__in=others)
    for each in rows.select_related("defect__site"):
        defect = Defect.objects.select_for_update(of=("self",)).get(pk=each.defect_id)
        if defect.status == Defect.Status.OPEN:
            withdraw_defect(defect=defect, person=person, at=timezone.now(), why=why)
