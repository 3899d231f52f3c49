"""What the office decides about a new problem: how bad, by when, whether it is one at all; and making it safe meanwhile."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.days import today
from backend.core.problems import Problem
from backend.core.templatetags.words import day
from backend.maintenance.actions.defects import ended
from backend.maintenance.actions.notes import changed, write_note
from backend.maintenance.actions.remedials import code_found
from backend.maintenance.models import Defect, Severity, Stage
from backend.rules.remedials import usual_target
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, require

KEPT = "A competent person set this date in a report, so it cannot be moved. Have it put right by then, or stop using it."


def locked(defect: Defect) -> Defect:
    """The defect as it is now, held until the transaction ends. Raises Problem when it is closed."""
    rows = Defect.objects.select_for_update(of=("self",)).select_related("site", "asset", "building", "space")
    found: Defect = rows.get(pk=defect.pk)
    if not found.is_open:
        raise Problem("closed_already", "That problem is closed already.", status=409)
    return found


@transaction.atomic
def triage_defect(
    *,
    defect: Defect,
    person: Person,
    severity: str,
    unsafe: bool,
    today: dt.date,
    target_on: dt.date | None = None,
    safe_by: dt.date | None = None,
    note: str = "",
) -> Defect:
    """Say how bad a problem is and by when it is put right. Without a date, the usual one for how bad it is.

    Something unsafe is to be made safe by `safe_by`, today unless said. Raises Problem for a date that a competent person
    has set and that would be moved, and for dates before it was found.
    """
    require(person, permits.OFFICE_SETTLE, defect.site, "say how bad problems are")
    defect = locked(defect)
    if severity not in Severity.values:
        raise Problem("answers", "Say how bad it is.", fields={"severity": "Choose minor, needs mending or serious."})
    target = target_on or defect.target_on or usual_target(severity, today)
    if defect.deadline_fixed and target != defect.target_on:
        raise Problem("deadline_fixed", KEPT, status=409, fields={"target_on": KEPT})
    if defect.deadline_fixed and defect.unsafe and not unsafe:
        raise Problem("deadline_fixed", "A report says it is unsafe. Say how it was made safe, or close it with its certificate.",
                      status=409, fields={"unsafe": "The report says so."})  # fmt: skip
    for name, each in {"target_on": target, "safe_by": safe_by}.items():
        if each and each < defect.found_on:
            raise Problem("too_early", "That is before it was found.", fields={name: "Choose a later day."})
    changes: dict[str, Any] = {"severity": severity, "unsafe": unsafe, "target_on": target}
    changes["safe_by"] = (safe_by or defect.safe_by or today) if unsafe else safe_by
    if not unsafe and not defect.scheme:
        changes["do_not_use_from"] = None
    if defect.standing(today) == Stage.NEW or (defect.stage == Stage.ACCEPTED and defect.standing(today) == Stage.TRIAGED):
        changes["stage"] = Stage.TRIAGED
    words = f"{Severity(severity).label}{', unsafe' if unsafe else ''}; put right by {day(target)}. {note.strip()}".strip()
    _, facts = write_note(defect, kind="triage", words=words, at=timezone.now(), person=person)
    audit.append([*facts, *changed(defect, person, changes, kind="defect-triaged")])
    return defect


@transaction.atomic
def reject_defect(*, defect: Defect, person: Person, reason: str) -> Defect:
    """Close what turned out to be no problem, saying why. Raises Problem for what a report found with a date of its own."""
    require(person, permits.OFFICE_SETTLE, defect.site, "close problems")
    defect = locked(defect)
    if not reason.strip():
        raise Problem("reason_missing", "Say why it is not a problem.", fields={"reason": "Write a few words."})
    if defect.deadline_fixed:
        detail = "A competent person reported this with a date of its own. It is put right and closed with a certificate."
        raise Problem("deadline_fixed", detail, status=409)
    at = timezone.now()
    _, facts = write_note(defect, kind="closed", words=reason, at=at, person=person)
    ended(defect, person, Defect.Ending.REJECTED, at, facts)
    return defect


@transaction.atomic
def make_safe(*, defect: Defect, person: Person, what: str, on: dt.date, usable: bool = False) -> Defect:
    """Say what was done to make it safe for now; the repair is still to come. `usable`: it may be used again meanwhile.

    Raises Problem without words, and when the law says that it is not used until it is put right.
    """
    require(person, permits.DEFECT_WORK, defect.site, "work on problems")
    defect = locked(defect)
    if not what.strip():
        raise Problem("reason_missing", "Say what was done.", fields={"what": "Write a few words."})
    if on < defect.found_on or on > today():
        raise Problem("wrong_day", "It was made safe between the day it was found and today.", fields={"on": "Correct the day."})
    changes: dict[str, Any] = {"made_safe": what.strip()[:500], "made_safe_on": on}
    if usable:
        changes |= usable_again(defect, person)
    words = f"{what.strip()}{' It may be used again.' if usable else ''}"
    _, facts = write_note(defect, kind="made-safe", words=words, at=timezone.now(), person=person)
    audit.append([*facts, *changed(defect, person, changes, kind="defect-made-safe")])
    return defect


def usable_again(defect: Defect, person: Person) -> dict[str, Any]:
    """What changes when the thing may be used again before it is mended. Raises Problem where that is not the office's to say."""
    if not may(person, permits.OFFICE_SETTLE, defect.site):
        detail = "Your site manager says whether it may be used again. Leave that box empty."
        raise Problem("not_yours", detail, status=403, fields={"usable": detail})
    code = code_found(defect.scheme, defect.code)
    if code and code.set_by:
        detail = "The law says that it is not used until it is put right."
        raise Problem("use_forbidden", detail, status=409, fields={"usable": detail})
    return {"unsafe": False, "do_not_use_from": None}
