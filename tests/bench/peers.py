"""What others were measured at on another machine, on 2026-11-22, as it was given to us. Ranges are of several runs."""

from typing import Any

ELSEWHERE = "measured on another machine: 2 cores, 50,000 objects; memory is MB per web worker"


def peer(**figures: Any) -> dict[str, Any]:
    """A peer's figures by name, marked as measured elsewhere."""
    return {**{name.replace("_", " "): each for name, each in figures.items()}, "where": ELSEWHERE}


PEERS: dict[str, dict[str, Any]] = {
    "list": peer(
        NetBox={"cpu_ms": "201-248", "queries": 14, "p50": "179-207", "rss_mb": 246},
        InvenTree={"cpu_ms": "123-132", "queries": 13, "p50": "129-139", "rss_mb": 257},
    ),
    "scan": peer(
        NetBox={"cpu_ms": "116-146", "queries": 12, "p50": "89-117", "rss_mb": 246},
        InvenTree={"cpu_ms": "33-43", "queries": 20, "p50": "59-68", "rss_mb": 257},
    ),
    "record": peer(
        NetBox={"cpu_ms": "21-31", "queries": 27, "p50": "26-37"},
        InvenTree={"cpu_ms": "19-29", "queries": 12, "p50": "27-42"},
        ODK_Central={"cpu_ms": "3-6", "queries": "9-27", "p50": "7-8"},
    ),
    "compliance": peer(
        NetBox={"cpu_ms": "62-78", "queries": 68, "p50": "93-96", "what": "dashboard"},
        InvenTree={"cpu_ms": "30-49", "queries": 5, "p50": "58-89", "what": "dashboard"},
    ),
    "dashboard": peer(
        NetBox={"cpu_ms": "62-78", "queries": 68, "p50": "93-96"},
        InvenTree={"cpu_ms": "30-49", "queries": 5, "p50": "58-89"},
    ),
    "import": peer(NetBox={"s": 430, "rows": 10_000}, InvenTree={"s": 490, "rows": 10_000}),
}
