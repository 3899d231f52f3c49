"""Home: each role's question answered first, then what to do, then the evidence."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.checks.queries.compliance import compliance
from backend.core.days import today
from backend.office.notices import homes
from backend.office.queries import standing
from backend.office.queries.board import make_board
from backend.office.views.gate import signed_in
from backend.trust import permits
from backend.trust.models import Person, School
from backend.trust.permits import ROLES
from backend.trust.scope import reach


@require_safe
@signed_in
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """The first page after signing in."""
    now = today()
    roles = {each.role for each in person.appointments_on(now)}
    found = reach(person, permits.ESTATE_VIEW)
    if found.nowhere():
        return render(request, "office/home_staff.html", staff(person, now))
    if {role for role in roles if permits.ESTATE_VIEW in ROLES[role].permits} == {"caretaker"}:
        return render(request, "office/home_caretaker.html", caretaker(person, now))
    shown = office(person, now, whole_trust=found.everywhere) | {"lines": homes.lines(person, roles, now)}
    return render(request, "office/home_office.html", shown)


def places(person: Person) -> str:
    """The schools that somebody works with, as one phrase: "Oakfield", "Oakfield and Riverside", "12 schools"."""
    names = list(School.objects.visible_to(person).values_list("name", flat=True))
    if len(names) > 3:
        return f"{len(names)} schools"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "no school"


def caretaker(person: Person, now: dt.date) -> dict[str, Any]:
    """What do I do next?"""
    owed = sorted(standing.owed_now(person, now), key=standing.for_outside)  # their own work first, then by urgency
    upcoming = None if owed else standing.next_owed(person, now)
    late = [plan for plan in owed if plan.status(now) in {"overdue", "due"}]
    return {
        "answer": standing.first_to_do(owed, places(person), upcoming),
        "late": late,
        "soon": [plan for plan in owed if plan not in late],
        "unsafe": standing.unsafe_now(person),
    }


def office(person: Person, now: dt.date, *, whole_trust: bool) -> dict[str, Any]:
    """What needs me today; can I prove that this school is safe; what could hurt somebody?"""
    cells = compliance(person, today=now)
    stands = standing.standing(person, cells, "The trust" if whole_trust else places(person), now)
    board = make_board(cells, by="school")
    return {
        "answer": stands.sentence(now),
        "also": " ".join(filter(None, (stands.also, standing.unplanned(person, cells)))),
        "standing": stands,
        "schools": board.rows,
    }


def in_a_sentence(role: str) -> str:
    """A role's name inside a sentence: "member of staff", "HR officer"."""
    return role if role[:2].isupper() else role[0].lower() + role[1:]


def staff(person: Person, now: dt.date) -> dict[str, Any]:
    """What somebody without the estate may do, role by role."""
    roles = [in_a_sentence(each.get_role_display()) for each in person.appointments_on(now)]
    may_report = not reach(person, permits.DEFECT_REPORT).nowhere()
    return {"roles": roles, "may_report": may_report}
