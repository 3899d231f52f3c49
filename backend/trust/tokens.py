"""How a program shows who it acts for: a bearer token (only its hash is kept), or the browser's session."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from backend.core import audit
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.reading import rows_by_key
from backend.trust import factors, permits
from backend.trust.evidence import TOKENS
from backend.trust.models import Person, Token

LASTS_DAYS: Final = 30
MOST_DAYS: Final = 365
READ: Final = frozenset({permits.ESTATE_VIEW})
WITHIN: Final[dict[str, frozenset[str] | None]] = {
    Token.Scope.FULL: None,
    Token.Scope.READ: READ,
    Token.Scope.RECORD: READ | {permits.CHECK_RECORD, permits.DEFECT_REPORT, permits.DEFECT_WORK},
}


def hashed(token: str) -> str:
    """What is kept of a token. It is 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue(
    person: Person,
    *,
    name: str = "",
    scope: str = Token.Scope.FULL,
    chosen: Collection[str] = (),
    days: int = LASTS_DAYS,
) -> tuple[str, dt.datetime]:
    """Make a token for `person`: its text, shown once, and when it expires (in 1 to 365 days).

    `chosen` are the permits of scope "chosen". A token never reaches further than its person does at the moment of asking.
    Raises Problem naming what cannot be.
    """
    wrong = {}
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = f"Choose 1 to {MOST_DAYS} days."
    if scope not in Token.Scope.values:
        wrong["scope"] = "Choose what it may do."
    if set(chosen) - permits.NAMES.keys() or (scope == Token.Scope.CHOSEN and not chosen):
        wrong["chosen"] = "Choose at least one thing that it may do."
    if wrong:
        raise Problem("invalid", "Some of this needs correcting.", fields=wrong)
    text, expires = secrets.token_urlsafe(32), timezone.now() + dt.timedelta(days=days)
    kept = sorted(chosen) if scope == Token.Scope.CHOSEN else []
    token = Token(person=person, hash=hashed(text), expires_at=expires, name=name[:80], scope=scope, permits=kept)
    token.save(force_insert=True)
    audit.append([TOKENS.fact(token, person.pk, person.name)])
    return text, expires


@transaction.atomic
def revoke(token: Token, *, person: Person) -> None:
    """End a token of one's own: it stops working at once. Raises NotFound for somebody else's."""
    if token.person_id != person.pk:
        raise NotFound("That token")
    told = TOKENS.removal(token, person.pk, person.name)
    token.delete()
    audit.append([told])


def permits_within(token: Token) -> frozenset[str] | None:
    """The permits that a token is limited to; None when it is not."""
    return frozenset(token.permits) if token.scope == Token.Scope.CHOSEN else WITHIN[token.scope]


def asker(request: Request | HttpRequest) -> Person:
    """Who asks, on an address that only the signed-in reach."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`."""

    def authenticate(self, request: Request) -> tuple[Person, Token] | None:
        """The person of the token, limited to its scope; None when there is none.

        Refused when it is unknown or expired, and from the day after its owner's last appointment.
        """
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = next(iter(rows_by_key(Token, [hashed(text.strip())], by="hash", beside=("person",))), None)
        now = today()
        if found is None or found.expires_at <= timezone.now() or not found.person.has_access(now):
            raise AuthenticationFailed("That token is not known or has expired. Sign in again.")
        factors.require(found.person)
        if found.used_on != now:
            Token.objects.filter(pk=found.pk).update(used_on=now)
        found.person.limited_to = permits_within(found)
        return found.person, found

    def authenticate_header(self, request: Request) -> str:
        """So that DRF answers 401 and not 403 to those who are not signed in."""
        return "Bearer"


class SessionSignIn(SessionAuthentication):
    """The browser's session, with its CSRF check."""

    def authenticate(self, request: Request) -> tuple[Person, None] | None:
        """The session's person. Raises Problem (403) while a second step that the role asks for is overdue."""
        found: tuple[Person, None] | None = super().authenticate(request)
        if found:
            factors.require(found[0])
        return found

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
