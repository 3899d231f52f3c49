"""The API's document as it is served: the file in the repository, which `make lint` and a test hold to what the code says.

The web process never makes it: what makes it would be 4 MB of every worker, and a second of somebody's request.
"""

import json
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

FILE = settings.ROOT / "openapi.yaml"


@lru_cache(maxsize=1)
def as_json() -> str:
    """The document as JSON."""
    import yaml

    return json.dumps(yaml.load(FILE.read_bytes(), Loader=yaml.CSafeLoader), ensure_ascii=False)


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, as YAML, or as JSON with `?format=json` or where that is what the caller accepts.

    For anybody: it says what can be asked, and nothing of what is known.
    """
    wants = request.GET.get("format") or ("json" if "json" in request.headers.get("Accept", "") else "yaml")
    if wants == "json":
        return HttpResponse(as_json(), content_type="application/vnd.oai.openapi+json")
    return HttpResponse(FILE.read_bytes(), content_type="application/vnd.oai.openapi; charset=utf-8")
