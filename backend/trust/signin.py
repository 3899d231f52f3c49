"""Signing in by e-mail and password. (Second factors and single sign-on come with the access issue.)"""

import hashlib
import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import Throttled

from backend.core.days import today
from backend.trust.models import Person

MINUTE: Final = 60
TRIES_OF_AN_ADDRESS: Final = 60  # a minute: a whole school signs in through one address at eight o'clock
TRIES_OF_AN_ACCOUNT: Final = 60 if settings.DEMO else 10
SLID: Final = "slid_on"


class EmailBackend(BaseBackend):
    """Finds a person by e-mail and checks the password; an unknown e-mail takes as long as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None, **_ignored: Any
    ) -> Person | None:
        """The person, or None."""
        if not email or not password or "\x00" in email:
            return None
        person = Person.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            Person().set_password(password)
            return None
        right = person.check_password(password)  # asked first, so that somebody who has left takes as long
        return person if right and person.is_active else None

    def get_user(self, user_id: Any) -> Person | None:
        """The session's person, unless they have left."""
        return Person.objects.filter(pk=user_id, is_active=True).first()


def count_try(request: HttpRequest, email: str) -> None:
    """Count a try to sign in, from this address and for this e-mail, before the password is looked at.

    Raises Throttled, with the seconds to wait, when there were too many in this minute. Counted in Django's cache.
    """
    now = time.time()
    minute = int(now // MINUTE)
    account = hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()
    for name, most in ((f"address:{address_of(request)}", TRIES_OF_AN_ADDRESS), (f"account:{account}", TRIES_OF_AN_ACCOUNT)):
        key = f"signin:{name}:{minute}"
        cache.add(key, 0, timeout=2 * MINUTE)
        if cache.incr(key) > most:
            wait = MINUTE - now % MINUTE
            raise Throttled(wait=wait, detail=f"Too many tries to sign in. Wait {int(wait) + 1} seconds and try again.")


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
