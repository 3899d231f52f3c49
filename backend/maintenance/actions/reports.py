"""Faults that strangers report by a label: taken in, then taken on, joined to a problem, or refused with a reason."""

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from backend.assets.models import Asset, Tag
from backend.core import audit
from backend.core.days import london_date
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.maintenance.actions.defects import report_defect
from backend.maintenance.actions.notes import files_taken, write_note
from backend.maintenance.actions.triage import locked
from backend.maintenance.evidence import FAULT_PHOTOS, FAULT_REPORTS
from backend.maintenance.models import Defect, FaultPhoto, FaultReport
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import require

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_PHOTOS: Final = 4


def report_owner(report: FaultReport) -> str:
    """How such a report is named as a sender of files."""
    return f"report:{report.pk}"


def new_reference() -> str:
    """What a stranger is told to quote: "R-7K2M-9QXD". It says nothing and opens nothing."""
    text = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"R-{text[:4]}-{text[4:]}"


@transaction.atomic
def receive_report(
    *,
    tag: Tag,
    said: str,
    unsafe: bool = False,
    name: str = "",
    email: str = "",
    photos: Sequence[bytes] = (),
    person: Person | None = None,
) -> FaultReport:
    """Take in what somebody reports by a label. Nobody needs a permit for it: it waits until somebody has looked.

    Raises Problem when nothing is said, for an address that is none, for too many photos or bad ones, and for a label that is
    on nothing. Counting tries is for the page to do, before.
    """
    site, where = labelled_place(tag)
    if site is None or tag.retired_at:
        raise Problem("label_unused", "This label is on nothing now. Please tell the school office.", status=409)
    check_said(said, email, photos)
    report = FaultReport.objects.create(
        id=new_id(),
        reference=new_reference(),
        site=site,
        **where,
        tag=tag.code,
        said=said.strip()[:2000],
        unsafe=unsafe,
        name=(person.name if person else name).strip()[:120],
        email=person.email if person else email.strip()[:254],
        reported_by=person,
        received_at=timezone.now(),
    )
    taken = files_taken(photos, owner=report_owner(report), papers=False)
    kept = FaultPhoto.objects.bulk_create(
        [FaultPhoto(report=report, sha256=each["sha256"], content_type=each["type"], size=each["size"]) for each in taken]
    )
    actor = (person.pk, person.name) if person else (None, "Reports by a label")
    audit.append([FAULT_REPORTS.fact(report, *actor), *(FAULT_PHOTOS.fact(each, *actor) for each in kept)])
    tell_later(report, "send_thanks")
    return report


def labelled_place(tag: Tag) -> tuple[Site | None, dict[str, Any]]:
    """The site that a label in use stands for, and the asset, the building and the room that a report by it names."""
    if asset := Asset.objects.select_related("site", "building", "space").filter(tags=tag.pk).first():
        return asset.site, {"asset": asset, "building": asset.building, "space": asset.space}
    building = tag.space.building if tag.space else tag.building
    return building.site if building else None, {"building": building, "space": tag.space}


def check_said(said: str, email: str, photos: Sequence[bytes]) -> None:
    """Refuse what says nothing, an address that is none, and too many photos. Raises Problem."""
    if not said.strip():
        raise Problem("answers", "Say what is wrong.", fields={"said": "Write a few words."})
    if email and not good_address(email):
        raise Problem("email", "That is not an e-mail address.", fields={"email": "Correct it, or leave it empty."})
    if len(photos) > MOST_PHOTOS:
        raise Problem("too_many", f"Send at most {MOST_PHOTOS} photos.", fields={"photos": f"At most {MOST_PHOTOS}."})


def good_address(text: str) -> bool:
    """Whether it is an e-mail address."""
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return True


def tell_later(report: FaultReport, task: str) -> None:
    """Have a worker write to whoever reported, when they left an address."""
    if report.email:
        transaction.on_commit(partial(async_task, f"backend.maintenance.tasks.{task}", str(report.pk)))


def waiting(report: FaultReport, person: Person) -> FaultReport:
    """The report, held, when it waits and is theirs to settle. Raises Problem."""
    require(person, permits.OFFICE_SETTLE, report.site, "settle reports")
    rows = FaultReport.objects.select_for_update(of=("self",)).select_related("site", "building", "space", "asset__type")
    found: FaultReport = rows.get(pk=report.pk)
    if found.status != FaultReport.Status.WAITING:
        raise Problem("settled_already", "That report was settled already.", status=409)
    return found


@transaction.atomic
def accept_report(*, report: FaultReport, person: Person, severity: str, unsafe: bool, summary: str = "") -> Defect:
    """Take a report on as a problem, with its photos. It is new, and triaged like any other."""
    report = waiting(report, person)
    defect = report_defect(
        id=new_id(),
        site=report.site,
        person=person,
        summary=summary.strip() or report.said,
        severity=severity,
        unsafe=unsafe,
        found_on=london_date(report.received_at),
        reported_at=report.received_at,
        asset=report.asset,
        building=report.building,
        space=report.space,
        photos=photos_of(report),
    )
    words = f"Reported by somebody at the label, {report.reference}: {report.said}"
    _, facts = write_note(defect, kind="update", words=words, at=report.received_at, person=person)
    audit.append([*facts, *settled(report, person, FaultReport.Status.ACCEPTED, defect)])
    return defect


@transaction.atomic
def join_report(*, report: FaultReport, person: Person, defect: Defect) -> Defect:
    """Say that a report is about a problem that is open already: its words and photos join it."""
    report = waiting(report, person)
    defect = locked(defect)
    if defect.site_id != report.site_id:
        raise Problem("wrong_place", "That problem is at another site.")
    words = f"Reported again by somebody at the label, {report.reference}: {report.said}"
    _, facts = write_note(defect, kind="again", words=words, at=report.received_at, person=person, photos=photos_of(report))
    audit.append([*facts, *settled(report, person, FaultReport.Status.ACCEPTED, defect)])
    return defect


@transaction.atomic
def refuse_report(*, report: FaultReport, person: Person, reason: str) -> FaultReport:
    """Do not take a report on, saying why: whoever left an address is told."""
    report = waiting(report, person)
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a few words. Whoever reported it may read them."})
    report.reason = reason.strip()[:500]
    audit.append(settled(report, person, FaultReport.Status.REFUSED, None))
    return report


def photos_of(report: FaultReport) -> list[Mapping[str, Any]]:
    """The photos of a report, as a note takes them."""
    rows = FaultPhoto.objects.filter(report=report).order_by("pk")
    return [{"sha256": each.sha256, "type": each.content_type, "size": each.size} for each in rows]


def settled(report: FaultReport, person: Person, status: str, defect: Defect | None) -> list[audit.Fact]:
    """Set a report settled, and what is to be entered of it."""
    report.status, report.defect, report.settled_by, report.settled_at = status, defect, person, timezone.now()
    report.save(update_fields=["status", "defect", "settled_by", "settled_at", "reason"])
    tell_later(report, "send_outcome")
    return [FAULT_REPORTS.fact(report, person.pk, person.name, kind="fault-report-settled")]
