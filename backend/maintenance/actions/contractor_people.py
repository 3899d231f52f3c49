"""Who comes from a firm: their DBS check as seen, inductions at sites, and erasing what is held once they come no more."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from backend.core import audit
from backend.core.days import today
from backend.core.evidence import act
from backend.core.models import AuditEntry, Salt
from backend.core.problems import Problem
from backend.core.retention import CLASSES
from backend.maintenance.actions.contractors import manages, taken
from backend.maintenance.evidence import CONTRACTOR_PEOPLE, INDUCTIONS
from backend.maintenance.models import Contractor, ContractorPerson, SiteInduction
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import require

ERASED: Final = "Somebody who came no more"
DBS_YEARS: Final = 3
"""After how long a DBS check is to be seen again, unless the trust says otherwise. The law sets no end; three years is common."""
NO_DBS: Final = {
    "dbs_kind": "", "dbs_on": None, "dbs_last": "", "dbs_checked_by_id": None, "dbs_checked_on": None, "dbs_expires_on": None,
    "dbs_sha256": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A DBS certificate that was seen: its kind and date, the last figures of its number, and when to see a new one."""

    kind: str
    on: dt.date
    last: str
    again_by: dt.date | None = None
    letter: bytes = field(default=b"", repr=False)


@transaction.atomic
def add_contractor_person(
    *,
    person: Person,
    contractor: Contractor,
    name: str,
    job: str = "",
    card_scheme: str = "",
    card_number: str = "",
    card_expires_on: dt.date | None = None,
) -> ContractorPerson:
    """Add somebody whom a firm sends, with their registration card if they have one."""
    manages(person)
    if not name.strip():
        raise Problem("answers", "Give their name.", fields={"name": "Write their name."})
    row = ContractorPerson.objects.create(
        contractor=contractor, name=" ".join(name.split())[:120], job=job.strip()[:120], card_scheme=card_scheme.strip()[:80],
        card_number=card_number.strip()[:80], card_expires_on=card_expires_on, added_at=timezone.now(),
    )  # fmt: skip
    audit.append([CONTRACTOR_PEOPLE.fact(row, person.pk, person.name)])
    return row


@transaction.atomic
def note_dbs(*, person: Person, of: ContractorPerson, seen: Seen) -> ContractorPerson:
    """Note that somebody's DBS certificate was seen today, by `person`. Never more than the last four figures of its number."""
    manages(person)
    if seen.kind not in dict(ContractorPerson.KINDS):
        raise Problem("answers", "Say which check it is.", fields={"kind": "Choose the kind of check."})
    if not (seen.last.isdigit() and 2 <= len(seen.last) <= 4):
        raise Problem(
            "answers", "Write the last figures of its number.", fields={"last": "Two to four figures, never the whole number."}
        )
    if seen.on > today():
        raise Problem("in_future", "The certificate's date lies in the future.", fields={"on": "Check the date."})
    stored = taken(seen.letter, person)
    of = ContractorPerson.objects.select_for_update().get(pk=of.pk)
    require_here(of)
    of.dbs_kind, of.dbs_on, of.dbs_last = seen.kind, seen.on, seen.last
    of.dbs_checked_by, of.dbs_checked_on = person, today()
    of.dbs_expires_on = seen.again_by or years_on(today(), DBS_YEARS)
    of.dbs_sha256 = stored.pk if stored else ""
    of.save()
    audit.append([CONTRACTOR_PEOPLE.fact(of, person.pk, person.name, kind="dbs-seen")])
    return of


@transaction.atomic
def induct(
    *,
    person: Person,
    of: ContractorPerson,
    site: Site,
    done_on: dt.date,
    expires_on: dt.date | None = None,
    sheet: bytes = b"",
) -> SiteInduction:
    """Note that somebody was shown a site. Raises Problem for a day to come, or an end before it."""
    require(person, permits.CONTRACTOR_MANAGE, site, "induct contractors")
    require_here(of)
    if done_on > today():
        raise Problem("in_future", "It cannot have been done in the future.", fields={"done_on": "Check the date."})
    if expires_on and expires_on < done_on:
        raise Problem("dates", "It ends before it was done.", fields={"expires_on": "Check the date."})
    stored = taken(sheet, person)
    row = SiteInduction.objects.create(
        person=of, site=site, done_on=done_on, expires_on=expires_on or years_on(done_on, 1), given_by=person,
        sha256=stored.pk if stored else "", content_type=stored.content_type if stored else "",
        size=stored.size if stored else 0, entered_at=timezone.now(),
    )  # fmt: skip
    audit.append([INDUCTIONS.fact(row, person.pk, person.name)])
    return row


def require_here(of: ContractorPerson) -> None:
    """Refuse what is about somebody who comes no more."""
    if of.left_on:
        raise Problem("left", "They come no more. Add them again if they have come back.", status=409)


@transaction.atomic
def say_left(*, person: Person, of: ContractorPerson, on: dt.date) -> ContractorPerson:
    """Say that somebody comes no more: their DBS check is erased at once, the rest when its period is over."""
    manages(person)
    of = ContractorPerson.objects.select_for_update().get(pk=of.pk)
    of.left_on = on
    for name, value in NO_DBS.items():
        setattr(of, name, value)
    of.save()
    forget_salts([of])
    audit.append([CONTRACTOR_PEOPLE.fact(of, person.pk, person.name, kind="contractor-person-left")])
    return of


@transaction.atomic
def forget_contractor_people(day: dt.date) -> int:
    """Erase the names of those who came no more so long ago that nothing asks for them. Answers how many; may run twice."""
    years = CLASSES["contractors"].years or 0
    rows = ContractorPerson.objects.filter(left_on__lt=years_on(day, -years)).exclude(name=ERASED)
    rows = rows.annotate(last=Max("inductions__done_on")).exclude(last__gte=years_on(day, -years))
    old = list(ContractorPerson.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).select_for_update())
    for each in old:
        each.name, each.job, each.card_scheme, each.card_number, each.card_expires_on = ERASED, "", "", "", None
        each.save()
    forget_salts(old)
    facts = [CONTRACTOR_PEOPLE.fact(each) for each in old]
    if old:
        facts.append(act("contractor-people-erased", {"rows": len(old)}, at=timezone.now()))
    audit.append(facts)
    return len(old)


def forget_salts(rows: list[ContractorPerson]) -> None:
    """Destroy the salts of what the chain says of these people so far, so that it can not even be guessed."""
    entries = AuditEntry.objects.filter(subject__in=[f"{CONTRACTOR_PEOPLE.subject}:{row.pk}" for row in rows])
    Salt.objects.filter(entry__in=entries.values("number")).delete()


def years_on(day: dt.date, years: int) -> dt.date:
    """The same day in another year; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
