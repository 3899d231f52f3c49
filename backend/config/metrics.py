"""GET /metrics: figures for Prometheus, counted over all web processes of this machine, with the state of the queue.

Guarded: with SITEWARD_METRICS_TOKEN set (or its file), only to who shows it; without, only to a program on this machine that
came past no proxy. Everybody else gets 404. Nothing personal: routes are patterns, never paths.
"""

import hmac
import os
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from backend.core.problems import NotFound

OWN: Final = CollectorRegistry()
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)  # seconds
REQUESTS = Counter("siteward_requests", "Requests answered.", ["route", "method", "status"], registry=OWN)
SECONDS = Histogram("siteward_request_seconds", "Time in the server, by route.", ["route"], buckets=BUCKETS, registry=OWN)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Note one answered request."""
    REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(route).observe(seconds)


class Stored(Collector):
    """What the database knows, read when asked."""

    def collect(self) -> Iterator[Any]:
        """The figures; only `siteward_database_up 0` when the database does not answer."""
        from backend.config.figures import stored_figures

        version = InfoMetricFamily("siteward", "The version that answers.")
        version.add_metric([], {"version": settings.SITEWARD_VERSION})
        yield version
        try:
            found = stored_figures()
        except DatabaseError:
            yield GaugeMetricFamily("siteward_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("siteward_database_up", "Whether the database answers.", value=1)
        for name, figure in found.items():
            family = GaugeMetricFamily(name, figure.says, labels=list(figure.label))
            for label, value in figure.values.items():
                family.add_metric([label] if figure.label else [], value)
            yield family


def allowed(request: HttpRequest) -> bool:
    """Whether the asker may read the figures."""
    token = settings.METRICS_TOKEN
    if token:
        _, _, shown = request.headers.get("Authorization", "").partition(" ")
        return hmac.compare_digest(shown.strip().encode(errors="replace"), token.encode())
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as text, for Prometheus."""
    if not allowed(request):
        raise NotFound
    registry = OWN
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    stored = CollectorRegistry()
    stored.register(Stored())
    answer = HttpResponse(generate_latest(registry) + generate_latest(stored), content_type=CONTENT_TYPE_LATEST)
    answer["Cache-Control"] = "no-store"
    return answer
