"""Runs the benches of one database: each in turn, then the memory of a real web worker after mixed requests."""

import gc
import os
import sys
from typing import Any

from django.conf import settings
from django.db import connection

from tests.bench import push_http
from tests.bench.estate import size
from tests.bench.measure import measure
from tests.bench.peers import PEERS
from tests.bench.registry import MEASURED, benches
from tests.bench.worker import free_port, memory_of_a_worker

WRITE_LAST = ("record", "push")  # what is read is measured before anything is written


def rows_of(only: str) -> list[dict[str, Any]]:
    """The rows of this database: of every bench, or of one."""
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.DEBUG = False
    here = size()
    names = [name for name in MEASURED if only in ("", name)]
    rows: list[dict[str, Any]] = []
    connection.ensure_connection()
    for name in sorted(names, key=lambda each: each in WRITE_LAST):
        for bench in benches(name)(here):
            gc.collect()
            row = measure(bench)
            row["peer"] = PEERS.get(name, {})
            sys.stderr.write(f"  {row['name']}: {row['p50']:.1f} ms, CPU {row['cpu_ms']:.1f}, {row['queries']} SQL\n")
            rows.append(row)
    if only in ("", "push"):
        rows.append(over_http(here, next(row["queries"] for row in rows if row["name"] == "push 500")))
    worker = memory_of_a_worker()
    for row in rows:
        row["rss_mb"] = worker["rss_mb"]
        if row["name"] == "scan":
            row["extra"] |= {"worker": worker}
    return rows


def over_http(here: dict[str, int], asked: int) -> dict[str, Any]:
    """Pushes of 500 from four phones at once to two web processes, over sockets; `asked` are the statements of one."""
    found = push_http.measure(port=free_port())
    extra = {name: value for name, value in found.items() if name not in {"p50", "p95", "count", "records/s"}}
    return {
        "name": "push over HTTP",
        "unit": "ms",
        "p50": found["p50"],
        "p95": found["p95"],
        "n": found["records"] // found["count"],
        "cpu_ms": round(found["web CPU ms a record"] * found["count"], 1),
        "queries": asked,
        "rss_mb": None,
        "peer": PEERS.get("push", {}),
        "limit": {},
        "size": here,
        "extra": {"records/s, two processes": found["records/s"], **extra, "load": round(os.getloadavg()[0], 1)},
    }
