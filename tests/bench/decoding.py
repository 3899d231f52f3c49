"""Labels read off hard frames: the app's own reader beside each library alone, on frames known and frames held out.

The frames, the treatments and the readers are the field app's (fieldapp/bench, fieldapp/src/frames.ts), run in Node.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FRAMES_EACH = 20
SECONDS = 600
OURS = "Siteward"


def rows(each: int = FRAMES_EACH) -> list[dict[str, Any]]:
    """A row for the frames that the treatments were chosen on and one for those held out: `each` frames of each class."""
    node = ROOT / ".venv" / "bin" / "node"
    command = [str(node), "fieldapp/bench/run.ts", str(each)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=SECONDS)
    return [row(each_set) for each_set in json.loads(done.stdout)]


def row(found: dict[str, Any]) -> dict[str, Any]:
    """One set as a row: milliseconds a frame, and in `extra` the rates in per cent."""
    readers = found["readers"]
    ours = readers[OURS]
    alone = {name: each["read"] for name, each in readers.items() if name != OURS}
    best = max(alone, key=lambda name: alone[name])
    extra = {
        "frames": found["frames"],
        "read %": ours["read"],
        "best alone %": alone[best],
        "best alone": best,
        "wrong": ours["wrong"],
    }
    return {
        "name": f"qr frames {found['set']}",
        "unit": "ms",
        "p50": ours["p50"],
        "p95": ours["p95"],
        "n": found["frames"],
        "cpu_ms": ours["p50"],
        "queries": 0,
        "rss_mb": 0,
        "peer": {},
        "limit": {"what": f"{best} alone", "p50": readers[best]["p50"], "p95": readers[best]["p95"]},
        "size": {"assets": 0, "plans": 1},
        "extra": {**extra, "classes": found["classes"], "readers": readers, "load": round(os.getloadavg()[0], 1)},
    }
