"""What is done about people and their access: inviting, appointing, ending, signing out."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.exceptions import Throttled

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound, Problem
from backend.office.forms.people import AppointForm, InviteForm
from backend.office.views.forms_said import put_on
from backend.office.views.gate import manages_people
from backend.office.views.people import found, page
from backend.sync.queries import phones_of
from backend.sync.senders import revoke_device
from backend.trust import tries
from backend.trust.actions.accounts import end_sessions
from backend.trust.actions.factors import reset_factors
from backend.trust.actions.invitations import invite, post, send_again, withdraw
from backend.trust.actions.people import appoint, end_appointment
from backend.trust.letters import address
from backend.trust.models import Invitation, Person

NOT_SENT = "The letter could not be sent: no mail is set up, or the mail server refused. Send it again from this page later."
INVITATIONS_AN_HOUR = 200


def to(other: Person) -> HttpResponseRedirect:
    """Back to somebody's page."""
    return HttpResponseRedirect(f"/people/{other.pk}/")


def say_posted(request: HttpRequest, invitation: Invitation, text: str) -> None:
    """Send the letter and say how that went."""
    if post(invitation, text, address(request)):
        messages.success(request, f"Invited. The letter went to {invitation.person.email}; its link works for 14 days.")
    else:
        messages.warning(request, NOT_SENT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@manages_people
def invite_page(request: HttpRequest, person: Person) -> HttpResponse:
    """Invite somebody: who they are, their role, where, from when to when."""
    form = InviteForm(request.POST or None, actor=person)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            tries.count({f"invite:{person.pk}": INVITATIONS_AN_HOUR}, doing="to invite people", seconds=tries.HOUR)
            invitation, text = invite(email=said["email"], name=said["name"], new=form.new(person), actor=person)
        except Throttled as refused:
            form.add_error(None, str(refused.detail))
        except Problem as problem:
            put_on(form, problem)
        else:
            say_posted(request, invitation, text)
            return to(invitation.person)
    return render(request, "office/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@manages_people
def appoint_person(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Give somebody a further role."""
    other = found(person, id)
    form = AppointForm(request.POST, actor=person)
    if form.is_valid():
        new = form.new(person)
        try:
            appoint(
                person=other, role=new.role, school=new.school, site=new.site,
                starts_on=new.starts_on, ends_on=new.ends_on, actor=person,
            )  # fmt: skip
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, "Appointed.")
            return to(other)
    return page(request, person, other, form)


@require_POST
@manages_people
def end_role(request: HttpRequest, person: Person, id: uuid.UUID, appointment: uuid.UUID) -> HttpResponse:
    """End an appointment: at once, or with the last day that was given."""
    other = found(person, id)
    held = other.appointments.select_related("school", "site__school", "person").filter(pk=appointment).first()
    if held is None:
        raise NotFound("That role")
    if request.POST.get("when") == "now":
        end_appointment(appointment=held, actor=person)
        messages.success(request, "Ended. They have no access by this role any more.")
        return to(other)
    form = AppointForm({"ends_on": request.POST.get("on") or today()}, actor=person)
    form.fields = {"ends_on": form.fields["ends_on"]}
    try:
        if not form.is_valid():
            raise Problem("dates", "Write the last day as a date.")
        end_appointment(appointment=held, on=form.cleaned_data["ends_on"] or today(), actor=person)
    except Problem as problem:
        if problem.code != "dates":
            raise
        messages.warning(request, problem.detail)
        return to(other)
    messages.success(request, "Ended. Access by this role is over when its last day is.")
    return to(other)


@require_POST
@manages_people
def invite_again(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Send the invitation's letter again, with a fresh link."""
    tries.count({f"invite:{person.pk}": INVITATIONS_AN_HOUR}, doing="to invite people", seconds=tries.HOUR)
    other = found(person, id)
    say_posted(request, *send_again(person=other, actor=person))
    return to(other)


@require_POST
@manages_people
def withdraw_invitation(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Take the invitation back."""
    other = found(person, id)
    withdraw(person=other, actor=person)
    messages.success(request, "Withdrawn: the link works no more and the account is closed.")
    return to(other)


@require_POST
@manages_people
def sign_out_person(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Sign somebody out everywhere, programs included."""
    other = found(person, id)
    besides = request.session.session_key if other.pk == person.pk else None
    ended = end_sessions(person=other, actor=person, besides=besides)
    messages.success(request, f"Signed out everywhere ({ended} sign-ins).")
    return to(other)


@require_POST
@manages_people
def remove_second_step(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Remove a colleague's second step, whose phone is lost."""
    other = found(person, id)
    reset_factors(person=other, actor=person)
    messages.success(request, "Removed. They sign in with their password and set up a new second step.")
    return to(other)


@require_POST
@manages_people
def end_phone(request: HttpRequest, person: Person, id: uuid.UUID, phone: str) -> HttpResponse:
    """Take somebody's phone out of use."""
    other = found(person, id)
    device = phones_of(other).filter(pk=phone).first()
    if device is None:
        raise NotFound("That phone")
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:300]
    try:
        revoke_device(device=device, person=person, reason=reason or f"Taken out of use by {person.name}.")
    except NotFound:  # they see it on the page: who looks after one school's people is told no, not that there is none
        detail = "Your role does not let you take other people's phones out of use. Ask the trust's administrator."
        raise Forbidden(detail) from None
    messages.success(request, "The phone is out of use. What it still sends is kept for the office to look at.")
    return to(other)
