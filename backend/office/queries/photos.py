"""Photos of records and problems: which have arrived, which are awaited, and who may look at one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from backend.checks.models import CheckRecord, RecordPhoto
from backend.core.models import FileScan, StoredFile
from backend.core.pictures import PICTURES
from backend.maintenance.models import Defect, DefectPhoto
from backend.trust.scope import Appointed


@dataclass(slots=True)
class Photo:
    """A file that was promised with a record or a problem. `here` once the server holds and has verified it."""

    sha256: str
    content_type: str
    question: str = ""
    here: bool = False

    @property
    def picture(self) -> bool:
        """Whether a page may show it as a picture."""
        return self.content_type in PICTURES

    @property
    def link(self) -> str:
        """The address of its bytes as they were sent; with small/ or large/ after it, of the copy for showing."""
        return f"/photos/{self.sha256}/"


@dataclass(slots=True)
class Pictured:
    """Something with its photos."""

    of: Any
    photos: list[Photo] = field(default_factory=list)

    @property
    def shown(self) -> list[Photo]:
        """Those that have arrived."""
        return [each for each in self.photos if each.here]

    @property
    def awaited(self) -> int:
        """How many have not arrived."""
        return len(self.photos) - len(self.shown)


def mark_here(photos: Iterable[Photo]) -> None:
    """Find out which files the server holds. One query."""
    wanted = list(photos)
    held = set(StoredFile.objects.filter(pk__in={each.sha256 for each in wanted}).values_list("pk", flat=True))
    for each in wanted:
        each.here = each.sha256 in held


def with_photos(records: Sequence[CheckRecord]) -> list[Pictured]:
    """Records with their photos. Two queries, however many records."""
    found = {record.pk: Pictured(record) for record in records}
    for photo in RecordPhoto.objects.filter(record__in=list(found)).order_by("pk"):
        found[photo.record_id].photos.append(Photo(photo.sha256, photo.content_type, photo.field))
    mark_here(photo for each in found.values() for photo in each.photos)
    return list(found.values())


def defect_photos(defect: Defect) -> tuple[Pictured, dict[Any, Pictured]]:
    """A problem's own photos, and those of its notes by the note's id; those of problems merged into it come with them."""
    own, by_note = Pictured(defect), dict[Any, Pictured]()
    family = Q(defect=defect) | Q(defect__merged_into=defect)
    for photo in DefectPhoto.objects.filter(family).order_by("pk"):
        place = by_note.setdefault(photo.note_id, Pictured(None)) if photo.note_id else own
        place.photos.append(Photo(photo.sha256, photo.content_type))
    mark_here([*own.photos, *(photo for each in by_note.values() for photo in each.photos)])
    return own, by_note


@dataclass(slots=True)
class Sealed:
    """A file in which the malware scanner found something, and a page that names it."""

    scan: FileScan
    link: str
    what: str
    sender: str = ""


def sealed_for(person: Appointed, most: int = 20) -> list[Sealed]:
    """Sealed files that records and problems name which `person` may see, newest first. Three queries, mostly one."""
    scans = {scan.pk: scan for scan in FileScan.objects.exclude(found="").order_by("-at")[:200]}
    if not scans:
        return []
    records = RecordPhoto.objects.filter(sha256__in=scans, record__in=CheckRecord.objects.visible_to(person))
    defects = DefectPhoto.objects.filter(sha256__in=scans, defect__in=Defect.objects.visible_to(person))
    of_records = records.values_list(
        "sha256", "record_id", "record__check_type__title", "record__site__name", "record__author_name"
    )
    of_defects = defects.values_list("sha256", "defect_id", "defect__summary", "defect__site__name", "defect__reported_by__name")
    found = [
        Sealed(scans[name], f"/{place}/{pk}/", f"{kind} of {site}: {what}", by or "")
        for place, kind, rows in (("records", "Record", of_records), ("problems", "Problem", of_defects))
        for name, pk, what, site, by in rows
    ]
    return sorted(found, key=lambda each: each.scan.at, reverse=True)[:most]
