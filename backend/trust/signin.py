"""Signing in: by e-mail and password here, by the provider in `single`; and whether somebody may still come in at all."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest, HttpResponse

from backend.core.days import today
from backend.trust import passwords, tries
from backend.trust.models import Person
from backend.trust.sessions import SLID, note_beginning

TRIES_OF_AN_ADDRESS: Final = 60  # a minute: a whole school signs in through one address at eight o'clock
TRIES_OF_AN_ACCOUNT: Final = 60 if settings.DEMO else 10


class EmailBackend(BaseBackend):
    """Finds a person by e-mail and checks the password; an unknown e-mail takes as long as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None, **_ignored: Any
    ) -> Person | None:
        """The person, or None: also for somebody who has left, whose every appointment is over or not yet begun."""
        if not email or not password or "\x00" in email:
            return None
        person = Person.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            Person().set_password(password)
            return None
        right = passwords.is_right(person, password)  # asked first, so that somebody who has left takes as long
        return person if right and person.has_access(today()) else None

    def get_user(self, user_id: Any) -> Person | None:
        """The session's person, as long as some appointment of theirs is in force: judged anew at every request."""
        person = Person.objects.filter(pk=user_id, is_active=True).first()
        return person if person and person.has_access(today()) else None


def begin_session(request: HttpRequest, person: Person) -> None:
    """Sign the person in on this browser: the last step of every way in."""
    login(request, person, backend="backend.trust.signin.EmailBackend")
    note_beginning(request)


def count_try(request: HttpRequest, email: str) -> None:
    """Count a try to sign in, from this address and for this e-mail, before the password is looked at.

    Raises Throttled, with the seconds to wait, when there were too many in this minute.
    """
    most = {f"address:{address_of(request)}": TRIES_OF_AN_ADDRESS, f"account:{account_of(email)}": TRIES_OF_AN_ACCOUNT}
    tries.count(most, doing="to sign in")


def account_of(email: str) -> str:
    """An e-mail as it is counted: not readable."""
    return hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()


def address_of(request: HttpRequest) -> str:
    """The asker's network address; behind our proxy, the one that the proxy saw."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
    seen = forwarded if settings.SECURE_PROXY_SSL_HEADER and forwarded else request.META.get("REMOTE_ADDR", "")
    return hashlib.sha256(str(seen).encode(errors="replace")).hexdigest()[:32]


class SlidingSession:
    """Middleware: a session in use lasts another 30 days, written once a day and not at every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        session = request.session
        if session.accessed and "_auth_user_id" in session and session.get(SLID) != today().isoformat():
            session[SLID] = today().isoformat()
        return answer
