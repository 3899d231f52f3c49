"""Two reports of one thing: one survives, the other points to it. Both stay readable, and it can be undone."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.evidence import plain
from backend.core.problems import Problem
from backend.maintenance.actions.notes import changed, write_note
from backend.maintenance.actions.triage import locked
from backend.maintenance.evidence import MERGES
from backend.maintenance.models import Defect, Merge
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

WORSE = {"low": 0, "medium": 1, "high": 2}


@transaction.atomic
def merge_defects(*, survivor: Defect, duplicates: Sequence[Defect], person: Person) -> Defect:
    """Say that `duplicates` are the same as `survivor`, which takes over what is graver of them (unsafe, how bad, made safe).

    Raises Problem for another site's, for closed ones, and where a date that a competent person set would be lost.
    """
    require(person, permits.OFFICE_SETTLE, survivor.site, "merge problems")
    if not duplicates:
        raise Problem("nothing", "Choose at least one problem that is the same.", fields={"with": "Tick at least one."})
    for each in sorted([survivor, *duplicates], key=lambda each: each.pk):
        locked(each)  # always in one order, so that two people merging at once do not block each other
    survivor = locked(survivor)
    facts: list[audit.Fact] = []
    for each in duplicates:
        facts += merge_one(survivor, locked(each), person)
    audit.append(facts)
    return survivor


def merge_one(survivor: Defect, duplicate: Defect, person: Person) -> list[audit.Fact]:
    """Merge one, and what is to be entered of it."""
    if duplicate.pk == survivor.pk:
        raise Problem("itself", "A problem cannot be merged with itself.")
    if duplicate.site_id != survivor.site_id:
        raise Problem("wrong_place", "Those problems are at different sites.")
    if duplicate.deadline_fixed and not (survivor.deadline_fixed and kept_by(survivor, duplicate)):
        detail = f"“{duplicate.summary[:80]}” has a date that a competent person set. Keep that one, and merge the other into it."
        raise Problem("deadline_fixed", detail, status=409)
    now = timezone.now()
    took = graver(survivor, duplicate)
    facts = changed(survivor, person, {name: after for name, (_, after) in took.items()}) if took else []
    said = {name: [plain(before), plain(after)] for name, (before, after) in took.items()}
    merge = Merge.objects.create(survivor=survivor, duplicate=duplicate, took=said, made_by=person, made_at=now)
    changes = {"status": "closed", "ending": Defect.Ending.MERGED, "closed_at": now, "merged_into": survivor}
    facts += changed(duplicate, person, changes, kind="defect-merged")
    for each in Defect.objects.filter(merged_into=duplicate).order_by("pk"):
        facts += changed(each, person, {"merged_into": survivor}, kind="defect-merged")
    words = f"“{duplicate.summary[:200]}” is the same problem."
    facts += write_note(survivor, kind="merged", words=words, at=now, person=person)[1]
    return [*facts, MERGES.fact(merge, person.pk, person.name)]


def kept_by(survivor: Defect, duplicate: Defect) -> bool:
    """Whether the survivor's fixed date is as early as the other's."""
    return bool(survivor.target_on and duplicate.target_on and survivor.target_on <= duplicate.target_on)


def graver(survivor: Defect, duplicate: Defect) -> dict[str, tuple[Any, Any]]:
    """What the survivor takes over: column -> (before, after)."""
    took: dict[str, tuple[Any, Any]] = {}
    if duplicate.unsafe and not survivor.unsafe:
        took["unsafe"] = (False, True)
    if WORSE[duplicate.severity] > WORSE[survivor.severity]:
        took["severity"] = (survivor.severity, duplicate.severity)
    if duplicate.proof == "certificate" != survivor.proof:
        took["proof"] = (survivor.proof, duplicate.proof)
    barred, other = survivor.do_not_use_from, duplicate.do_not_use_from
    if other and (barred is None or other < barred):
        took["do_not_use_from"] = (barred, other)
    if not survivor.deadline_fixed and duplicate.target_on and (
        survivor.target_on is None or duplicate.target_on < survivor.target_on
    ):  # fmt: skip
        took["target_on"] = (survivor.target_on, duplicate.target_on)
    return took


@transaction.atomic
def unmerge_defect(*, duplicate: Defect, person: Person) -> Defect:
    """Undo a merge: the duplicate is open again as it was, and the survivor gives back what it took and nobody changed since.

    Raises Problem when it is not merged, and when the survivor is closed.
    """
    require(person, permits.OFFICE_SETTLE, duplicate.site, "merge problems")
    merge = Merge.objects.select_for_update(of=("self",)).filter(duplicate=duplicate, undone_at=None).first()
    if merge is None:
        raise Problem("not_merged", "That problem is not merged with another.", status=409)
    survivor, now = locked(merge.survivor), timezone.now()
    duplicate = Defect.objects.select_for_update(of=("self",)).select_related("site").get(pk=duplicate.pk)
    merge.undone_by, merge.undone_at = person, now
    merge.save(update_fields=["undone_by", "undone_at"])
    facts = given_back(merge, survivor, person)
    changes = {"status": "open", "ending": "", "closed_at": None, "merged_into": None}
    facts += changed(duplicate, person, changes, kind="defect-unmerged")
    for each in Merge.objects.filter(survivor=duplicate, undone_at=None).select_related("duplicate").order_by("pk"):
        facts += changed(each.duplicate, person, {"merged_into": duplicate}, kind="defect-unmerged")
    words = f"“{duplicate.summary[:200]}” is another problem after all."
    facts += write_note(survivor, kind="unmerged", words=words, at=now, person=person)[1]
    audit.append([*facts, MERGES.fact(merge, person.pk, person.name, kind="defect-unmerged")])
    return duplicate


def given_back(merge: Merge, survivor: Defect, person: Person) -> list[audit.Fact]:
    """Give back what the survivor took over, unless somebody changed it since, or another that is still merged asks for it."""
    columns = {each.attname: each for each in Defect._meta.concrete_fields}
    back = {
        name: columns[name].to_python(before)
        for name, (before, after) in merge.took.items()
        if plain(getattr(survivor, name)) == after and not (name == "target_on" and survivor.deadline_fixed)
    }
    facts = changed(survivor, person, back) if back else []
    for other in Merge.objects.filter(survivor=survivor, undone_at=None).select_related("duplicate").order_by("pk"):
        if took := graver(survivor, other.duplicate):
            facts += changed(survivor, person, {name: after for name, (_, after) in took.items()})
            other.took |= {name: [plain(before), plain(after)] for name, (before, after) in took.items()}
            other.save(update_fields=["took"])
            facts.append(MERGES.fact(other, person.pk, person.name))
    return facts
