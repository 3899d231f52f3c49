"""A firm's report as somebody files it, and whether it can be filed so, before anything is written."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.checks.models import Certificate, CertificateItem, CheckType, Plan
from backend.core.days import today
from backend.core.files import person_owner
from backend.core.ids import new_id
from backend.core.models import FileProof, StoredFile
from backend.core.problems import Problem
from backend.core.templatetags.words import day
from backend.maintenance.actions.remedials import code_found, schemes
from backend.maintenance.models import Contractor, ReportUpload
from backend.rules.due.interval import add, as_date
from backend.rules.due.rule import Rule
from backend.rules.papers import BAD, GOOD, scheme_of
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

MOST_ITEMS = 2000
MOST_REMEDIALS = 200
EARLIEST = dt.date(2000, 1, 1)
FAR = dt.timedelta(days=92)
"""How much later than usual a stated date may be before somebody is asked whether it is meant: a quarter of a year."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One planned check that a report covers. `result` "" is the report's own; `failing` says what failed, where no code does."""

    plan: Plan
    result: str = ""
    failing: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remedial:
    """A coded line of a report. `plan` is the covered check that it is about; None where it is about the place at large."""

    scheme: str
    code: str
    summary: str
    plan: Plan | None = None
    deadline_on: dt.date | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A report as filed. `file` is held already; `more` answers the check's own questions for all that is covered.

    `date_meant`: that it really states a next date far beyond what is usual, as somebody who was asked has said.
    """

    check: CheckType
    covers: Sequence[Covered]
    engineer: str
    examined_on: dt.date
    result: str
    file: StoredFile
    contractor: Contractor | None = None
    firm: str = ""
    number: str = ""
    stated_next: dt.date | None = None
    remedials: Sequence[Remedial] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    upload: ReportUpload | None = None
    supersedes: Certificate | None = None
    reason: str = ""
    date_meant: bool = False
    filing: uuid.UUID = field(default_factory=new_id)

    @property
    def firm_name(self) -> str:
        """The firm as it is called now."""
        return self.contractor.name if self.contractor else self.firm.strip()[:160]


def sound_certificate(new: NewCertificate, person: Person) -> None:
    """Raises Problem naming what is missing or cannot be, at the field that it is about."""
    for site in {each.plan.site_id: each.plan.site for each in new.covers}.values():
        require(person, permits.CONTRACTOR_MANAGE, site, "file certificates")
    require_held(new.file, person, new.upload)
    require_told(new)
    plans = [each.plan.pk for each in new.covers]
    if not plans:
        raise Problem("nothing_covered", "Choose what the report covers.", fields={"covers": "Choose at least one."})
    if len(set(plans)) != len(plans) or len(plans) > MOST_ITEMS or len(new.remedials) > MOST_REMEDIALS:
        raise Problem(
            "too_many", f"At most {MOST_ITEMS} items, each once, and {MOST_REMEDIALS} remedials.", fields={"covers": "Too many."}
        )
    if any(each.plan.check_type_id != new.check.pk for each in new.covers):
        raise Problem("wrong_check", "Something chosen is planned for another check.", fields={"covers": "Choose again."})
    if any(each.plan and each.plan.pk not in plans for each in new.remedials):
        raise Problem(
            "wrong_asset", "A remedial is about something that the report does not cover.", fields={"remedials": "Choose again."}
        )
    if len({each.plan.site_id for each in new.covers}) > 1 and any(each.plan is None for each in new.remedials):
        said = "The report covers several sites: say of each line what it is about."
        raise Problem("wrong_place", said, fields={"remedials": said})
    require_new(new, plans)


def require_told(new: NewCertificate) -> None:
    """Raises Problem when what stands on every report is missing or impossible."""
    wrong: dict[str, str] = {}
    if not new.firm_name:
        wrong["contractor"] = "Choose the firm, or write its name."
    if not new.engineer.strip():
        wrong["engineer"] = "Write the name on the report."
    if new.result not in Certificate.Result.values:
        wrong["result"] = "Choose the result on the report."
    if not EARLIEST <= new.examined_on <= today():
        wrong["examined_on"] = "The day of the examination cannot lie in the future, nor before the year 2000."
    wrong |= next_date_wrong(new) | result_wrong(new)
    if new.supersedes and not new.reason.strip():
        wrong["reason"] = "Say what was wrong with the one before."
    if wrong:
        raise Problem("answers", "Something on the report is missing or not possible.", fields=wrong)


def next_date_wrong(new: NewCertificate) -> dict[str, str]:
    """What is wrong with the next date that it states: before its own day, or so late that the year is likely mistyped."""
    if new.stated_next is None:
        return {}
    if not new.examined_on < new.stated_next <= dt.date(2100, 1, 1):
        return {"stated_next": "The next date must be after the day of the examination."}
    usual = usual_next(new)
    if usual is None or new.date_meant or new.stated_next <= usual + FAR:
        return {}
    return {
        "stated_next": f"The usual next date is {day(usual)}. Look at the year again.",
        "date_meant": "Say that the report states that date, or correct it.",
    }


def result_wrong(new: NewCertificate) -> dict[str, str]:
    """Where the result and the coded lines cannot both be right."""
    if new.result != BAD and (gravest := next((each.code for each in new.remedials if fails(each)), "")):
        return {"result": f"A report with {gravest} is unsatisfactory as a whole. Choose that, or look at the codes again."}
    if codes := lacks_its_code(new):
        return {"result": f"An unsatisfactory report of this kind has at least one {codes}. Add its lines below."}
    return {}


def usual_next(new: NewCertificate) -> dt.date | None:
    """The latest next date that the rules of what is covered make usual; None where none has an interval of its own."""
    rules = [Rule.from_mapping(each.plan.rule) for each in new.covers if each.plan.rule]
    spans = [as_date(add(new.examined_on.toordinal(), rule.maximum or rule.interval)) for rule in rules]
    return max(spans, default=None)


def lacks_its_code(new: NewCertificate) -> str:
    """The codes of which an unsatisfactory report must have one, as words; "" when it has, or says otherwise what failed."""
    scheme = schemes().get(scheme_of(new.check.pk))
    failing = [code.code for code in scheme.codes.values() if code.fails_report] if scheme else []
    if new.result != BAD or not failing or any(map(fails, new.remedials)) or any(each.failing.strip() for each in new.covers):
        return ""
    return f"{', '.join(failing[:-1])} or {failing[-1]}" if len(failing) > 1 else failing[0]


def fails(each: Remedial) -> bool:
    """Whether its code makes the whole report unsatisfactory: by its own rules, or as it bars the thing from use at once.

    One that is not known is refused where it is raised.
    """
    code = code_found(each.scheme, each.code)
    return code is not None and (code.fails_report or code.unsafe)


def require_held(file: StoredFile, person: Person, upload: ReportUpload | None) -> None:
    """Refuse a file that neither the person nor the firm's upload brought: naming a hash proves nothing."""
    if upload is not None and upload.sha256 == file.pk:
        return
    if not FileProof.objects.filter(sha256=file.pk, owner=person_owner(person.pk)).exists():
        raise Problem("file_missing", "Add the report itself.", fields={"file": "Choose the file."})


def require_new(new: NewCertificate, plans: Sequence[uuid.UUID]) -> None:
    """Refuse to file one report for one thing twice, unless it corrects the one before."""
    items = CertificateItem.objects.filter(
        certificate__sha256=new.file.pk, certificate__examined_on=new.examined_on, record__plan__in=plans,
        certificate__correction__isnull=True,
    )  # fmt: skip
    twin = items.exclude(certificate=new.supersedes).select_related("certificate").first()
    if twin:
        detail = "This very file is filed for that already."
        raise Problem("filed_already", f"{detail} See /certificates/{twin.certificate_id}/", status=409, fields={"file": detail})


def result_of(new: NewCertificate, each: Covered) -> str:
    """The result of one covered thing: its own, else the report's."""
    if each.failing.strip():
        return BAD
    return each.result or (new.result if new.result in Certificate.Result.values else GOOD)
