"""Firms: add and change one, whom to ring, and its insurances and accreditations."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.files import person_owner, take
from backend.core.models import StoredFile
from backend.core.problems import Forbidden, NotFound, Problem
from backend.maintenance.evidence import CONTACTS, CONTRACTOR_PAPERS, CONTRACTORS
from backend.maintenance.models import Contractor, ContractorContact, ContractorPaper
from backend.rules.contractors import ACCREDITATION, INSURANCES
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

PAPER_TYPES: Final = frozenset({"application/pdf", "image/jpeg", "image/png"})
MOST_COVER_PENCE: Final = 10**13
MOST_LISTED: Final = 40


@dataclass(frozen=True, slots=True)
class Firm:
    """What is known of a firm: its trades are keys of disciplines, `asked_for` the accreditations that the trust wants."""

    name: str
    trades: Sequence[str] = ()
    asked_for: Sequence[str] = ()
    email: str = ""
    phone: str = ""
    address: str = ""
    company_number: str = ""
    note: str = ""
    active: bool = True
    employs_nobody: bool = False
    advises: bool = False


@dataclass(frozen=True, slots=True)
class NewPaper:
    """An insurance or accreditation. `cover_pence` in pence; `content` the scanned paper, b"" when there is none yet."""

    kind: str
    expires_on: dt.date
    scheme: str = ""
    insurer: str = ""
    number: str = ""
    cover_pence: int | None = None
    content: bytes = field(default=b"", repr=False)


def manages(person: Person) -> None:
    """Refuse unless the person looks after contractors somewhere: a firm is the whole trust's."""
    if not reach(person, permits.CONTRACTOR_MANAGE).nowhere():
        return
    if reach(person, permits.ESTATE_VIEW).nowhere():
        raise NotFound("That contractor")
    raise Forbidden("Your role does not let you look after contractors. Ask your site manager.")


@transaction.atomic
def add_contractor(*, person: Person, firm: Firm) -> Contractor:
    """Add a firm. Raises Problem when one of that name is here already."""
    manages(person)
    contractor = Contractor(**columns_of(firm, None))
    contractor.save()
    audit.append([CONTRACTORS.fact(contractor, person.pk, person.name)])
    return contractor


@transaction.atomic
def change_contractor(*, person: Person, contractor: Contractor, firm: Firm) -> Contractor:
    """Put right what is known of a firm."""
    manages(person)
    changed: dict[str, Any] = columns_of(firm, contractor)
    for name, value in changed.items():
        setattr(contractor, name, value)
    contractor.save(update_fields=list(changed))
    audit.append([CONTRACTORS.fact(contractor, person.pk, person.name, kind="contractor-change")])
    return contractor


def columns_of(firm: Firm, before: Contractor | None) -> dict[str, Any]:
    """The columns of what is known, cut to their lengths. Raises Problem for no name, or one that another firm has."""
    name = " ".join(firm.name.split())[:160]
    if not name:
        raise Problem("answers", "Give the firm's name.", fields={"name": "Write the firm's name."})
    same = Contractor.objects.filter(name__iexact=name)
    if (same.exclude(pk=before.pk) if before else same).exists():
        raise Problem(
            "already_here", f"{name} is here already.", status=409, fields={"name": "A firm of this name is here already."}
        )
    return {
        "name": name,
        "trades": sorted(set(firm.trades))[:MOST_LISTED],
        "asked_for": list(dict.fromkeys(each.strip()[:80] for each in firm.asked_for if each.strip()))[:MOST_LISTED],
        "email": firm.email.strip()[:254],
        "phone": firm.phone.strip()[:40],
        "address": firm.address.strip()[:300],
        "company_number": firm.company_number.strip()[:12],
        "note": firm.note.strip()[:2000],
        "active": firm.active,
        "employs_nobody": firm.employs_nobody,
        "advises": firm.advises,
    }


@transaction.atomic
def name_contacts(*, person: Person, contractor: Contractor, contacts: Sequence[Mapping[str, str]]) -> list[ContractorContact]:
    """Say whom to ring at a firm: this list takes the place of the one before. Lines without a name are left out."""
    manages(person)
    wanted = [
        {
            "name": each["name"].strip()[:120],
            "job": each.get("job", "").strip()[:120],
            "email": each.get("email", "").strip()[:254],
            "phone": each.get("phone", "").strip()[:40],
        }
        for each in contacts[:MOST_LISTED]
        if each.get("name", "").strip()
    ]
    before = list(ContractorContact.objects.select_for_update().filter(contractor=contractor))
    kept = [row for row in before if told(row) in wanted]
    gone = [row for row in before if told(row) not in wanted]
    fresh = [ContractorContact(contractor=contractor, **each) for each in wanted if each not in [told(row) for row in kept]]
    facts = [CONTACTS.removal(row, person.pk, person.name) for row in gone]
    ContractorContact.objects.filter(pk__in=[row.pk for row in gone]).delete()
    ContractorContact.objects.bulk_create(fresh)
    audit.append(facts + [CONTACTS.fact(row, person.pk, person.name) for row in fresh])
    return kept + fresh


def told(row: ContractorContact) -> dict[str, str]:
    """What a contact says."""
    return {"name": row.name, "job": row.job, "email": row.email, "phone": row.phone}


@transaction.atomic
def add_paper(*, person: Person, contractor: Contractor, paper: NewPaper) -> ContractorPaper:
    """Enter an insurance or accreditation of a firm, with the paper itself if it is to hand. The ones before stay."""
    manages(person)
    check_paper(paper)
    stored = taken(paper.content, person)
    row = ContractorPaper.objects.create(
        contractor=contractor,
        kind=paper.kind,
        scheme=paper.scheme.strip()[:80] if paper.kind == ACCREDITATION else "",
        insurer=paper.insurer.strip()[:160],
        number=paper.number.strip()[:80],
        cover_pence=paper.cover_pence if paper.kind != ACCREDITATION else None,
        expires_on=paper.expires_on,
        sha256=stored.pk if stored else "",
        content_type=stored.content_type if stored else "",
        size=stored.size if stored else 0,
        added_at=timezone.now(),
        added_by=person,
    )
    audit.append([CONTRACTOR_PAPERS.fact(row, person.pk, person.name)])
    return row


def check_paper(paper: NewPaper) -> None:
    """Raises Problem when a paper cannot be what is said."""
    if paper.kind not in {*INSURANCES, ACCREDITATION}:
        raise Problem("answers", "Say which paper this is.", fields={"kind": "Choose an insurance, or accreditation."})
    if paper.kind == ACCREDITATION and not paper.scheme.strip():
        raise Problem("answers", "Say by whom the firm is accredited.", fields={"scheme": "Write the scheme, such as Gas Safe."})
    if paper.cover_pence is not None and not 0 <= paper.cover_pence <= MOST_COVER_PENCE:
        raise Problem("answers", "Check the cover.", fields={"cover": "Write the cover in pounds."})
    if not dt.date(2000, 1, 1) <= paper.expires_on <= dt.date(2100, 1, 1):
        raise Problem("answers", "Check the last day.", fields={"expires_on": "Check the year."})


def taken(content: bytes, person: Person) -> StoredFile | None:
    """Take a scanned paper from a form: PDF, JPEG or PNG by its content. None for no bytes. Raises Problem at the field."""
    if not content:
        return None
    try:
        stored = take(content, owner=person_owner(person.pk))
    except Problem as problem:
        raise Problem(problem.code, problem.detail, status=problem.status, fields={"file": problem.detail}) from problem
    if stored.content_type not in PAPER_TYPES:
        detail = "Only PDF, JPEG and PNG files are taken here."
        raise Problem("wrong_type", detail, status=415, fields={"file": detail})
    return stored


@transaction.atomic
def withdraw_paper(*, person: Person, paper: ContractorPaper, why: str) -> ContractorPaper:
    """Take back a paper that was entered wrongly: it counts no more and stays to be seen. Raises Problem without a reason."""
    manages(person)
    if not why.strip():
        raise Problem("reason_missing", "Say what was wrong.", fields={"why": "Write a few words."})
    paper = ContractorPaper.objects.select_for_update().get(pk=paper.pk)
    if paper.withdrawn_at:
        raise Problem("withdrawn_already", "It is taken back already.", status=409)
    paper.withdrawn_at, paper.withdrawn_why = timezone.now(), why.strip()[:300]
    paper.save(update_fields=["withdrawn_at", "withdrawn_why"])
    audit.append([CONTRACTOR_PAPERS.fact(paper, person.pk, person.name, kind="contractor-paper-withdrawn")])
    return paper
