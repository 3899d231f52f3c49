"""How one benchmark is measured: warm up, then call it n times; wall time, CPU of this process, queries, memory."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psutil
from django.db import connection
from django.test.utils import CaptureQueriesContext

# Bars and what peers were measured at on a machine like CI's: ../shared/PERFORMANCE.md of 2026-11-22, CPU ms per request.
BARS: dict[str, tuple[str, dict[str, str]]] = {
    "scan": ("≤ 8 ms CPU, 5 SQL, 8 ms p50", {"InvenTree": "33-43", "NetBox": "116-146"}),
    "list": ("≤ 10 ms CPU, 4 SQL, 15 ms p50", {"InvenTree": "123-132", "NetBox": "201-248"}),
    "record": ("≤ 12 ms p50", {"ODK Central": "3-6", "InvenTree": "19-29", "NetBox": "21-31"}),
    "push": ("≥ 5,000 records/s, two processes", {}),
    "compliance": ("≤ 60 ms p50 at 500k plans", {"InvenTree": "30-49", "NetBox": "62-78"}),
    "snapshot": ("≤ 500 ms", {}),
}


@dataclass(slots=True)
class Bench:
    """A benchmark: what is called, how often, and the bare limit beside it (raw SQL for the same answer)."""

    name: str
    call: Callable[[], Any]
    n: int = 200
    limit: Callable[[], Any] | None = None
    extra: Callable[[float], dict[str, Any]] | None = None
    size: dict[str, int] = field(default_factory=dict)


def times(call: Callable[[], Any], n: int) -> tuple[list[float], float]:
    """Wall milliseconds of each of n calls, sorted; and the CPU milliseconds of one on average."""
    taken = []
    cpu = time.process_time()
    for _ in range(n):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken), (time.process_time() - cpu) * 1000 / n


def measure(bench: Bench) -> dict[str, Any]:
    """One row of the table."""
    for _ in range(min(10, bench.n)):
        bench.call()
    with CaptureQueriesContext(connection) as queries:
        bench.call()
    asked = len(queries)  # now: a later request empties the log
    taken, cpu = times(bench.call, bench.n)
    bar, peer = BARS.get(bench.name.split()[0], ("", {}))
    limit: dict[str, Any] = {"bar": bar}
    if bench.limit:
        bench.limit()
        limit |= {"p50": statistics.median(times(bench.limit, bench.n)[0]), "what": "bare SQL"}
    p50 = statistics.median(taken)
    return {
        "name": bench.name,
        "unit": "ms",
        "p50": round(p50, 3),
        "p95": round(taken[min(len(taken) - 1, int(len(taken) * 0.95))], 3),
        "n": bench.n,
        "cpu_ms": round(cpu, 3),
        "queries": asked,
        "rss_mb": round(psutil.Process().memory_info().rss / 1e6, 1),
        "peer": peer,
        "limit": limit,
        "size": bench.size,
        "extra": bench.extra(p50) if bench.extra else {},
    }
