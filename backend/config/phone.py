"""The pages by which a phone comes to trust this computer, for trying the field app (see phone_certificate.py)."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.problems import NotFound

FOLDER = settings.VAR / "phone"
AUTHORITY = FOLDER / "siteward-demo-authority.crt"


@require_safe
def trust_page(request: HttpRequest) -> HttpResponse:
    """How a phone comes to trust this computer, in plain steps; only while the demo serves phones."""
    if not (settings.DEMO and AUTHORITY.exists()):
        raise NotFound("That page")
    host = request.get_host().rsplit(":", 1)[0]
    return render(request, "config/phone.html", {"secure": f"https://{host}:{settings.PHONE_PORT}/field/"})


@require_safe
def authority_file(_request: HttpRequest) -> FileResponse:
    """The authority's certificate, for a phone to install. It is public; its key was never kept."""
    if not (settings.DEMO and AUTHORITY.exists()):
        raise NotFound("That file")
    return FileResponse(AUTHORITY.open("rb"), content_type="application/x-x509-ca-cert", filename=AUTHORITY.name)
