"""`make bench`: one table on the terminal and var/bench.json. `--only scan`, `--sizes 10000,50000`, `--fresh`.

Each size has a database of its own on the embedded server (never the demo's), filled once by load_demo and kept.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 50_000)


def measured(size: int, only: str, fresh: bool) -> list[dict[str, Any]]:
    """Run the benchmarks of one size in a process of its own, whose database is named after the size."""
    out = ROOT / "var" / f"bench-{size}.json"
    out.unlink(missing_ok=True)
    env = {**os.environ, "SITEWARD_DATABASE": f"siteward_bench_{size}", "SITEWARD_BENCH_BASE": "postgres"}
    command = [sys.executable, "-m", "tests.bench.one_size", "--assets", str(size), "--out", str(out), "--only", only]
    subprocess.run([*command, *(["--fresh"] if fresh else [])], cwd=ROOT, env=env, check=True)
    rows: list[dict[str, Any]] = json.loads(out.read_text())
    out.unlink()
    return rows


def show(rows: list[dict[str, Any]]) -> None:
    """The table for people."""
    table = Table(title="Siteward bench", caption="CPU and queries hold from machine to machine; latencies only as ratios.")
    heads = ("what", "assets", "p50", "p95", "CPU ms", "SQL", "RSS MB", "bare SQL p50", "bar", "peers, CPU ms", "more")
    for head in heads:
        table.add_column(head, justify="left" if head in {"what", "bar", "peers, CPU ms", "more"} else "right")
    for row in rows:
        size, limit, peer, extra = (row.get(key) or {} for key in ("size", "limit", "peer", "extra"))
        table.add_row(
            str(row["name"]),
            f"{size['assets']:,}",
            f"{row['p50']:.1f} {row['unit']}",
            f"{row['p95']:.1f}",
            f"{row['cpu_ms']:.1f}",
            str(row["queries"]),
            f"{row['rss_mb']:.0f}",
            f"{limit['p50']:.2f}" if "p50" in limit else "",
            str(limit.get("bar", "")),
            ", ".join(f"{name} {value}" for name, value in peer.items()),
            ", ".join(f"{name} {value}" for name, value in extra.items()),
        )
    Console(width=200 if not sys.stdout.isatty() else None).print(table)


def main() -> int:
    """Measure every size, show the table, keep the JSON."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default="", help="one of scan, list, record, push, compliance, snapshot")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--fresh", action="store_true", help="fill the bench databases anew")
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for size in (int(each) for each in given.sizes.split(",")):
        rows += measured(size, given.only, given.fresh)
    (ROOT / "var" / "bench.json").write_text(json.dumps(rows, indent=1))
    show(rows)
    if not rows:
        sys.stderr.write(f"There is no benchmark called {given.only!r}.\n")
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())
