"""Pushing."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.problems import Problem
from backend.sync.api.asking import SIGNATURE, SignedAddress, tie_to_phone
from backend.sync.api.shapes import PushAnswerShape, PushShape
from backend.sync.envelope import MOST_BYTES
from backend.sync.push import receive
from backend.sync.versions import PROTOCOL

SIGNED = OpenApiParameter(
    SIGNATURE,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Base64 ECDSA P-256/SHA-256 over the raw body (r and s, or DER). Needed without a session, checked with one.",
)


class Ops(SignedAddress):
    """Operations from a phone."""

    def read(self, request: Request) -> bytes:
        """The body, unless it says that it is too large. Raises Problem (413)."""
        said = request.headers.get("Content-Length") or "0"
        if said.isdigit() and int(said) > MOST_BYTES:
            raise Problem("too_large", "A push may have at most 2 MB. Send it in smaller batches.", status=413)
        return super().read(request)

    @extend_schema(operation_id="field_push", request=PushShape, responses=PushAnswerShape, parameters=[SIGNED])
    def post(self, request: Request) -> Response:
        """Take in operations, each once however often it is sent, and answer for each in order.

        Always 200 for a well-formed envelope: what cannot be applied is held for the office, whole. At most 500 operations
        and 2 MB (413). 401 when there is neither a session nor the signature of a registered phone.
        """
        signature = request.headers.get(SIGNATURE)
        answer = receive(self.raw, person=self.person(request), signature=signature, now=timezone.now())
        tie_to_phone(request)
        return Response(answer, headers={"X-Siteward-Protocol": PROTOCOL, "Cache-Control": "no-store"})
