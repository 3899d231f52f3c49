"""Photos and files: arriving in pieces, and shown to those who may see what names them."""

from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core import files, malware
from backend.core.api.bodies import Body
from backend.core.api.resources import Address
from backend.core.models import StoredFile
from backend.core.pictures import PICTURES, SIZES, shown_copy
from backend.core.problems import NotFound, Problem
from backend.sync.api.asking import SignedAddress
from backend.sync.api.shapes import ArrivedShape, HaveAnswerShape
from backend.sync.queries import may_see_file
from backend.sync.senders import Sender, Signature
from backend.trust.models import Person

MOST_NAMES = 500


def owner_of(sender: Sender) -> str:
    """Whose upload it is: the phone's when it signed (so that it goes on when the session ends), else the person's."""
    if sender.signature == Signature.GOOD and sender.device and not sender.device.revoked_at:
        return files.device_owner(sender.device.pk)
    if sender.person:
        return files.person_owner(sender.person.pk)
    raise Problem("device_revoked", "This phone was taken out of use. Sign in to send photos.", status=401)


class HaveShape(Body):
    """Which files are asked about."""

    sha256 = serializers.ListField(child=serializers.RegexField(r"^[0-9a-f]{64}\Z"), max_length=MOST_NAMES)


class Have(SignedAddress):
    """What is here of some files."""

    @extend_schema(operation_id="field_files_have", request=HaveShape, responses=HaveAnswerShape)
    def post(self, request: Request) -> Response:
        """How many bytes of each file are here: 0 for none, its whole size when it is complete. At most 500 at once."""
        owner = owner_of(self.sender(request))
        return Response({"offsets": files.offsets(owner, self.body(HaveShape)["sha256"])})


class AnyContent(BaseRenderer):
    """So that whatever a browser prefers to see, it may ask."""

    media_type = "*/*"
    format = "bytes"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """Refusals, as JSON."""
        return JSONRenderer().render(data)


def header(name: str, words: str) -> OpenApiParameter:
    """A header that must be there."""
    return OpenApiParameter(name, OpenApiTypes.INT, OpenApiParameter.HEADER, required=True, description=words)


class Arriving(SignedAddress):
    """A file on its way."""

    def read(self, request: Request) -> bytes:
        """The piece. Raises Problem (413)."""
        content: bytes = request._request.read(files.LARGEST + 1)
        if len(content) > files.LARGEST:
            raise Problem("too_large", f"A file may have at most {files.LARGEST // 2**20} MB.", status=413)
        return content

    @extend_schema(
        operation_id="field_files_put",
        request={each: OpenApiTypes.BINARY for each in sorted(files.CONTENT_TYPES)},
        responses={
            200: ArrivedShape,
            409: OpenApiResponse(ArrivedShape, description="The piece does not follow: go on from offset."),
        },
        parameters=[
            header("Upload-Offset", "Where in the file this piece begins, in bytes."),
            header("Upload-Length", "The size of the whole file, in bytes; at most 12 MB."),
        ],
    )
    def put(self, request: Request, sha256: str) -> Response:
        """Send the next piece of a file (256 kB or so), named by the SHA-256 of the whole.

        The last piece answers only after the whole was verified: bytes and content. 409 tells the true offset.
        """
        arrived = files.receive(
            owner=owner_of(self.sender(request)),
            sha256=sha256,
            offset=number(request, "Upload-Offset"),
            length=number(request, "Upload-Length"),
            content_type=(request.content_type or "").partition(";")[0].strip().lower(),
            piece=self.raw,
        )
        said = {"offset": arrived.offset, "length": arrived.length, "complete": arrived.complete}
        return Response(said, headers={"Upload-Offset": str(arrived.offset)})


def number(request: Request, name: str) -> int:
    """A header that is a whole number. Raises Problem (400) when it is not there or none."""
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Problem("malformed", f"The header {name} must be a whole number of bytes.", fields={name: "Give a whole number."})
    return int(text)


class File(Address):
    """A file that has arrived."""

    known = ("size",)
    renderer_classes = [JSONRenderer, AnyContent]

    @extend_schema(
        operation_id="files_retrieve",
        responses={(200, each): OpenApiTypes.BINARY for each in sorted(files.CONTENT_TYPES)},
        parameters=[
            OpenApiParameter("size", enum=list(SIZES), description="A picture made for showing, if it is ready; else as it came.")
        ],
    )
    def get(self, request: Request, sha256: str) -> HttpResponseBase:
        """A photo or document, for those who may see a record, a problem or an attempt that names it."""
        files.checked_name(sha256)
        size = request.query_params.get("size", "")
        if size and size not in SIZES:
            raise Problem("invalid", "There is no such size.", fields={"size": f"One of: {', '.join(SIZES)}."})
        assert isinstance(request.user, Person)
        stored = StoredFile.objects.filter(pk=sha256).first()
        if stored is None or not may_see_file(request.user, sha256):
            raise NotFound("That file")
        return sent_safely(request, stored, size)


def sent_safely(request: Request, stored: StoredFile, size: str) -> HttpResponseBase:
    """The bytes, under headers that keep a browser from taking them for a page, whatever they hold.

    Raises Problem (423) while the malware scanner has not looked, and for ever when it found something.
    """
    malware.require_clean(stored.pk)
    shown = shown_copy(stored.pk, size) if size else None
    etag = f'"{stored.pk}{"-" + size if shown else ""}"'
    content_type = "image/jpeg" if shown else stored.content_type
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponseBase = HttpResponse(status=304)
    else:
        answer = HttpResponse(shown) if shown else FileResponse(files.open_file(stored.pk))
        answer.headers["Content-Type"] = content_type
    way = "inline" if content_type in PICTURES else "attachment"
    answer.headers["Content-Disposition"] = f'{way}; filename="{stored.pk[:16]}.{files.ENDINGS[content_type]}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.headers["ETag"] = etag
    return answer
