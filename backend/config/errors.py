"""Error reports to a Sentry-compatible server, when SITEWARD_SENTRY_DSN says where. Not imported otherwise.

A report says what failed and where in the code. It never carries bodies, headers, cookies, queries, local variables or names:
the person is an id, and every text is scrubbed.
"""

from typing import Any

import structlog

from backend.config import scrubbing

KEPT_OF_A_REQUEST = frozenset({"method"})


def scrubbed(event: Any, _hint: Any = None) -> Any:
    """A report without anything personal or secret."""
    request = event.get("request")
    if isinstance(request, dict):
        event["request"] = {key: value for key, value in request.items() if key in KEPT_OF_A_REQUEST}
    event["user"] = {"id": str(event["user"]["id"])} if (event.get("user") or {}).get("id") else {}
    for kept in ("extra", "contexts", "tags"):
        if kept in event:
            event[kept] = scrubbing.cleaned(event[kept])
    if request_id := structlog.contextvars.get_contextvars().get("request"):
        event["tags"] = {**(event.get("tags") or {}), "request": request_id}
    event.pop("breadcrumbs", None)
    event.pop("server_name", None)
    for each in (event.get("exception") or {}).get("values") or []:
        each["value"] = scrubbing.clean(str(each.get("value") or ""))
    if isinstance(event.get("logentry"), dict):
        event["logentry"] = {key: scrubbing.cleaned(value) for key, value in event["logentry"].items() if key != "params"}
    if isinstance(event.get("message"), str):
        event["message"] = scrubbing.clean(event["message"])
    return event


def start(dsn: str, *, version: str) -> None:
    """Report faults to `dsn` from now on. Nothing is sent but faults: no traces, no sessions, no profiles."""
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger

    ignore_logger("siteward.requests")  # the request's line; the fault itself has its own, with the traceback

    sentry_sdk.init(
        dsn=dsn,
        release=f"siteward@{version}",
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        default_integrations=False,
        integrations=[LoggingIntegration(level=None)],  # every fault is logged as an error, of web and jobs alike
        before_send=scrubbed,
    )
