"""`python -m tests.abuse chaos|soak`: the runs by hand, at any size and length. The folder keeps the logs."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from tests.abuse.chaos import Chaos, emptied  # noqa: E402
from tests.abuse.soak import Soak  # noqa: E402


def main() -> None:
    """Run it and print the verdict; exit 1 when anything was lost, doubled or refused, or somebody was told of a fault."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("what", choices=["chaos", "soak"])
    asked.add_argument("--records", type=int, default=1_000_000, help="chaos: how many operations")
    asked.add_argument("--minutes", type=float, default=60, help="soak: how long")
    asked.add_argument("--kills", type=int, default=50)
    asked.add_argument("--plans", type=int, default=2000)
    asked.add_argument("--seed", type=int)
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "siteward-abuse")
    given = asked.parse_args()
    folder = emptied(given.folder)
    if given.what == "chaos":
        verdict = Chaos(folder, seed=given.seed, plans=given.plans).run(records=given.records, kills=given.kills)
    else:
        soak = Soak(folder, seed=given.seed, plans=given.plans)
        verdict = soak.soak(minutes=given.minutes, kills=given.kills)
        print(f"answers by status {soak.answers}; {soak.photos} photos; largest web process {soak.memory} MB")  # noqa: T201
    print(verdict)  # noqa: T201  this is its answer
    sys.exit(0 if verdict.sound() else 1)


if __name__ == "__main__":
    main()
