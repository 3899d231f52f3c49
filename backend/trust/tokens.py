"""How a program shows who it acts for: a bearer token (only its hash is kept), or the browser's session."""

import datetime as dt
import hashlib
import secrets

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from backend.core.problems import Problem
from backend.trust.models import Person, Token

LASTS = dt.timedelta(days=30)


def hashed(token: str) -> str:
    """What is kept of a token. It is 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(person: Person) -> tuple[str, dt.datetime]:
    """Make a token for `person`: its text, shown once, and when it expires."""
    text, expires = secrets.token_urlsafe(32), timezone.now() + LASTS
    Token.objects.create(person=person, hash=hashed(text), expires_at=expires)
    return text, expires


def asker(request: Request | HttpRequest) -> Person:
    """Who asks, on an address that only the signed-in reach."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`."""

    def authenticate(self, request: Request) -> tuple[Person, Token] | None:
        """The person of the token; None when there is none; refused when it is unknown, expired or its owner has left."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = Token.objects.select_related("person").filter(hash=hashed(text.strip()), expires_at__gt=timezone.now()).first()
        if found is None or not found.person.is_active:
            raise AuthenticationFailed("That token is not known or has expired. Sign in again.")
        return found.person, found

    def authenticate_header(self, request: Request) -> str:
        """So that DRF answers 401 and not 403 to those who are not signed in."""
        return "Bearer"


class SessionSignIn(SessionAuthentication):
    """The browser's session, with its CSRF check."""

    def authenticate_header(self, request: Request | HttpRequest) -> str:
        """So that DRF answers 401 and not 403 to those who are not signed in."""
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        """A write by session must come from our own pages. Raises Problem (403) saying what to do about it."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refused:
            detail = "This did not come with the page's X-CSRFToken. Reload the page and send it again, or use a token."
            raise Problem("stale_form", detail, status=403) from refused
