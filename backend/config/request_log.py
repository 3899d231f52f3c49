"""One log line and one observation for every request: who (an id, never a name), which route (never the query), status,
milliseconds and number of database queries. Bodies are never logged.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponse

from backend.config import metrics
from backend.trust.models import Person

QUIET: Final = frozenset({"healthz", "metrics"})
GIVEN_ID: Final = re.compile(r"^[\w.-]{8,64}$")
log: Any = structlog.get_logger("siteward.requests")


class Queries:
    """Counts what is asked of the database during one request."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.count += 1
        return execute(*args)


def id_of(request: HttpRequest) -> str:
    """The id that the proxy gave this request, when it is one that may be logged; else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if GIVEN_ID.match(given) else uuid.uuid4().hex


def route_of(request: HttpRequest) -> str:
    """The pattern that answered, without its values and without a slash at the end; "none" for an address nobody answers."""
    found = request.resolver_match
    return (found.route.rstrip("/") or "/") if found else "none"


class RequestLog:
    """Outermost middleware: an id for every request, one line when it is answered, and its figures for /metrics."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name, started, asked = id_of(request), time.perf_counter(), Queries()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=name)
        try:
            with connection.execute_wrapper(asked):
                answer = self.get_response(request)
            self.note(request, answer, time.perf_counter() - started, asked.count)
        finally:
            structlog.contextvars.clear_contextvars()
        answer["X-Request-ID"] = name
        return answer

    def note(self, request: HttpRequest, answer: HttpResponse, seconds: float, queries: int) -> None:
        """One line and one observation. Nobody is looked up for it: who is signed in is said only where it is known."""
        route = route_of(request)
        metrics.count_request(route, request.method or "", answer.status_code, seconds)
        level = logging.ERROR if answer.status_code >= 500 else logging.DEBUG if route in QUIET else logging.INFO
        who = getattr(request, "_cached_user", None) or getattr(request, "user", None)
        log.log(
            level,
            "request",
            method=request.method,
            route=route,
            status=answer.status_code,
            ms=round(seconds * 1000, 1),
            queries=queries,
            **({"person": str(who.pk)} if type(who) is Person else {}),
        )
