"""A document as it is sent: whole, compressed, and not at all when the phone has it already."""

import gzip
import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from backend.sync.versions import PROTOCOL


def whole(request: Request, document: dict[str, Any]) -> HttpResponse:
    """The document with a strong ETag (the hash of its bytes); 304 when that is what the phone has."""
    body = body_of(document)
    return sent(request, body, hashlib.sha256(body).hexdigest()[:40])


def known(request: Request, stamp: str, make: Callable[[], dict[str, Any]]) -> HttpResponse:
    """The document that a fingerprint stands for, made only when the phone has another. The fingerprint is its ETag."""
    return sent(request, b"" if etag_of(request, stamp) in held(request) else body_of(make()), stamp)


def body_of(document: dict[str, Any]) -> bytes:
    """A document's bytes."""
    return msgspec.json.encode(document, enc_hook=str)


def zipped(request: Request) -> bool:
    """Whether the phone takes it compressed."""
    return "gzip" in request.headers.get("Accept-Encoding", "")


def etag_of(request: Request, stamp: str) -> str:
    """The strong ETag of what would be sent: compressed bytes are other bytes."""
    return f'"{stamp}{"-gzip" if zipped(request) else ""}"'


def held(request: Request) -> set[str]:
    """The ETags that the phone has."""
    return {each.strip() for each in request.headers.get("If-None-Match", "").split(",")}


def sent(request: Request, body: bytes, stamp: str) -> HttpResponse:
    """The answer: the bytes, or 304 when the phone has them."""
    etag = etag_of(request, stamp)
    if etag in held(request):
        answer = HttpResponse(status=304)
        del answer.headers["Content-Type"]
    else:
        answer = HttpResponse(gzip.compress(body, 5, mtime=0) if zipped(request) else body, content_type="application/json")
        if zipped(request):
            answer.headers["Content-Encoding"] = "gzip"
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Accept-Encoding, Cookie, Authorization"
    answer.headers["X-Siteward-Protocol"] = PROTOCOL
    return answer
