"""What somebody changes about their own account: name, password, e-mail address; and the end of sessions."""

import datetime as dt
import uuid
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.trust import letters
from backend.trust.actions.acting import Actor, fact, gone
from backend.trust.actions.reaching import require_whole_account
from backend.trust.models import Invitation, Person, Session, Token
from backend.trust.passwords import is_right
from backend.trust.sessions import keys_named

NEW_EMAIL: Final = "siteward new e-mail"
NEW_EMAIL_LASTS: Final = dt.timedelta(days=1)


def sound_password(password: str, person: Person, field: str = "password") -> str:
    """The password, if it may be used: 12 characters or more, not a common one, not the person's name. Raises Problem."""
    try:
        validate_password(password, user=person)
    except ValidationError as wrong:
        raise Problem("password", "Choose another password.", fields={field: " ".join(wrong.messages)}) from wrong
    return password


def keep_password(person: Person, password: str, actor: Actor) -> None:
    """Keep a new password; every other session of the person ends by it, as each is bound to the password's hash."""
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.append([fact("password", person, actor)])


@transaction.atomic
def change_password(*, person: Person, old: str, new: str) -> None:
    """Change one's own password. Raises Problem when the old one is wrong or the new one may not be used."""
    if person.has_usable_password() and not is_right(person, old):
        raise Problem("password", "That is not your password now.", fields={"old": "That is not your password now."})
    keep_password(person, sound_password(new, person, "new"), person)
    letters.tell(person, "password_changed")


def reset_link(person: Person) -> str:
    """The path of a link that lets somebody set a new password, once, for an hour."""
    return f"/sign-in/reset/{person.pk.hex}-{default_token_generator.make_token(person)}/"


def who_resets(link: str) -> Person:
    """Whose link it is. Raises Problem when it was used, is too old, or is none."""
    gone = Problem("link_over", "This link has been used or is too old. Ask for a new one.", status=410)
    pk, _, token = link.partition("-")
    try:
        person = Person.objects.filter(pk=uuid.UUID(hex=pk), is_active=True).first()
    except ValueError:
        raise gone from None
    if person is None or not person.has_access(today()) or not default_token_generator.check_token(person, token):
        raise gone
    return person


@transaction.atomic
def reset_password(*, link: str, new: str) -> Person:
    """Set a new password by the link of a letter; every session ends. Raises Problem."""
    person = Person.objects.select_for_update().get(pk=who_resets(link).pk)
    who_resets(link)
    keep_password(person, sound_password(new, person, "new"), person)
    Session.objects.filter(person=person).delete()
    for invitation in Invitation.objects.select_for_update().filter(person=person, accepted_at=None, withdrawn_at=None):
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        audit.append([fact("invitation-accepted", invitation, person)])
    letters.tell(person, "password_changed")
    return person


@transaction.atomic
def change_name(*, person: Person, name: str) -> Person:
    """Change one's own name. Records keep the name as it was when they were made. Raises Problem."""
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 200:
        raise Problem("name_missing", "Write your name.", fields={"name": "Write your name, at most 200 letters."})
    person.name = name
    person.save(update_fields=["name"])
    audit.append([fact("person-renamed", person, person)])
    return person


def new_email_link(person: Person, email: str) -> str:
    """The path of a link that moves the account to another address, for a day, as long as the address has not changed."""
    said = [str(person.pk), person.email, email.strip().lower()]
    return f"/account/email/{signing.dumps(said, salt=NEW_EMAIL, compress=True)}/"


@transaction.atomic
def confirm_email(*, person: Person, link: str) -> Person:
    """Move one's account to the address to which the link was sent. Raises Problem: 410 used or too old, 409 taken."""
    try:
        pk, old, new = signing.loads(link, salt=NEW_EMAIL, max_age=NEW_EMAIL_LASTS)
    except (signing.BadSignature, ValueError):
        raise Problem("link_over", "This link has been used or is too old. Ask for a new one.", status=410) from None
    if pk != str(person.pk) or old != person.email:
        raise Problem("link_over", "This link belongs to another account, or has been used.", status=410)
    if Person.objects.filter(email__iexact=new).exists():
        raise Problem("email_taken", "Somebody else signs in with this address.", status=409)
    person.email = new
    person.save(update_fields=["email"])
    audit.append([fact("email", person, person)])
    transaction.on_commit(lambda: letters.send(old, "email_changed", person=person, address=letters.address()))
    return person


@transaction.atomic
def end_session(*, person: Person, public: str) -> None:
    """End one of one's own sessions, by its public name. Raises NotFound."""
    keys = keys_named(person, public)
    if not keys:
        raise NotFound("That sign-in")
    Session.objects.filter(pk__in=keys).delete()
    audit.append([fact("session-ended", person, person)])


@transaction.atomic
def end_sessions(*, person: Person, actor: Actor, besides: str | None = None) -> int:
    """Sign somebody out everywhere: oneself (but for the session `besides`), or, for who manages people, somebody else.

    Somebody else's API tokens end too. Answers how many sessions ended. Raises Forbidden or NotFound.
    """
    facts = []
    if not isinstance(actor, Person) or actor.pk != person.pk:
        require_whole_account(actor, person, "sign people out")
        tokens = Token.objects.select_for_update().filter(person=person)
        facts += [gone(each, actor) for each in tokens]
        tokens.delete()
    ended, _ = Session.objects.filter(person=person).exclude(pk=besides or "").delete()
    audit.append([*facts, fact("sessions-ended", person, actor)])
    return ended


def may_reset(person: Person | None) -> bool:
    """Whether a letter goes out to somebody who asks for a new password. (What is said on the page is the same for all.)"""
    return person is not None and person.has_access(today()) and settings.MAIL_IS_SET_UP
