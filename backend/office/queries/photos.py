"""Photos of records and problems: which have arrived, which are awaited, and who may look at one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.checks.models import CheckRecord, RecordPhoto
from backend.core.models import StoredFile
from backend.core.pictures import PICTURES
from backend.maintenance.models import Defect, DefectPhoto


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
    """A problem's own photos, and those of its notes by the note's id."""
    own, by_note = Pictured(defect), dict[Any, Pictured]()
    for photo in DefectPhoto.objects.filter(defect=defect).order_by("pk"):
        place = by_note.setdefault(photo.note_id, Pictured(None)) if photo.note_id else own
        place.photos.append(Photo(photo.sha256, photo.content_type))
    mark_here([*own.photos, *(photo for each in by_note.values() for photo in each.photos)])
    return own, by_note
