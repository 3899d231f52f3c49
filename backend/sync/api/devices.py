"""Signing in on a phone, out again, and registering its key."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.middleware.csrf import get_token
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.bodies import Body, TextField
from backend.core.api.resources import Address
from backend.core.problems import Forbidden, Problem
from backend.sync.api.asking import SIGNATURE, tie_to_phone
from backend.sync.api.shapes import DeviceShape, MeShape
from backend.sync.models import Device
from backend.sync.pull.me import me
from backend.sync.senders import register_device
from backend.sync.signatures import verifies
from backend.trust.factors import code_is_right, is_set_up
from backend.trust.models import Person
from backend.trust.second_step import count_code
from backend.trust.sessions import note_device
from backend.trust.signin import begin_session, count_try


class CredentialsShape(Body):
    """Who signs in."""

    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    code = TextField(max_length=20, required=False, default="")


class NewDeviceShape(Body):
    """A phone and the public half of its key."""

    id = serializers.RegexField(r"^[A-Za-z0-9_.:-]{8,64}\Z")
    public_key = serializers.CharField(max_length=400)
    label = TextField(max_length=120, required=False, default="")  # type: ignore[assignment]
    app = serializers.RegexField(r"^[\x20-\x7e]{0,40}\Z", required=False, default="", allow_blank=True)


def from_here(request: Request) -> None:
    """Refuse a call that another site's page makes. Raises Forbidden."""
    origin, site = request.headers.get("Origin", ""), request.headers.get("Sec-Fetch-Site", "")
    ours = not origin or urlsplit(origin).netloc == request.get_host() or origin in settings.CSRF_TRUSTED_ORIGINS
    if site not in ("", "same-origin", "none") or not ours:
        raise Forbidden("Sign in from Siteward's own pages.")


def second_step(request: Request, person: Person, code: str) -> bool:
    """Whether the code of the second step is right. Raises Throttled."""
    if not code:
        return False
    count_code(request._request, person)
    return code_is_right(person, code)


class SignIn(Address):
    """Signing in on a phone."""

    authentication_classes = []
    permission_classes = [permissions.AllowAny]

    @extend_schema(operation_id="field_sign_in", request=CredentialsShape, responses=MeShape, auth=[])
    def post(self, request: Request) -> Response:
        """Sign in with e-mail and password: begins a session (30 days) and answers as `me` does.

        X-Device names the phone, once it has a key: 403 `device_revoked` for one that was taken out of use. 401 when e-mail
        and password do not go together; 403 `second_factor` when the account also needs the `code` of its app; 429, with
        Retry-After, after too many tries in a minute.
        """
        from_here(request)
        sent = self.body(CredentialsShape)
        count_try(request._request, sent["email"])
        person = authenticate(request._request, email=sent["email"], password=sent["password"])
        if not isinstance(person, Person):
            raise Problem("wrong_password", "That e-mail and password do not go together.", status=401)
        if is_set_up(person) and not second_step(request, person, sent["code"]):
            detail = (
                "This account asks for a second step. Type the code of your authenticator app, or sign in at /sign-in/ first."
            )
            raise Problem("second_factor", detail, status=403, fields={"code": "Type the code of your app."})
        begin_session(request._request, person)
        if not tie_to_phone(request):
            raise Problem("device_revoked", "This phone was taken out of use. Ask the office about it.", status=403)
        get_token(request._request)
        return Response(me(person, timezone.now()), headers={"Cache-Control": "no-store"})


class SignOut(Address):
    """Signing out on a phone."""

    authentication_classes = []
    permission_classes = [permissions.AllowAny]

    @extend_schema(
        operation_id="field_sign_out", request=None, responses={204: OpenApiResponse(description="Signed out.")}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """End the session. Somebody who is not signed in may do it too: nothing happens."""
        from_here(request)
        logout(request._request)
        return Response(status=204)


class Devices(Address):
    """The phones of the signed-in person."""

    raw: bytes = b""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The body is read before anything else looks at it: a signature is over its bytes."""
        self.raw = request._request.body
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="field_devices_list", responses=DeviceShape(many=True))
    def get(self, request: Request) -> Response:
        """The phones on which the signed-in person has signed in."""
        mine = Device.objects.filter(sign_ins__person=request.user.pk).order_by("registered_at")
        return Response([said(each) for each in mine])

    @extend_schema(
        operation_id="field_devices_register",
        request=NewDeviceShape,
        responses={201: DeviceShape, 200: OpenApiResponse(DeviceShape, description="It was registered before.")},
    )
    def post(self, request: Request) -> Response:
        """Register this phone's public key and note that the signed-in person uses it. Twice changes nothing.

        409 when the id belongs to another key; 403, and the sign-in ends, for a phone that was taken out of use.
        """
        sent = self.body(NewDeviceShape)
        signature = request.headers.get(SIGNATURE)
        assert isinstance(request.user, Person)
        if signature and not verifies(sent["public_key"], signature, self.raw):
            raise Problem("bad_signature", "The signature was not made with this key.")
        try:
            device, new = register_device(
                person=request.user, id=sent["id"], key=sent["public_key"], label=sent["label"], app=sent["app"]
            )
        except Problem as problem:
            if problem.code == "device_revoked":
                logout(request._request)
            raise
        note_device(request._request, device.pk)
        return Response(said(device), status=201 if new else 200)


def said(device: Device) -> dict[str, Any]:
    """A phone as it is told."""
    return {
        "id": device.pk,
        "label": device.label,
        "app": device.app,
        "registered_at": device.registered_at,
        "revoked": device.revoked_at is not None,
    }
