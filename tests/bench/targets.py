"""What the issue asks of the figures, each held against what was measured: met, not met, or not measured in this run."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

Row = dict[str, Any]
Verdict = tuple[str, bool]  # what was measured, and whether it meets the target


@dataclass(frozen=True, slots=True)
class Target:
    """A target: the bench's rows it is about (by the beginning of their name), and how one row is judged."""

    about: str
    wanted: str
    judge: Callable[[Row], Verdict]
    sizes: tuple[int, ...] = ()  # assets; every size unless said


def scan_in_server(row: Row) -> Verdict:
    """p50 within 1.5 times the bare query and the framework's floor together."""
    most = 1.5 * (row["limit"]["p50"] + row["limit"]["floor_p50"])
    return f"{row['p50']:.1f} ms of {most:.1f}", row["p50"] <= most


def below(field: str, most: float, unit: str = "ms") -> Callable[[Row], Verdict]:
    """A figure that may not exceed `most`."""
    return lambda row: (f"{row[field]:.1f} {unit}", row[field] <= most)


def queries(most: int) -> Callable[[Row], Verdict]:
    """A number of statements that may not exceed `most`."""
    return lambda row: (f"{row['queries']}", row["queries"] <= most)


def linear(row: Row) -> Verdict:
    """The time grows no more than the rows do (a tenth more is noise)."""
    growth = row["extra"].get("growth")
    if not growth:
        return "one size", True
    return f"{growth['p50']:.1f} × for {growth['rows']:.0f} × the rows", growth["p50"] <= 1.1 * growth["rows"]


def flat(row: Row) -> Verdict:
    """The CPU of the web process does not grow with the estate (a third more is noise)."""
    growth = row["extra"].get("growth")
    if not growth:
        return "one size", True
    return f"CPU {growth['cpu_ms']:.2f} × for {growth['rows']:.0f} × the rows", growth["cpu_ms"] <= 1.33


def rate(row: Row) -> Verdict:
    """Records a second over HTTP by two processes."""
    found = row["extra"].get("records/s, two processes")
    return (f"{found:,}", found >= 5000) if found else ("not measured", False)


def reads_best(row: Row) -> Verdict:
    """As many frames read as by the best single decoder, and none read wrong."""
    found = row["extra"]
    said = f"{found['read %']} % of {found['best alone %']} % ({found['best alone']}), {found['wrong']} wrong"
    return said, found["read %"] >= found["best alone %"] and not found["wrong"]


TARGETS: Final = (
    Target("scan", "p50 ≤ 1.5 × (bare query + floor)", scan_in_server),
    Target("scan", "CPU < 8 ms", below("cpu_ms", 8)),
    Target("scan", "does not grow", flat),
    Target("list", "CPU < 10 ms", below("cpu_ms", 10)),
    Target("list", "p50 ≤ 15 ms", below("p50", 15), sizes=(50_000,)),
    Target("list", "≤ 4 queries", queries(4)),
    Target("record", "p50 ≤ 12 ms", below("p50", 12)),
    Target("push 100", "p50 ≤ 40 ms", below("p50", 40)),
    Target("push over HTTP", "≥ 5,000 records/s", rate),
    Target("compliance", "p50 ≤ 60 ms at 500,000 plans", below("p50", 60), sizes=(50_000,)),
    Target("compliance", "no worse than linear", linear),
    Target("dashboard", "≤ 12 queries", queries(12)),
    Target("search", "p50 < 50 ms at 500,000 assets", below("p50", 50), sizes=(500_000,)),
    Target("qr frames", "≥ the best decoder alone, 0 wrong", reads_best),
    Target("evidence pack", "≤ 20 s for one site and a year", below("p50", 20_000)),
    Target("position", "p95 < 100 ms at 400,000 journal lines", below("p95", 100)),
    Target("scan", "web worker < 120 MB", below("rss_mb", 120, "MB")),
)


def verdicts(rows: Iterable[Row]) -> list[tuple[str, int, str, str, bool]]:
    """(bench, assets, wanted, measured, met) of every target that something was measured for."""
    return [
        (row["name"], row["size"]["assets"], target.wanted, *target.judge(row))
        for target in TARGETS
        for row in rows
        if concerns(target, row)
    ]


def concerns(target: Target, row: Row) -> bool:
    """Whether a row is what a target is about. "dashboard" is about every home page; "compliance" about the whole trust's."""
    exact = target.about in {"compliance", "list", "scan"}
    about = row["name"] == target.about if exact else row["name"].startswith(target.about)
    nearest = not target.sizes or any(abs(row["size"]["assets"] - each) < each / 10 for each in target.sizes)
    return about and nearest and row["name"] != "dashboard board"


def with_growth(rows: list[Row]) -> None:
    """Put beside each row how it grew from the next smaller size: times, CPU and rows, each as a ratio."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(row["name"], []).append(row)
    for same in by_name.values():
        same.sort(key=lambda row: row["size"]["plans"])
        for less, more in itertools.pairwise(same):
            more["extra"]["growth"] = {
                "from": less["size"]["assets"],
                "rows": round(more["size"]["plans"] / less["size"]["plans"], 2),
                "p50": round(more["p50"] / less["p50"], 2),
                "cpu_ms": round(more["cpu_ms"] / max(less["cpu_ms"], 0.01), 2),
            }
