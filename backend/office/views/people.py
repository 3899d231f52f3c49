"""People: the list, and each one's page."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.core.problems import NotFound
from backend.hr.actions import note_viewing
from backend.hr.actions.viewing import MOST
from backend.office.forms.people import AppointForm, PeopleFilters
from backend.office.views.gate import manages_people
from backend.office.views.lists import export, list_answer
from backend.sync.queries import phones_of
from backend.trust import permits
from backend.trust.actions.invitations import open_invitation
from backend.trust.actions.people import may_manage
from backend.trust.models import Appointment, Person
from backend.trust.queries import appointments_managed, people_managed
from backend.trust.scope import reach

HEAD = ("Name", "E-mail", "Role", "Where", "First day", "Last day", "State", "Second step", "Last signed in")


def with_appointments(filters: PeopleFilters) -> PeopleFilters:
    """The filters, whose rows come with their appointments, the latest first."""
    held = appointments_managed(filters.person).select_related("school", "site").order_by("-starts_on")
    rows = filters.rows
    filters.rows = lambda: rows().prefetch_related(Prefetch("appointments", queryset=held))  # type: ignore[method-assign]
    return filters


def state_of(person: Person, held: Sequence[Appointment], *, invited: bool) -> str:
    """Whether somebody is here, in one word or two, by those of their appointments that the asker looks after."""
    now = today()
    if not person.is_active:
        return "left"
    if invited:
        return "invited"
    if any(each.starts_on <= now and not each.over(now) for each in held):
        return "here"
    return "begins later" if any(each.starts_on > now for each in held) else "left"


@never_cache
@require_safe
@manages_people
def people_list(request: HttpRequest, person: Person) -> HttpResponse:
    """The people whose accounts one looks after."""
    filters = with_appointments(PeopleFilters(request.GET, person=person))
    return list_answer(request, "office/people.html", filters, today=today())


@require_safe
@manages_people
def people_csv(request: HttpRequest, person: Person) -> StreamingHttpResponse:
    """The same list as CSV, a line for each person with the latest appointment."""

    def line(each: Person) -> Sequence[Any]:
        roles = list(each.appointments.all())
        held = roles[0] if roles else None
        last = each.last_login
        about: tuple[Any, ...] = ("", "", None, None)
        if held:
            about = (held.get_role_display(), held.site or held.school or "the whole trust", held.starts_on, held.ends_on)
        return (
            each.name,
            each.email,
            *about,
            state_of(each, roles, invited=getattr(each, "invited", False)),
            each.has_second_factor,
            last,
        )

    filters = with_appointments(PeopleFilters(request.GET, person=person))
    if not filters.wrong:
        note_viewing(viewer=person, page="list of people, as a file", people=list(filters.rows()[: MOST + 1]))
    return export(filters, "people", HEAD, line)


def found(person: Person, id: uuid.UUID) -> Person:
    """Somebody whose account `person` looks after, or NotFound."""
    other = people_managed(person).filter(pk=id).first()
    if other is None:
        raise NotFound("That person")
    return other


@never_cache
@require_safe
@manages_people
def person_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One person: roles, invitation, sign-ins, phones. That it was looked at is kept."""
    other = found(person, id)
    note_viewing(viewer=person, page="person", people=[other])
    return page(request, person, other, AppointForm(actor=person))


def page(request: HttpRequest, person: Person, other: Person, form: AppointForm) -> HttpResponse:
    """The page of one person, with what was typed when it could not be taken."""
    now = today()
    theirs = appointments_managed(person).filter(person=other).select_related("school", "site__school")
    held, invitation = list(theirs.order_by("-starts_on")), open_invitation(other)
    running = [each for each in held if not each.over(now)]
    own = other.pk == person.pk
    said = {
        "other": other,
        "own": own,
        "state": state_of(other, held, invited=invitation is not None),
        "running": [{"held": each, "may_end": not own and may_manage(person, each)} for each in running],
        "ended": [each for each in held if each not in running],
        "invitation": invitation,
        "now": timezone.now(),
        "sessions": other.sessions.filter(expire_date__gt=timezone.now()).count(),
        "tokens": other.tokens.filter(expires_at__gt=timezone.now()).count(),
        "phones": phones_of(other),
        "may_phones": reach(person, permits.PEOPLE_MANAGE).everywhere,
        "form": form,
        "today": now,
    }
    return render(request, "office/person.html", said, status=422 if form.errors else 200)
