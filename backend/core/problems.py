"""The one error of the house: what is wrong, where, and what to do; as problem+json for programs and as a page for people."""

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions as drf
from rest_framework.response import Response

MOST_DRAINED = 32 * 2**20  # bytes
log = logging.getLogger(__name__)
TITLES = {
    400: "That could not be read",
    401: "Please sign in",
    403: "You may see this, but not do that",
    404: "There is nothing here",
    405: "That cannot be done here",
    406: "That form of answer is not given here",
    409: "That has changed meanwhile",
    410: "That link works no more",
    413: "That is too large",
    415: "That kind of content is not accepted",
    423: "That is not shown now",
    429: "Too many tries",
    500: "Something went wrong on our side",
    503: "Siteward is not ready at this moment",
}
WAIT_SECONDS = 5  # what a program is told to wait while the database is away


class Problem(Exception):  # noqa: N818  the word people use for it
    """A refusal that a person can act on.

    `code` is a short stable word for programs, `detail` a sentence for people, `fields` maps an input's name to what is
    wrong with it, `status` the HTTP status (400 unless said).
    """

    def __init__(self, code: str, detail: str, *, status: int = 400, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.status, self.fields = code, detail, status, dict(fields or {})

    def as_dict(self) -> dict[str, Any]:
        """The body of application/problem+json."""
        body: dict[str, Any] = {"code": self.code, "title": TITLES.get(self.status, TITLES[400]), "detail": self.detail}
        return {**body, "fields": self.fields} if self.fields else body


class NotFound(Problem):
    """For what the asker may not know of, as for what does not exist: the two must look the same."""

    def __init__(self, what: str = "That page or record") -> None:
        super().__init__("not_found", f"{what} does not exist, or it belongs to a school you do not work with.", status=404)


class Unavailable(Problem):
    """The database does not answer: being restarted, replaced, or too busy. Nothing was kept, and the same may be sent again."""

    def __init__(self) -> None:
        detail = "The database did not answer, so nothing of this was kept. Please try again in a moment."
        super().__init__("unavailable", detail, status=503)


class Forbidden(Problem):
    """For what a colleague may see and not do."""

    def __init__(self, detail: str) -> None:
        super().__init__("forbidden", detail, status=403)


def from_exception(exc: BaseException) -> Problem | None:
    """The problem that an exception of Django's or DRF's stands for; None when it is a fault of ours."""
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, Http404 | drf.NotFound):
        return NotFound()
    if isinstance(exc, PermissionDenied | drf.PermissionDenied):
        return Forbidden("Your role does not allow this. Ask your site manager or business manager.")
    if isinstance(exc, drf.ValidationError):
        return Problem("invalid", "Some of what was sent needs correcting.", fields=by_place(exc.detail))
    if isinstance(exc, ValidationError):
        wrong = exc.message_dict if hasattr(exc, "error_dict") else exc.messages
        return Problem("invalid", "Some of what was sent needs correcting.", fields=by_place(wrong))
    if isinstance(exc, RequestDataTooBig):
        return Problem("too_large", "That is larger than can be taken in one piece. Send it in smaller pieces.", status=413)
    if isinstance(exc, drf.APIException):
        return Problem(str(exc.get_codes()), str(exc.detail), status=exc.status_code)
    if isinstance(exc, SuspiciousOperation | UnicodeDecodeError):
        return Problem("malformed", "What was sent is damaged or not in the form expected.")
    return away(exc)


def away(exc: BaseException) -> Problem | None:
    """The problem of a database that does not answer: stopped, replaced, or refusing connections."""
    if not isinstance(exc, OperationalError | InterfaceError):
        return None
    log.warning("the database did not answer: %s", exc)
    return Unavailable()


def by_place(wrong: Any, place: str = "") -> dict[str, str]:
    """DRF's or Django's nested errors as place -> one text: "photos.0.size" -> "…". What is about no field is under "body"."""
    if isinstance(wrong, dict):
        inner = [("" if name in {"non_field_errors", "__all__"} else str(name), each) for name, each in wrong.items()]
    elif isinstance(wrong, list | tuple) and any(isinstance(each, dict | list | tuple) for each in wrong):
        inner = [(str(number), each) for number, each in enumerate(wrong) if each]
    else:
        texts = wrong if isinstance(wrong, list | tuple) else [wrong]
        return {place or "body": " ".join(str(each) for each in texts)}
    found: dict[str, str] = {}
    for name, each in inner:
        found |= by_place(each, ".".join(part for part in (place, name) if part))
    return found


def json_answer(problem: Problem) -> HttpResponse:
    """A problem as application/problem+json."""
    wait = {"Retry-After": str(WAIT_SECONDS)} if problem.status == 503 else None
    return JsonResponse(problem.as_dict(), status=problem.status, content_type="application/problem+json", headers=wait)


def answer_for_api(exc: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001  DRF's signature
    """DRF's exception handler: every refusal of the API in the one shape."""
    problem = from_exception(exc)
    if problem is None:
        return None
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    if wait := getattr(exc, "wait", WAIT_SECONDS if problem.status == 503 else None):
        headers["Retry-After"] = str(int(wait) + 1)
    return Response(problem.as_dict(), status=problem.status, content_type="application/problem+json", headers=headers)


def wants_json(request: HttpRequest) -> bool:
    """Whether the asker is a program: under /api/, or preferring JSON."""
    return request.path.startswith("/api/") or request.accepts("text/html") is False


class ProblemMiddleware:
    """Turns a Problem raised anywhere into an answer, so that no view needs a try."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:  # no address of ours has one, and PostgreSQL takes none
            return answer(request, NotFound())
        response = self.get_response(request)
        if response.status_code == 413:
            drain(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return not_that_way(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        """Django calls this when a view raised."""
        problem = from_exception(exc)
        if problem is None:
            log.error("unforeseen fault at %s", request.path, exc_info=exc)
            return None
        return answer(request, problem)


def not_that_way(request: HttpRequest, allowed: str) -> HttpResponse:
    """405 in words: Django's own is a blank page. `allowed` names the methods that the address takes."""
    detail = f"This address does not take {request.method}. It takes {allowed}."
    if request.method in {"GET", "HEAD"}:
        detail = "This address only takes what a form sends. Go to the page that has the form, and press its button."
    said = answer(request, Problem("method_not_allowed", detail, status=405))
    said["Allow"] = allowed
    return said


def drain(request: HttpRequest) -> None:
    """Read what is left of a body that was refused for its size (to a limit), so that the connection stays usable."""
    stream, left = getattr(request, "_stream", None), MOST_DRAINED
    while stream and left > 0 and (piece := stream.read(min(left, 65536))):
        left -= len(piece)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem in the form the asker reads."""
    if wants_json(request):
        return json_answer(problem)
    return render(request, "core/problem.html", {"problem": problem.as_dict(), "status": problem.status}, status=problem.status)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """A form that came without its token: usually a page left open overnight."""
    return answer(
        request, Problem("stale_form", "This page was open too long. Go back, reload it and send it again.", status=403)
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """handler400: an address or a header that no browser of ours would send."""
    return answer(request, Problem("malformed", "What was sent is damaged or not in the form expected."))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """handler404."""
    return answer(request, NotFound())


def server_fault(request: HttpRequest) -> HttpResponse:
    """handler500: says so plainly; what was sent is not saved. Also for what middleware raised before any view was asked."""
    raised = sys.exception()
    if raised and (unavailable := away(raised)):
        return answer(request, unavailable)
    problem = Problem(
        "fault", "Siteward failed to do that, and kept nothing of it. It has been noted. Please try again.", status=500
    )
    return answer(request, problem)
