"""What phones sent and the office has to look at, and who may see a file."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backend.checks.models import CheckRecord, NotDone, Plan, RecordPhoto
from backend.core import files
from backend.core.models import FileProof, StoredFile
from backend.maintenance.models import Defect, DefectPhoto, FaultReport
from backend.sync.models import Device, DeviceSignIn, KeptAside, LostWork, Op
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import Appointed, reach

UNSENT: Final = dt.timedelta(hours=48)
"""So long may work be on its way before the office hears of it."""
LOOKED_BACK: Final = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Unsent:
    """A phone, and how many pieces of work it has announced that have not come."""

    device: Device
    missing: int


def held_for(person: Appointed) -> QuerySet[Op]:
    """Held operations that `person` may settle, oldest first; those only waiting for another come with them (code waiting)."""
    return Op.objects.for_office(person).filter(outcome=Op.Outcome.HELD, settled_at=None).order_by("received_at")


def doubtful_for(person: Appointed) -> QuerySet[Op]:
    """Operations that were applied although something about them should be looked at (a broken chain)."""
    return Op.objects.for_office(person).filter(outcome=Op.Outcome.APPLIED, settled_at=None).exclude(doubt="")


def kept_aside_for(person: Appointed) -> QuerySet[KeptAside]:
    """What could not become an operation: only for those who settle for the whole trust, as it has no place."""
    rows = KeptAside.objects.filter(settled_at=None).order_by("received_at")
    return rows if reach(person, permits.OFFICE_SETTLE).everywhere else rows.none()


def lost_work(person: Appointed) -> QuerySet[LostWork]:
    """Phones that came back with less than they had announced, of people at the schools where `person` settles."""
    losses = LostWork.objects.select_related("device__registered_by").order_by("-seen_at")
    return losses.filter(theirs(person, "device__registered_by"))


def theirs(person: Appointed, path: str) -> Q:
    """That the person at the end of `path` works at a school where `person` settles."""
    found = reach(person, permits.OFFICE_SETTLE)
    if found.everywhere:
        return Q()
    held = Q(appointments__school__in=found.schools) | Q(appointments__site__in=found.sites)
    held |= Q(appointments__site__school__in=found.schools)
    return Q(**{f"{path}__in": Person.objects.filter(held)})


def unsent_for(person: Appointed, now: dt.datetime) -> list[Unsent]:
    """Phones that announced work of which some has not come, and that were not heard for UNSENT since; the longest ago first.

    What a phone has noted since it was last heard nobody can know here; its owner sees that on the phone. One query.
    """
    came = Op.objects.filter(device_id=OuterRef("pk"), seq__gt=0).order_by().values("device_id")
    rows = Device.objects.filter(
        theirs(person, "registered_by"), revoked_at=None, last_push_at__lte=now - UNSENT, highest_seq__gt=0
    )
    rows = rows.annotate(came=Coalesce(Subquery(came.annotate(n=Count("seq", distinct=True)).values("n")), 0))
    found = rows.filter(highest_seq__gt=F("came")).select_related("registered_by").order_by("last_push_at")
    return [Unsent(each, each.highest_seq - each.came) for each in found]


def without_photos(person: Appointed, now: dt.datetime, *, most: int) -> list[CheckRecord]:
    """Records of the last LOOKED_BACK whose photos have not all come within UNSENT, the longest ago first. One query."""
    missing = RecordPhoto.objects.filter(~Exists(StoredFile.objects.filter(pk=OuterRef("sha256")))).values("record_id")
    rows = CheckRecord.objects.visible_to(person, permits.OFFICE_SETTLE).filter(pk__in=missing)
    rows = rows.filter(received_at__lte=now - UNSENT, done_at__gte=now - LOOKED_BACK)
    return list(rows.select_related("check_type", "site", "asset").order_by("received_at")[:most])


def phones_of(person: Person) -> QuerySet[Device]:
    """The phones on which somebody has signed in, those in use first, the latest heard of first."""
    rows = Device.objects.filter(sign_ins__person=person.pk).select_related("registered_by")
    return rows.order_by(F("revoked_at").asc(nulls_first=True), F("last_push_at").desc(nulls_last=True))


def sent_by(person: uuid.UUID | None, sha256: str) -> bool:
    """Whether a person, or a phone on which they have signed in, has sent the bytes themselves. At most two queries."""
    phones = DeviceSignIn.objects.filter(person=person).values_list("device_id", flat=True)
    owners = [files.person_owner(person), *(files.device_owner(phone) for phone in phones)]
    return FileProof.objects.filter(sha256=sha256, owner__in=owners).exists()


def may_see_file(person: Appointed, sha256: str) -> bool:
    """Whether something that `person` may see names the file, and its author has sent the bytes. At most six queries.

    Without the second half, anybody could read a picture by naming its hash in a report of their own.
    """
    records = CheckRecord.objects.visible_to(person).filter(photos__sha256=sha256)
    photos = DefectPhoto.objects.filter(sha256=sha256, defect__in=Defect.objects.visible_to(person))
    attempts = NotDone.objects.filter(plan__in=Plan.objects.visible_to(person), photos__contains=[{"sha256": sha256}])
    authors = set(records.values_list("author_id", flat=True)) | set(attempts.values_list("author_id", flat=True))
    noted_by = photos.values_list("note__made_by_id", "defect__reported_by_id", "note__firm_id")
    authors |= {noted or reported for noted, reported, firm in noted_by if firm is None}
    phones = DeviceSignIn.objects.filter(person__in=authors).values_list("device_id", flat=True)
    owners = [files.person_owner(author) for author in authors] + [files.device_owner(phone) for phone in phones]
    owners += [f"firm:{firm}" for _, _, firm in noted_by if firm]
    reports = FaultReport.objects.filter(photos__sha256=sha256)
    told = reports.visible_to(person, permits.OFFICE_SETTLE) | reports.visible_to(person).filter(
        status=FaultReport.Status.ACCEPTED
    )  # what strangers send is the office's alone until it is taken on
    owners += [f"report:{pk}" for pk in told.values_list("pk", flat=True)]
    return FileProof.objects.filter(sha256=sha256, owner__in=owners).exists()
