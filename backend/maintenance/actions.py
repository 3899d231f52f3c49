"""Every write about what is wrong: report a problem, note what happened, close it, finish a work order."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.assets.models import Asset
from backend.core import audit
from backend.core.problems import Problem
from backend.maintenance.models import Defect, DefectNote, DefectPhoto, Severity, WorkOrder
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import require


@transaction.atomic
def report_defect(
    *,
    id: uuid.UUID,
    site: Site,
    person: Person,
    summary: str,
    severity: str,
    unsafe: bool,
    found_on: dt.date,
    reported_at: dt.datetime,
    asset: Asset | None = None,
    building: Building | None = None,
    space: Space | None = None,
    made_safe: str = "",
    photos: Sequence[Mapping[str, Any]] = (),
) -> Defect:
    """Report a problem with an asset or a place. Raises Problem when it says nothing or the place is another site's."""
    require(person, permits.DEFECT_REPORT, site, "report problems")
    if not summary.strip():
        raise Problem("answers", "Say what is wrong.", fields={"summary": "Write a few words."})
    if severity not in Severity.values:
        raise Problem("answers", "Say how bad it is.", fields={"severity": "Choose minor, needs mending or serious."})
    if asset and asset.site_id != site.pk:
        raise Problem("wrong_place", "That asset is at another site.")
    if building and building.site_id != site.pk:
        raise Problem("wrong_place", "That building is at another site.")
    defect = Defect.objects.create(
        id=id,
        site=site,
        building=building or (asset.building if asset else None),
        space=space or (asset.space if asset else None),
        asset=asset,
        summary=summary.strip()[:500],
        severity=severity,
        discipline=asset.type.discipline if asset else "",
        unsafe=unsafe,
        made_safe=made_safe[:500],
        found_on=found_on,
        reported_at=reported_at.astimezone(dt.UTC),
        reported_by=person,
    )
    keep_photos(defect, None, photos)
    said = {"id": defect.pk, "summary": defect.summary, "severity": severity, "unsafe": unsafe}
    audit.append([audit.Fact("defect", f"defect:{defect.pk}", said, person.pk, person.name)])
    return defect


def keep_photos(defect: Defect, note: DefectNote | None, photos: Sequence[Mapping[str, Any]]) -> None:
    """Say which files are expected with a defect or a note on it."""
    rows = [
        DefectPhoto(defect=defect, note=note, sha256=each["sha256"], content_type=each["type"], size=each["size"])
        for each in photos
    ]
    DefectPhoto.objects.bulk_create(rows)


@transaction.atomic
def note_defect(
    *,
    id: uuid.UUID,
    defect: Defect,
    person: Person,
    note: str,
    made_at: dt.datetime,
    minutes: int | None = None,
    photos: Sequence[Mapping[str, Any]] = (),
    kind: str = "update",
    work_order: WorkOrder | None = None,
) -> DefectNote:
    """Add a note to a defect, word for word, with its photos."""
    require(person, permits.DEFECT_WORK, defect.site, "work on problems")
    if not note.strip() and not photos:
        raise Problem("answers", "Say what was done, or add a photo.", fields={"note": "Write a few words."})
    made = DefectNote.objects.create(
        id=id,
        defect=defect,
        work_order=work_order,
        kind=kind,
        note=note[:4000],
        minutes=minutes,
        made_at=made_at.astimezone(dt.UTC),
        made_by=person,
    )
    keep_photos(defect, made, photos)
    said = {"id": made.pk, "defect": defect.pk, "kind": kind, "note": made.note, "made_at": made.made_at}
    audit.append([audit.Fact("defect-note", f"defect:{defect.pk}", said, person.pk, person.name)])
    return made


@transaction.atomic
def finish_work(
    *,
    id: uuid.UUID,
    work_order: WorkOrder,
    person: Person,
    note: str,
    made_at: dt.datetime,
    minutes: int | None = None,
    photos: Sequence[Mapping[str, Any]] = (),
) -> DefectNote:
    """Finish a work order. Its defect stays open until the office closes it."""
    made = note_defect(
        id=id,
        defect=work_order.defect,
        person=person,
        note=note or "Work done.",
        made_at=made_at,
        minutes=minutes,
        photos=photos,
        kind="work",
        work_order=work_order,
    )
    work_order.status, work_order.done_at, work_order.minutes = (
        WorkOrder.Status.DONE,
        made_at.astimezone(dt.UTC),
        minutes,
    )
    work_order.save(update_fields=["status", "done_at", "minutes"])
    return made


@transaction.atomic
def withdraw_defect(*, defect: Defect, person: Person, at: dt.datetime, why: str) -> Defect:
    """Close a defect that turned out to be none, because the record that found it was corrected by `person`."""
    made = DefectNote.objects.create(
        id=uuid.uuid4(), defect=defect, kind="closed", note=why[:4000], made_at=at.astimezone(dt.UTC), made_by=person
    )
    defect.status, defect.closed_at = Defect.Status.CLOSED, at.astimezone(dt.UTC)
    defect.save(update_fields=["status", "closed_at"])
    said = {"id": made.pk, "defect": defect.pk, "kind": made.kind, "note": made.note, "made_at": made.made_at}
    audit.append([audit.Fact("defect-note", f"defect:{defect.pk}", said, person.pk, person.name)])
    return defect


@transaction.atomic
def close_defect(*, defect: Defect, person: Person, note: str, at: dt.datetime | None = None) -> Defect:
    """Close a defect, saying what was done. Raises Problem without words, or when it is closed already.

    `at` is when it was put right, for work entered afterwards; now unless said.
    """
    require(person, permits.OFFICE_SETTLE, defect.site, "close problems")
    if defect.status == Defect.Status.CLOSED:
        raise Problem("closed_already", "That problem is closed already.", status=409)
    if not note.strip():
        raise Problem("reason_missing", "Say what was done.", fields={"note": "Write a few words."})
    moment = (at or timezone.now()).astimezone(dt.UTC)
    note_defect(id=uuid.uuid4(), defect=defect, person=person, note=note, made_at=moment, kind="closed")
    defect.status, defect.closed_at = Defect.Status.CLOSED, moment
    defect.save(update_fields=["status", "closed_at"])
    return defect
