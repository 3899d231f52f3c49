"""`make bench`: two tables on the terminal and var/bench.json. `--only scan`, `--sizes 10000,50000,500000`, `--fresh`.

Each size has a database of its own on the same server (never the demo's), copied from one pattern and kept for the next run.
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

from tests.bench import decoding, on_phone
from tests.bench.registry import AWAITED, BY_ITSELF, MEASURED
from tests.bench.targets import verdicts, with_growth

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 50_000)
PATTERN = "siteward_speed_pattern"


def one_size(database: str, assets: int, *more: str) -> None:
    """Run one database's part in a process of its own."""
    env = {**os.environ, "SITEWARD_DATABASE": database, "SITEWARD_BENCH_BASE": "postgres", "SITEWARD_LOG": "CRITICAL"}
    command = [sys.executable, "-m", "tests.bench.one_size", "--assets", str(assets), *more]
    subprocess.run(command, cwd=ROOT, env=env, check=True)


def measured(size: int, only: str, fresh: bool) -> list[dict[str, Any]]:
    """Run the benchmarks of one size."""
    sys.stderr.write(f"{size:,} assets\n")
    out = ROOT / "var" / f"bench-{size}.json"
    out.unlink(missing_ok=True)
    renewed = ("--fresh",) if fresh else ()
    one_size(f"siteward_speed_{size}", size, "--like", PATTERN, "--out", str(out), "--only", only, *renewed)
    rows: list[dict[str, Any]] = json.loads(out.read_text())
    out.unlink()
    return rows


HEADS = ("what", "assets", "p50 ms", "p95", "CPU ms", "DB CPU", "SQL", "limit p50", "limit", "peers, CPU ms (elsewhere)", "more")


def show(rows: list[dict[str, Any]], console: Console) -> None:
    """The figures for people."""
    table = Table(title="Siteward bench", caption="CPU and queries hold from machine to machine; times only beside their limits.")
    for head in HEADS:
        table.add_column(head, justify="left" if head in {"what", "limit", HEADS[-2], "more"} else "right")
    for row in rows:
        limit, extra = row["limit"], dict(row["extra"])
        peers = {name: each.get("cpu_ms") for name, each in row["peer"].items() if isinstance(each, dict) and "cpu_ms" in each}
        in_database, _load, growth = extra.pop("database CPU ms", ""), extra.pop("load", ""), extra.pop("growth", None)
        said = [f"{name} {value}" for name, value in extra.items() if not isinstance(value, dict)]
        said += [f"{growth['p50']} × time for {growth['rows']} × rows"] if growth else []
        table.add_row(
            row["name"], f"{row['size']['assets']:,}", f"{row['p50']:.1f}", f"{row['p95']:.1f}", f"{row['cpu_ms']:.1f}",
            str(in_database), str(row["queries"]), f"{limit['p50']:.2f}" if "p50" in limit else "", limit.get("what", ""),
            ", ".join(f"{name} {value}" for name, value in peers.items()), ", ".join(said),
        )  # fmt: skip
    console.print(table)


def show_targets(rows: list[dict[str, Any]], console: Console) -> None:
    """Each target with what was measured, and what is still awaited."""
    table = Table(title="Targets")
    for head in ("what", "assets", "wanted", "measured", ""):
        table.add_column(head, justify="right" if head == "assets" else "left")
    for name, assets, wanted, found, met in verdicts(rows):
        table.add_row(name, f"{assets:,}", wanted, found, "met" if met else "NOT MET")
    console.print(table)
    console.print("Awaited: " + "; ".join(f"{name} ({each.brought_by})" for name, each in AWAITED.items()) + ".")
    worker = next((row["extra"]["worker"] for row in reversed(rows) if "worker" in row["extra"]), None)
    if worker:
        console.print(
            f"A web worker after {worker['requests']} mixed requests: {worker['rss_mb']} MB "
            f"({worker['own_mb']} MB of its own, {worker['at_start_mb']} MB at start). Load average {os.getloadavg()[0]:.1f}."
        )


def main() -> int:
    """Measure every size, show the tables, keep the JSON."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default="", help=f"one of {', '.join((*MEASURED, *BY_ITSELF))}")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="assets, with ten plans each")
    parser.add_argument("--fresh", action="store_true", help="fill the bench databases anew")
    given = parser.parse_args()
    if given.only in BY_ITSELF:
        more = ("--fresh",) if given.fresh else ()
        return subprocess.run([sys.executable, "-m", f"tests.bench.{given.only}", *more], cwd=ROOT, check=False).returncode
    if given.only and given.only not in MEASURED:
        later = f" It awaits {AWAITED[given.only].brought_by}." if given.only in AWAITED else ""
        sys.stderr.write(
            f"There is no benchmark called {given.only!r}.{later} There are: {', '.join((*MEASURED, *BY_ITSELF))}.\n"
        )
        return 1
    one_size(PATTERN, 5000, *(("--fresh",) if given.fresh else ()))
    rows: list[dict[str, Any]] = []
    for size in sorted(int(each) for each in given.sizes.split(",")):
        rows += measured(size, given.only, given.fresh)
    if given.only in ("", "qr"):
        sys.stderr.write("labels on hard frames\n")
        rows += decoding.rows()
    if given.only in ("", "phone"):
        sys.stderr.write("the app in a browser\n")
        rows += on_phone.rows()
    with_growth(rows)
    (ROOT / "var" / "bench.json").write_text(json.dumps(rows, indent=1))
    console = Console(width=230 if not sys.stdout.isatty() else None)
    show(rows, console)
    show_targets(rows, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
