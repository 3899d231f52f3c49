"""Each role's question, answered in sentences that lead to their rows. Figures of all roles somebody holds come in one query."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from backend.checks.models import DocumentNotNeeded, NotApplicable
from backend.core.days import today
from backend.core.templatetags.words import counted
from backend.maintenance.models import AcceptedRisk, Contractor, ContractorVisit, Defect, ReportUpload, WorkOrder
from backend.office.frame import Number, rows
from backend.office.notices.quiet import quiet_sites
from backend.trust import permits
from backend.trust.models import Person, Site, Trust


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the answer, the page behind it, and whether it is an alarm."""

    words: str
    path: str
    alarm: bool = False


Counted = dict[str, QuerySet[Any]]


def decisions(person: Person) -> Counted:
    """What somebody has to decide that others asked."""
    ours = permits.RISK_DECIDE
    open_ones = NotApplicable.objects.visible_to(person, ours).filter(decided_at=None, ended_at=None)
    without = DocumentNotNeeded.objects.visible_to(person, ours).filter(decided_at=None, ended_at=None)
    risks = AcceptedRisk.objects.visible_to(person, ours).filter(decision=AcceptedRisk.Decision.WAITING)
    return {
        "excuses": open_ones.exclude(asked_by=person.pk),
        "papers": without.exclude(asked_by=person.pk),
        "risks": risks.exclude(asked_by=person.pk),
    }


def head_counts(person: Person, now: dt.date) -> Counted:
    """Is anything dangerous; what must I decide?"""
    return {"unsafe": Defect.objects.visible_to(person).barring(now), **decisions(person)}


def firm_counts(person: Person, now: dt.date) -> Counted:
    """Who is coming, what has come back, what has not; whose papers run out."""
    ours = permits.CONTRACTOR_MANAGE
    visits = ContractorVisit.objects.visible_to(person, ours).filter(planned_on=now, called_off_at=None)
    late = WorkOrder.objects.visible_to(person, ours).late(now).exclude(contractor=None)
    uploads = ReportUpload.objects.visible_to(person).filter(state=ReportUpload.State.WAITING)
    firms = Contractor.objects.visible_to(person, ours).filter(active=True)
    return {"visits": visits, "late": late, "uploads": uploads, "firms": firms}


ASKS: Final[dict[str, Callable[[Person, dt.date], Counted]]] = {
    "headteacher": head_counts,
    "estates-lead": head_counts,
    "sbm": head_counts,
    "contractor-manager": firm_counts,
}


def lines(person: Person, roles: Iterable[str], now: dt.date) -> list[Line]:
    """The answers to the questions of all roles that somebody holds. One query, two more for an estates lead."""
    held = set(roles)
    asked: Counted = {}
    for role in ASKS:
        if role in held:
            asked |= ASKS[role](person, now)
    if not asked:
        return []
    found: dict[str, int] = (
        Trust.objects.annotate(**{f"n_{name}": Number(rows(query)) for name, query in asked.items()})
        .values(*(f"n_{name}" for name in asked))
        .first()
        or {}
    )
    n = {name: int(found.get(f"n_{name}") or 0) for name in asked}
    told = [*danger(n, held), *deciding(n), *firms(n)]
    if "estates-lead" in held:
        quiet = len(quiet_sites(Site.objects.visible_to(person), now))
        if quiet:
            words = f"{counted(quiet, 'site')} {'has' if quiet == 1 else 'have'} gone quiet: nothing is recorded there."
            told.append(Line(words, "/compliance/", True))
    return told


def danger(n: dict[str, int], held: set[str]) -> list[Line]:
    """Is anything dangerous? A headteacher is told when nothing is, too."""
    if number := n.get("unsafe"):
        verb = "thing is" if number == 1 else "things are"
        return [Line(f"{number} {verb} marked unsafe.", "/problems/?unsafe=1&status=open", True)]
    return [Line("Nothing is marked unsafe.", "/problems/")] if "headteacher" in held else []


def deciding(n: dict[str, int]) -> list[Line]:
    """What must I decide?"""
    number = n.get("excuses", 0) + n.get("papers", 0) + n.get("risks", 0)
    verb = "waits" if number == 1 else "wait"
    return [Line(f"{counted(number, 'decision')} {verb} for you.", "/waiting/?only=decide")] if number else []


def firms(n: dict[str, int]) -> list[Line]:
    """Who is coming, what has come back, what has not?"""
    if "visits" not in n:
        return []
    said = [Line(f"{counted(n['visits'], 'visit')} planned for today.", f"/contractors/visits/?on={today()}")]
    if n["uploads"]:
        said.append(Line(f"{counted(n['uploads'], 'report')} handed in, to be filed.", "/contractors/handed-in/"))
    if n["late"]:
        said.append(Line(f"{counted(n['late'], 'work order')} late with a firm.", "/work-orders/?late=1", True))
    if not n["firms"]:
        said.append(Line("No contractor is entered yet: add the first.", "/contractors/"))
    return said
