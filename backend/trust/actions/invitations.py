"""Inviting somebody: a person, an appointment, and a link by e-mail with which they choose a password."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Problem
from backend.trust import letters
from backend.trust.actions.accounts import change_name, keep_password, sound_password
from backend.trust.actions.acting import Actor, checked, fact
from backend.trust.actions.people import appoint, end_now, require_people_there
from backend.trust.actions.reaching import require_whole_account
from backend.trust.models import Invitation, Person, School, Site, Trust
from backend.trust.tokens import hashed

LASTS: Final = dt.timedelta(days=14)
OVER: Final = "This invitation has been used, was withdrawn, or is too old. Ask whoever invited you for a new one."


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """A role from a day to a day (both included), at a school, a site, or (with neither) the whole trust."""

    role: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    school: School | None = None
    site: Site | None = None


@transaction.atomic
def invite(*, email: str, name: str, new: NewAppointment, actor: Actor) -> tuple[Invitation, str]:
    """Add somebody with a first appointment, and invite them: the invitation and its secret, which goes into a letter.

    Raises Problem: 409 when somebody with this e-mail is here already, and all that `appoint` raises.
    """
    require_people_there(actor, new.school or (new.site.school if new.site else None), "invite people")
    email = email.strip().lower()
    person = Person.objects.filter(email__iexact=email).first()
    if person and person.is_active:
        detail = "Somebody with this e-mail address has an account already: give them the role on their page, under People."
        raise Problem("already_here", detail, status=409, fields={"email": detail})
    if person is None:
        person = Person(email=email, name=name.strip())
    person.is_active, person.name = True, name.strip() or person.name
    person.set_unusable_password()
    checked(person).save()
    audit.append([fact("person", person, actor)])
    appointment = appoint(
        person=person, role=new.role, school=new.school, site=new.site,
        starts_on=new.starts_on, ends_on=new.ends_on, actor=actor,
    )  # fmt: skip
    text = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation = Invitation(person=person, appointment=appointment, hash=hashed(text), sent_at=now, expires_at=now + LASTS)
    invitation.invited_by_name = actor.name
    invitation.save()
    note("invitation", invitation, actor)
    return invitation, text


def note(kind: str, invitation: Invitation, actor: Actor) -> None:
    """Enter what happened to an invitation into the audit chain."""
    audit.append([fact(kind, invitation, actor)])


def post(invitation: Invitation, text: str, address: str) -> bool:
    """Send the invitation's letter; False when it could not be sent (then it can be sent again)."""
    held = invitation.appointment
    trust = Trust.objects.first()
    return letters.send(
        invitation.person.email,
        "invitation",
        invited_by=invitation.invited_by_name,
        trust=trust.name if trust else "your trust",
        role=held.get_role_display(),
        place=held.site or held.school or "the whole trust",
        starts_on=held.starts_on,
        expires=invitation.expires_at,
        link=f"{address}/invitation/{text}/",
    )


def open_invitation(person: Person) -> Invitation | None:
    """The person's invitation that is neither accepted nor withdrawn (it may be too old)."""
    rows = person.invitations.select_related("appointment__school", "appointment__site", "person")
    return rows.filter(accepted_at=None, withdrawn_at=None).first()


def one_open(person: Person, actor: Actor, doing: str) -> Invitation:
    """The open invitation, locked, if `actor` may act on it. Raises Problem (409) when there is none."""
    require_whole_account(actor, person, doing)
    found = open_invitation(person)
    if found is None:
        raise Problem("no_invitation", "There is no open invitation: it was accepted or withdrawn.", status=409)
    Invitation.objects.select_for_update(of=("self",)).get(pk=found.pk)
    return found


@transaction.atomic
def send_again(*, person: Person, actor: Actor) -> tuple[Invitation, str]:
    """Make a fresh link for an invitation, good for 14 days; the one before stops working. Raises Problem."""
    found, text = one_open(person, actor, "invite people"), secrets.token_urlsafe(32)
    found.hash, found.sent_at = hashed(text), timezone.now()
    found.expires_at, found.times_sent = found.sent_at + LASTS, found.times_sent + 1
    found.save()
    note("invitation", found, actor)
    return found, text


@transaction.atomic
def withdraw(*, person: Person, actor: Actor) -> Invitation:
    """Take an invitation back: its link stops working, the appointment ends, the account is closed. Raises Problem."""
    found = one_open(person, actor, "withdraw invitations of people")
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    held = found.appointment
    end_now(held)
    held.save(update_fields=["ends_on", "ended_at"])
    Person.objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    audit.append([fact("appointment", held, actor), fact("person", person, actor)])
    note("invitation-withdrawn", found, actor)
    return found


def named_by(text: str) -> Invitation:
    """The open invitation of a link. Raises Problem (410) when it was used, withdrawn, or is too old."""
    rows = Invitation.objects.select_related("person", "appointment__school", "appointment__site")
    found = rows.filter(hash=hashed(text), accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()).first()
    if found is None or not found.person.is_active:
        raise Problem("link_over", OVER, status=410)
    return found


@transaction.atomic
def accept(*, text: str, name: str, password: str) -> Person:
    """Accept an invitation: set one's name and password. The link works no more. Raises Problem."""
    Invitation.objects.select_for_update().filter(hash=hashed(text)).first()
    found = named_by(text)
    person = found.person
    sound_password(password, person)
    change_name(person=person, name=name)
    keep_password(person, password, person)
    found.accepted_at = timezone.now()
    found.save(update_fields=["accepted_at"])
    note("invitation-accepted", found, person)
    return person
