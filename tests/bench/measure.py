"""How one benchmark is measured: it and its limit in turn, so that what else the machine does falls on both alike."""

import contextlib
import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psutil
from django.db import connection

WARM = 8


@dataclass(slots=True)
class Bench:
    """A benchmark: `prepare` makes what `call` takes (not timed); `limit` is the least that could answer the same.

    `n` calls are measured. `extra` adds figures from the row that was measured.
    """

    name: str
    call: Callable[[Any], Any]
    prepare: Callable[[], Any] = lambda: None
    n: int = 150
    limit: Callable[[], Any] | None = None
    limit_what: str = "raw SQL, same answer"
    floor: Callable[[], Any] | None = None
    extra: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    size: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Clock:
    """Wall milliseconds of each call, and the CPU milliseconds of all."""

    wall: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def time(self, call: Callable[[], Any]) -> None:
        """Time one call."""
        cpu, wall = time.process_time(), time.perf_counter()
        call()
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu += (time.process_time() - cpu) * 1000

    @property
    def p50(self) -> float:
        """The middle one."""
        return statistics.median(self.wall)

    @property
    def p95(self) -> float:
        """Nineteen of twenty are no longer."""
        ordered = sorted(self.wall)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]

    @property
    def cpu_each(self) -> float:
        """CPU milliseconds of one call."""
        return self.cpu / len(self.wall)


@contextlib.contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that the block sends."""
    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def database_cpu() -> float:
    """CPU milliseconds so far of the server process behind this connection; 0 when it cannot be seen (another machine)."""
    connection.ensure_connection()
    assert connection.connection
    with contextlib.suppress(psutil.Error):
        spent = psutil.Process(connection.connection.info.backend_pid).cpu_times()
        return float(spent.user + spent.system) * 1000
    return 0.0


def as_a_web_worker() -> None:
    """What is here by now is not looked through by the collector again: so a web worker begins (config.gunicorn_settings)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def measure(bench: Bench) -> dict[str, Any]:
    """One row of the table."""
    ours, limit, floor = Clock(), Clock(), Clock()
    for _ in range(min(WARM, bench.n // 3)):
        bench.call(bench.prepare())
    given = bench.prepare()
    with counted() as sent:
        bench.call(given)
    as_a_web_worker()
    in_database = 0.0
    for _ in range(bench.n):
        given = bench.prepare()
        before = database_cpu()
        ours.time(partial(bench.call, given))
        in_database += database_cpu() - before
        if bench.limit:
            limit.time(bench.limit)
        if bench.floor:
            floor.time(bench.floor)
    row: dict[str, Any] = {
        "name": bench.name,
        "unit": "ms",
        "p50": round(ours.p50, 3),
        "p95": round(ours.p95, 3),
        "n": bench.n,
        "cpu_ms": round(ours.cpu_each, 3),
        "queries": len(sent),
        "rss_mb": None,
        "peer": {},
        "limit": {},
        "size": bench.size,
        "extra": {"database CPU ms": round(in_database / bench.n, 2), "load": round(os.getloadavg()[0], 1)},
    }
    if bench.limit:
        row["limit"] = {"what": bench.limit_what, "p50": round(limit.p50, 3), "p95": round(limit.p95, 3)}
    if bench.floor:
        row["limit"] |= {"floor_p50": round(floor.p50, 3), "floor_cpu_ms": round(floor.cpu_each, 3)}
    if bench.extra:
        row["extra"] |= bench.extra(row)
    return row
