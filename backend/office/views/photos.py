"""Photos and files of records and problems: a redrawn copy for showing, and the bytes as they were sent."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from backend.core import malware
from backend.core.files import ENDINGS, open_file
from backend.core.models import StoredFile
from backend.core.pictures import PICTURES, shown_copy
from backend.core.problems import NotFound, Problem
from backend.office.views.gate import estate
from backend.sync.queries import may_see_file
from backend.trust.models import Person

KEPT = "private, max-age=31536000, immutable"
ALONE = "default-src 'none'; sandbox"


def held(person: Person, sha256: str) -> StoredFile:
    """The file, when it belongs to something that `person` may see; else NotFound."""
    found = StoredFile.objects.filter(pk=sha256).first()
    if found is None or not may_see_file(person, sha256):
        raise NotFound("That photo")
    return found


@require_safe
@estate
def shown(request: HttpRequest, person: Person, sha256: str, size: str) -> HttpResponseBase:  # noqa: ARG001
    """The copy for showing, "small" or "large". Until it is made or while the file is sealed, a picture that says so."""
    held(person, sha256)
    return copy_of(sha256, size)


def copy_of(sha256: str, size: str) -> HttpResponseBase:
    """The copy of a picture that somebody may see, "small" or "large"; until there is one, a picture that says so."""
    try:
        malware.require_clean(sha256)
        copy = shown_copy(sha256, size)
        sealed = False
    except Problem as refused:
        copy, sealed = None, refused.code == "sealed"
    if copy is None:
        return stand_in(sealed=sealed)
    return guarded(HttpResponse(copy, content_type="image/jpeg"))


def stand_in(*, sealed: bool) -> HttpResponse:
    """A picture that says that there is none yet, or that the file is sealed."""
    answer = HttpResponseRedirect(staticfiles_storage.url("office/sealed.svg" if sealed else "office/photo.svg"))
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@estate
def original(request: HttpRequest, person: Person, sha256: str) -> HttpResponseBase:  # noqa: ARG001
    """The bytes as they were sent. Pictures open in the browser; anything else is a download."""
    found = held(person, sha256)
    picture = found.content_type in PICTURES
    kind = found.content_type if picture else "application/octet-stream"
    name = f"{sha256[:12]}.{ENDINGS.get(found.content_type, 'bin')}"
    return guarded(FileResponse(open_file(sha256), content_type=kind, as_attachment=not picture, filename=name))


def guarded(answer: HttpResponseBase) -> HttpResponseBase:
    """With what keeps a hostile file harmless: its own policy, and no caching by others."""
    answer["Cache-Control"] = KEPT
    answer["Content-Security-Policy"] = ALONE
    return answer
