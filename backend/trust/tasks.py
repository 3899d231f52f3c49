"""Background work of this app. Each may run twice and acts once (a letter at worst comes twice)."""

import datetime as dt
import secrets
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.trust import letters, tries
from backend.trust.actions.acting import System
from backend.trust.evidence import TOKENS
from backend.trust.models import Appointment, Import, Invitation, Person, Token

TRIALS_KEPT = dt.timedelta(days=30)


def forget_expired_now() -> int:
    """Delete sessions, API tokens and counts of tries that are over; answers how many tokens went. Nothing refers to them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    tries.forget_old()
    forget_trials()
    with transaction.atomic():
        expired = Token.objects.select_for_update().filter(expires_at__lt=timezone.now())
        told = [TOKENS.removal(each, None, "Expiry") for each in expired]
        expired.delete()
        audit.append(told)
    return len(told)


def forget_trials() -> int:
    """Drop imports that were tried a month ago and never applied, with their files; answers how many."""
    from backend.trust.imports.running import drop

    old = list(Import.objects.filter(applied_at=None, made_at__lt=timezone.now() - TRIALS_KEPT))
    for row in old:
        drop(row, actor=System("Expiry"))
    return len(old)


def send_reset(person_id: str, address: str) -> bool:
    """Send the letter with which somebody sets a new password. The link is made here, so no queue ever holds it."""
    from backend.trust.actions.accounts import reset_link

    person = Person.objects.filter(pk=person_id, is_active=True).first()
    return person is not None and letters.send(person.email, "reset", person=person, link=address + reset_link(person))


def send_notice(person_id: str, template: str) -> bool:
    """Tell somebody of a change to their own account."""
    person = Person.objects.filter(pk=person_id).first()
    return person is not None and letters.send(person.email, template, person=person, address=letters.address())


def send_to_administrators(template: str, about: str, actor_id: str) -> int:
    """Tell the other administrators what somebody did; answers how many were told."""
    actor = Person.objects.get(pk=actor_id)
    appointment = Appointment.objects.select_related("person", "school", "site").filter(pk=about).first()
    person = appointment.person if appointment else Person.objects.filter(pk=about).first()
    said: dict[str, Any] = {"actor": actor, "appointment": appointment, "about": person, "address": letters.address()}
    return sum(letters.send(each.email, template, person=each, **said) for each in letters.administrators(actor.pk))


def send_invitation(invitation_id: str) -> bool:
    """Send the letter of an invitation that an import made. Its link is drawn here, so no queue ever holds it."""
    from backend.trust.actions.invitations import post
    from backend.trust.tokens import hashed

    rows = Invitation.objects.select_related("person", "appointment__school", "appointment__site")
    found = rows.filter(pk=invitation_id, accepted_at=None, withdrawn_at=None).first()
    if found is None or not settings.MAIL_IS_SET_UP:
        return False
    text = secrets.token_urlsafe(32)
    found.hash = hashed(text)
    found.save(update_fields=["hash"])
    return post(found, text, letters.address())
