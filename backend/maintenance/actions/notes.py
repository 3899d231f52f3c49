"""What is written to a defect: notes word for word, and the files they came with."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.core import audit
from backend.core.files import take
from backend.core.ids import new_id
from backend.core.papers import PDF, kind_of_paper
from backend.core.pictures import PICTURES, kind_of
from backend.core.problems import Problem
from backend.maintenance.evidence import DEFECTS, NOTES, PHOTOS
from backend.maintenance.models import Contractor, Defect, DefectNote, DefectPhoto, WorkOrder
from backend.trust.models import Person


def files_taken(contents: Iterable[bytes], *, owner: str, papers: bool = True) -> list[dict[str, Any]]:
    """Take whole pictures and, unless `papers` is False, PDF files from `owner` (see core.files): what a note says of each.

    Raises Problem for another kind of file and for a bad one.
    """
    stored = []
    for content in filter(None, contents):
        if kind_of(content) not in PICTURES and not (papers and kind_of_paper(content) == PDF):
            named = "pictures (JPEG, PNG, WebP)" + (" and PDF files" if papers else "")
            raise Problem("wrong_type", f"Only {named} are taken here.", status=415, fields={"photos": f"Only {named}."})
        stored.append(take(content, owner=owner))
    return [{"sha256": each.pk, "type": each.content_type, "size": each.size} for each in stored]


def firm_owner(firm: Contractor) -> str:
    """How a firm is named as a sender of files."""
    return f"firm:{firm.pk}"


def keep_photos(defect: Defect, note: DefectNote | None, photos: Sequence[Mapping[str, Any]]) -> list[DefectPhoto]:
    """Say which files are expected with a defect or a note on it."""
    rows = [
        DefectPhoto(defect=defect, note=note, sha256=each["sha256"], content_type=each["type"], size=each["size"])
        for each in photos
    ]
    return DefectPhoto.objects.bulk_create(rows)


def write_note(
    defect: Defect,
    *,
    kind: str,
    words: str,
    at: dt.datetime,
    person: Person | None,
    firm: Contractor | None = None,
    id: uuid.UUID | None = None,
    minutes: int | None = None,
    order: WorkOrder | None = None,
    photos: Sequence[Mapping[str, Any]] = (),
) -> tuple[DefectNote, list[audit.Fact]]:
    """Write a note and what is to be entered of it. Who may is for the caller to ask."""
    made = DefectNote.objects.create(
        id=id or new_id(),
        defect=defect,
        work_order=order,
        kind=kind,
        note=words[:4000],
        minutes=minutes,
        made_at=at.astimezone(dt.UTC),
        made_by=person,
        firm=firm,
    )
    actor = (person.pk, person.name) if person else (None, "A firm's link" if firm else "Siteward")
    kept = keep_photos(defect, made, photos)
    return made, [NOTES.fact(made, *actor), *map(PHOTOS.fact, kept)]


def changed(
    defect: Defect, person: Person | None, changes: Mapping[str, Any], *, kind: str = "", by: str = ""
) -> list[audit.Fact]:
    """Put changes into a defect, and what is to be entered of it. `by` names the part of Siteward when nobody acted."""
    for name, value in changes.items():
        setattr(defect, name, value)
    defect.save(update_fields=list(changes))
    return [DEFECTS.fact(defect, person.pk if person else None, person.name if person else by, kind=kind)]
