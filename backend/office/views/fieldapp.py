"""Serving the field app's build at /field/: whole files, right types, and caching that cannot trap an old version."""

import mimetypes
import re
from pathlib import Path

from csp.decorators import csp_update
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.problems import NotFound

HASHED = re.compile(r"^assets/.+-[\w-]{8,}\.\w+$")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
WORKER = "sw.js"


@csp_update({"script-src": ["'wasm-unsafe-eval'"]})  # the label reader is WebAssembly
@require_safe
def field_app(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """A file of the build; the app itself for its own routes (a path without an ending); 404 for a file that is not there."""
    root = Path(settings.FIELDAPP_DIST)
    index = root / "index.html"
    if not index.is_file():
        return render(request, "office/field_not_built.html", status=503)
    if "\x00" in path:
        raise NotFound("That file")
    wanted = (root / path).resolve()
    if path and wanted.is_relative_to(root.resolve()) and wanted.is_file():
        return served(request, wanted, path)
    if "." in path.rsplit("/", 1)[-1]:
        raise NotFound("That file of the checks app")
    return served(request, index, "index.html")


def served(request: HttpRequest, file: Path, name: str) -> HttpResponse | FileResponse:
    """The file with its type and how long it may be kept: for ever when its name holds its hash, else asked for each time."""
    kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    squeezed = file.with_name(file.name + ".br")
    if "br" in request.headers.get("Accept-Encoding", "") and squeezed.is_file():
        answer = FileResponse(squeezed.open("rb"), content_type=kind)
        answer["Content-Encoding"] = "br"
    else:
        answer = FileResponse(file.open("rb"), content_type=kind)
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = "public, max-age=31536000, immutable" if HASHED.match(name) else "no-cache"
    if name == WORKER:
        answer["Service-Worker-Allowed"] = "/field/"
    return answer
