"""Defects: report one, note what happened, close it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backend.assets.models import Asset
from backend.core import audit
from backend.core.papers import PDF
from backend.core.pictures import PICTURES
from backend.core.problems import Problem
from backend.maintenance.actions.notes import changed, keep_photos, write_note
from backend.maintenance.actions.over import end_with_it
from backend.maintenance.evidence import DEFECTS, PHOTOS
from backend.maintenance.models import Defect, DefectNote, DefectPhoto, Proof, Severity, WorkOrder
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
    place_checked(site, asset, building, None)
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
        made_safe_on=found_on if made_safe.strip() else None,
        proof=Proof.PHOTO if photos else Proof.WORDS,
    )
    kept = keep_photos(defect, None, photos)
    audit.append([DEFECTS.fact(defect, person.pk, person.name), *map(PHOTOS.fact, kept)])
    return defect


def place_checked(site: Site, asset: Asset | None, building: Building | None, space: Space | None) -> None:
    """Refuse what stands at another site than it was said to. Raises Problem."""
    if asset and asset.site_id != site.pk:
        raise Problem("wrong_place", "That asset is at another site.")
    if building and building.site_id != site.pk:
        raise Problem("wrong_place", "That building is at another site.")
    if space and space.building.site_id != site.pk:
        raise Problem("wrong_place", "That space is at another site.")


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
    made, facts = write_note(
        defect, kind=kind, words=note, at=made_at, person=person, id=id, minutes=minutes, order=work_order, photos=photos
    )
    audit.append(facts)
    return made


@transaction.atomic
def withdraw_defect(*, defect: Defect, person: Person, at: dt.datetime, why: str) -> Defect:
    """Close a defect that turned out to be none, because the record that found it was corrected by `person`."""
    _, facts = write_note(defect, kind="closed", words=why, at=at, person=person)
    ended(defect, person, Defect.Ending.WITHDRAWN, at, facts)
    return defect


@transaction.atomic
def close_defect(
    *,
    defect: Defect,
    person: Person,
    note: str,
    at: dt.datetime | None = None,
    photos: Sequence[Mapping[str, Any]] = (),
    without: str = "",
) -> Defect:
    """Close a defect, saying what was done. Raises Problem without words, without the proof it needs, or when it is closed.

    `at` is when it was put right, for work entered afterwards; now unless said. `photos` are files that show it (a
    certificate is one); `without` says why there is no photo. A certificate is never done without. Work that is still out for
    it ends with it (see over.py).
    """
    require(person, permits.OFFICE_SETTLE, defect.site, "close problems")
    defect = Defect.objects.select_for_update(of=("self",)).select_related("site").get(pk=defect.pk)
    if defect.status == Defect.Status.CLOSED:
        raise Problem("closed_already", "That problem is closed already.", status=409)
    if not note.strip():
        raise Problem("reason_missing", "Say what was done.", fields={"note": "Write a few words."})
    require_proof(defect, photos, without)
    moment = (at or timezone.now()).astimezone(dt.UTC)
    words = f"{note.strip()}\nNo photo, because: {without.strip()[:500]}" if without.strip() else note
    _, facts = write_note(defect, kind="closed", words=words, at=moment, person=person, photos=photos)
    ended(defect, person, Defect.Ending.MENDED, moment, facts)
    return defect


def ended(defect: Defect, person: Person, ending: str, at: dt.datetime, facts: list[audit.Fact]) -> None:
    """Close a defect with how it ended, end what was under way for it, and enter that with what was written of it."""
    over = end_with_it(defect, person, timezone.now())
    changes = {"status": Defect.Status.CLOSED, "ending": ending, "closed_at": at.astimezone(dt.UTC)}
    audit.append([*facts, *over, *changed(defect, person, changes, kind="defect-closed")])


def shown_files(defect: Defect) -> set[str]:
    """The content types of files that came with the work on a defect, on those merged into it, or with its end.

    Not those of people who found it again (kind "again"): they show how it was.
    """
    family = Q(defect=defect) | Q(defect__merged_into=defect)
    rows = DefectPhoto.objects.filter(family, note__kind__in=("work", "closed", "update", "paper"))
    return set(rows.values_list("content_type", flat=True))


def certified(defect: Defect) -> bool:
    """Whether a certificate of the work was filed for a defect, or for one merged into it: by whom, when, in whatever form."""
    return DefectNote.objects.filter(Q(defect=defect) | Q(defect__merged_into=defect), kind="paper").exists()


def require_proof(defect: Defect, photos: Sequence[Mapping[str, Any]], without: str = "") -> None:
    """Refuse to close a defect without the kind of proof it was found by.

    That is a photo of how it is now; or a certificate: a PDF, or one that was filed as such with the firm's and the
    engineer's name. A photo alone says nothing of who vouches for the work.
    """
    if defect.proof == Proof.WORDS:
        return
    shown = {str(each["type"]) for each in photos} | shown_files(defect)
    if defect.proof == Proof.PHOTO:
        if without.strip() or any(kind in PICTURES for kind in shown):
            return
        detail = "It was reported with a photo. Add one of how it is now, or say why there is none."
        raise Problem("proof_missing", detail, fields={"photos": detail})
    if PDF not in shown and not certified(defect):
        detail = "A report found it. Add the certificate that shows it is put right, as a PDF. A photo of a certificate is filed "
        detail += "with “File the certificate of the work”, which asks for the firm and the engineer."
        raise Problem("proof_missing", detail, fields={"photos": detail})


@transaction.atomic
def reopen_defect(*, defect: Defect, person: Person, reason: str) -> Defect:
    """Open a closed defect again, because it was not put right after all. Raises Problem for one that was merged."""
    require(person, permits.OFFICE_SETTLE, defect.site, "open problems again")
    defect = Defect.objects.select_for_update(of=("self",)).select_related("site").get(pk=defect.pk)
    if defect.status == Defect.Status.OPEN:
        raise Problem("open_already", "That problem is open.", status=409)
    if defect.merged_into_id:
        raise Problem("merged", "That problem was merged with another. Take them apart instead.", status=409)
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a few words."})
    _, facts = write_note(defect, kind="reopened", words=reason, at=timezone.now(), person=person)
    changes = {"status": Defect.Status.OPEN, "ending": "", "closed_at": None, "stage": "triaged"}
    audit.append([*facts, *changed(defect, person, changes, kind="defect-reopened")])
    return defect
