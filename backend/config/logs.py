"""Structured logs: one JSON line per event in production, readable lines in the demo. What goes out is scrubbed."""

from collections.abc import MutableMapping
from typing import Any

import structlog

from backend.config import scrubbing


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog's last step before writing: nothing personal or secret goes out. `logger` and `level` stay as they are."""
    for key, value in event.items():
        if key.lower() in scrubbing.NEVER:
            event[key] = "[removed]"
        elif isinstance(value, str) and key not in {"level", "timestamp", "request", "route"}:
            event[key] = scrubbing.clean(value)
        elif isinstance(value, dict | list | tuple):
            event[key] = scrubbing.cleaned(value)
    return event


def settings_for_logs(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING, and structlog set up to go the same way. `level` is a word such as "INFO"."""
    first: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    readable = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    last = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        scrub,
        structlog.processors.JSONRenderer() if as_json else readable,
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": structlog.stdlib.ProcessorFormatter, "foreign_pre_chain": first, "processors": last}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"level": level, "propagate": True, "handlers": []},
            "django.request": {"level": "CRITICAL"},  # a request's one line is ours; its fault is logged where it is caught
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners: the request's line says 400, without a traceback
            "django.server": {"handlers": [], "propagate": True},
            "django_q": {"handlers": [], "propagate": True},
        },
    }
