"""Who asks at the phone's addresses: a token, a session, or a registered phone by its signature alone."""

from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from rest_framework import permissions
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from backend.core.api.resources import Address
from backend.core.problems import Problem
from backend.sync.models import Device
from backend.sync.senders import DEVICE_ID, Sender, identify
from backend.trust.models import Person
from backend.trust.sessions import DEVICE, note_device
from backend.trust.tokens import SessionSignIn, TokenAuthentication

SIGNATURE = "X-Device-Signature"


def tie_to_phone(request: Request) -> bool:
    """Tie the browser's session to the phone that X-Device names, once, so that it ends when the phone is taken out of use.

    False, and the session is over, when the phone is out of use already. A claim without proof does nobody any harm: who
    names another's phone only lets their own session end with it.
    """
    session, device_id = request._request.session, request.headers.get("X-Device", "")
    if not session.get(SESSION_KEY) or not DEVICE_ID.fullmatch(device_id) or session.get(DEVICE) == device_id:
        return True
    found = Device.objects.filter(pk=device_id).only("revoked_at").first()
    if found and found.revoked_at:
        logout(request._request)
        return False
    if found:
        note_device(request._request, device_id)
    return True


class SignatureExcuses(BaseAuthentication):
    """Token or session as everywhere; where they have run out, a signature is reason enough to go on without."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The person of the token or session; None when there is neither, or neither is sound but a signature is there."""
        for way in (TokenAuthentication(), SessionSignIn()):
            try:
                found = way.authenticate(request)
            except (AuthenticationFailed, PermissionDenied, Problem):
                if request.headers.get(SIGNATURE):
                    return None
                raise
            if found:
                return found
        return None

    def authenticate_header(self, request: Request) -> str:
        """So that DRF answers 401 and not 403 to those who are not signed in."""
        return "Bearer"


class SignedAddress(Address):
    """An address that takes a phone's signature over the raw body in place of a session."""

    authentication_classes = [SignatureExcuses]
    permission_classes = [permissions.AllowAny]
    raw: bytes = b""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The body is read before anything else looks at it: the signature is over its bytes."""
        self.raw = self.read(request)
        super().initial(request, *args, **kwargs)

    def read(self, request: Request) -> bytes:
        """All bytes of the body. Raises RequestDataTooBig (413)."""
        return request._request.body

    def person(self, request: Request) -> Person | None:
        """The person of the session or token."""
        return request.user if isinstance(request.user, Person) else None

    def sender(self, request: Request) -> Sender:
        """Who sends a body that does not say so itself: X-Device names the phone. Raises Problem (401)."""
        device = request.headers.get("X-Device", "")
        return identify(self.person(request), device, request.headers.get(SIGNATURE), self.raw)
