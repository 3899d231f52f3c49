"""A document as it is sent: whole, compressed, and not at all when the phone has it already."""

import gzip
import hashlib
import json
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from backend.sync.versions import PROTOCOL


def whole(request: Request, document: dict[str, Any]) -> HttpResponse:
    """The document with a strong ETag (the hash of its bytes); 304 when that is what the phone has."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{hashlib.sha256(body).hexdigest()[:40]}{"-gzip" if zipped else ""}"'
    known = {each.strip() for each in request.headers.get("If-None-Match", "").split(",")}
    if etag in known:
        answer = HttpResponse(status=304)
        del answer.headers["Content-Type"]
    else:
        answer = HttpResponse(gzip.compress(body, 5, mtime=0) if zipped else body, content_type="application/json")
        if zipped:
            answer.headers["Content-Encoding"] = "gzip"
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Accept-Encoding, Cookie, Authorization"
    answer.headers["X-Siteward-Protocol"] = PROTOCOL
    return answer
