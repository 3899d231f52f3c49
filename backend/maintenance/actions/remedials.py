"""What a report found, by its code: a defect with the dates that the code, or the report itself, sets."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backend.assets.models import Asset
from backend.core import audit
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.maintenance.actions.defects import place_checked
from backend.maintenance.actions.notes import keep_photos
from backend.maintenance.evidence import DEFECTS, NOTES, PHOTOS
from backend.maintenance.models import Defect, DefectNote, Proof
from backend.rules.remedials import Code, Dates, Scheme, dates_for, read_schemes
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import require


@cache
def schemes() -> Mapping[str, Scheme]:
    """Every scheme of codes by its key, read once per process and only when somebody needs it."""
    return read_schemes(Path(settings.ROOT) / "schedules")


def code_found(scheme: str, code: str) -> Code | None:
    """A code of a scheme, in whatever case it was typed; None for one that there is not."""
    found = schemes().get(scheme)
    by_code = {key.lower(): each for key, each in found.codes.items()} if found else {}
    return by_code.get(code.strip().lower())


def code_known(scheme: str, code: str) -> Code:
    """A code of a scheme as code_found does. Raises Problem naming those that there are."""
    found = schemes().get(scheme)
    if found is None or not found.codes:
        wrong = {"scheme": f"Choose one of: {', '.join(key for key, each in schemes().items() if each.codes)}."}
        raise Problem("unknown_scheme", "That kind of report has no codes here.", fields=wrong)
    if (known := code_found(scheme, code)) is None:
        raise Problem("unknown_code", f"{found.title} has no code “{code[:20]}”.", fields={"code": f"Use {in_words(found)}."})
    return known


def in_words(scheme: Scheme) -> str:
    """ "C1, C2, FI or C3" """
    *others, final = scheme.codes
    return f"{', '.join(others)} or {final}" if others else final


@transaction.atomic
def raise_remedial(
    *,
    site: Site,
    scheme: str,
    code: str,
    summary: str,
    found_on: dt.date,
    person: Person,
    asset: Asset | None = None,
    building: Building | None = None,
    space: Space | None = None,
    deadline_on: dt.date | None = None,
    location: str = "",
    source: str = "",
    photos: Sequence[Mapping[str, Any]] = (),
) -> Defect:
    """Raise what a report found, by its code: how bad it is, by when, and whether it may be used follow from the code.

    `deadline_on` is the date that the report gives: a competent person set it, and nobody can move it afterwards. `source` says
    which report ("EICR of Fri 13 Nov, Volt Ltd"), `location` where exactly. What is open already with the same code, words and
    place is noted as found again rather than raised twice, unless the new report sets an earlier date than one that is fixed.

    Raises Problem for an unknown code, for a date that the code needs and nobody gave, and for a place of another site.
    """
    require(person, permits.DEFECT_REPORT, site, "report problems")
    known = code_known(scheme, code)
    if not summary.strip():
        raise Problem("answers", "Say what is wrong.", fields={"summary": "Write a few words."})
    place_checked(site, asset, building, space)
    dates = dates_said(known, found_on, deadline_on)
    about = {
        "site": site,
        "asset": asset,
        "building": building or (asset.building if asset else None),
        "space": space or (asset.space if asset else None),
        "scheme": known.scheme,
        "code": known.code,
        "summary": summary.strip()[:500],
        "location": location.strip()[:200],
    }
    if same := open_already(about, dates):
        return found_again(same, dates, person=person, on=found_on, source=source, photos=photos)
    return newly_raised(about, known, dates, person=person, on=found_on, source=source, photos=photos)


def newly_raised(
    about: Mapping[str, Any],
    known: Code,
    dates: Dates,
    *,
    person: Person,
    on: dt.date,
    source: str,
    photos: Sequence[Mapping[str, Any]],
) -> Defect:
    """Raise it as a defect of its own, and enter it."""
    asset = about["asset"]
    defect = Defect.objects.create(
        **about,
        id=new_id(),
        severity=known.severity,
        unsafe=known.unsafe,
        discipline=schemes()[known.scheme].discipline or (asset.type.discipline if asset else ""),
        found_on=on,
        reported_at=timezone.now(),
        reported_by=person,
        source=source.strip()[:200],
        safe_by=dates.safe_by,
        target_on=dates.target_on,
        deadline_fixed=dates.fixed,
        do_not_use_from=dates.do_not_use_from,
        proof=Proof.CERTIFICATE,
    )
    kept = keep_photos(defect, None, photos)
    audit.append([DEFECTS.fact(defect, person.pk, person.name), *map(PHOTOS.fact, kept)])
    return defect


def dates_said(code: Code, found_on: dt.date, stated: dt.date | None) -> Dates:
    """The dates that a code asks for (see rules.remedials). Raises Problem when the report must give one and did not."""
    try:
        return dates_for(code, found_on, stated)
    except ValueError as wrong:
        raise Problem("deadline", str(wrong), fields={"deadline_on": str(wrong)}) from None


def open_already(about: Mapping[str, Any], dates: Dates) -> Defect | None:
    """The open defect that says the same of the same thing, unless its date is fixed and a later one than is asked for now."""
    for same in Defect.objects.select_for_update().filter(**about, status=Defect.Status.OPEN).order_by("found_on", "pk"):
        sooner = dates.fixed and dates.target_on and same.target_on and dates.target_on < same.target_on
        if not (same.deadline_fixed and sooner):
            return same
    return None


def found_again(
    defect: Defect, dates: Dates, *, person: Person, on: dt.date, source: str, photos: Sequence[Mapping[str, Any]]
) -> Defect:
    """Note that an open defect was found again. A date that is fixed holds; one that is not gives way to the report's."""
    words = f"Found again on {on:%-d %B %Y}{': ' + source.strip() if source.strip() else ''}."
    made = DefectNote.objects.create(id=new_id(), defect=defect, kind="again", note=words, made_at=timezone.now(), made_by=person)
    facts = [NOTES.fact(made, person.pk, person.name), *map(PHOTOS.fact, keep_photos(defect, made, photos))]
    if dates.fixed and not defect.deadline_fixed:
        defect.target_on, defect.deadline_fixed, defect.do_not_use_from = dates.target_on, True, dates.do_not_use_from
        defect.save(update_fields=["target_on", "deadline_fixed", "do_not_use_from"])
        facts.append(DEFECTS.fact(defect, person.pk, person.name))
    audit.append(facts)
    return defect
