"""`make bench BENCH=national`: trusts of 12, 60 and 250 schools, and 22,000 schools with five million plans in one database.

Each size has a database of its own, kept for the next run: schools with the demo's register, 220 assets and 228 plans each,
made by the actions; beyond 60 they are copies of fifty. At every size the whole is asked how it stands by school and discipline,
and one trust of twelve schools, whose CFO is appointed at those twelve and at no other, is asked for its pages: others' size
must not be felt there.
"""

import argparse
import gc
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

ROOT: Final = Path(__file__).resolve().parents[2]
SIZES: Final = (12, 60, 250, 22_000)
MADE: Final = 60
"""Up to so many schools are made by the actions; more are copies of a pattern."""
PATTERN: Final = 50
WHOLE: Final = 250
"""The largest trust: up to this size the whole is one trust, and its pages are measured too."""
ASSETS, PLANS, RECORDS = 220, 228, 200
"""Of a school; the records are of the last 60 days."""
TRUST: Final = 12
CFO: Final = "cfo@twelve.demo"
LEAD: Final = "estates@trust.demo"
ROUNDS: Final = 5
WANTED_MS: Final = 2000
ASKED: Final = "status by school and discipline"
PAGES: Final = {"compliance": "/compliance/", "home": "/", "risk": "/risk/", "exposures": "/risk/exposures/"}


def make(schools: int) -> None:
    """Fill the database: by the actions up to the pattern's size, as copies of it beyond."""
    from django.core.management import call_command
    from django.db import connection

    from backend.checks.actions import make_plans, publish_library, record_checks
    from backend.checks.models import Plan
    from backend.core.days import today
    from backend.trust.models import Person, School
    from tests.bench import copies
    from tests.bench.estate import SEED, batched, further_plans, history, say

    call_command("migrate", verbosity=0)
    publish_library(actor="bench")
    started, there = time.monotonic(), School.objects.count()
    if not there:
        some = schools if schools <= MADE else PATTERN
        call_command("load_demo", schools=some, assets=some * ASSETS, no_history=True, stdout=sys.stderr)
        lead = Person.objects.get(email=LEAD)
        throw = random.Random(SEED)
        for news in batched(further_plans(some * PLANS - Plan.objects.count(), throw)):
            make_plans(news, person=lead, today=today())
        for part in batched(history(lead, some * RECORDS, throw)):
            record_checks(part)
        there = some
        say(f"{some:,} schools", started)
    if there < schools:
        copies.copy_estate(schools // PATTERN - 1)
        say(f"copied to {School.objects.count():,} schools", started)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say("vacuumed", started)


def cfo_of_twelve() -> str:
    """The e-mail of who is CFO at twelve schools and sees no other: one trust among many."""
    from backend.core.days import today
    from backend.trust.models import Appointment, Person, School

    person, made = Person.objects.get_or_create(email=CFO, defaults={"name": "CFO of twelve"})
    if made:
        for school in School.objects.order_by("urn")[:TRUST]:
            Appointment.objects.create(person=person, school=school, role="cfo", starts_on=today())
    return CFO


def timed(call: Callable[[], Any]) -> dict[str, float]:
    """The middle of some calls in wall and CPU milliseconds of this process, after one that is not counted; its statements."""
    from tests.bench.measure import counted

    with counted() as sent:
        call()
    walls, cpu = [], time.process_time()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        walls.append((time.perf_counter() - began) * 1000)
    used = (time.process_time() - cpu) * 1000 / ROUNDS
    return {"ms": round(statistics.median(walls), 1), "cpu": round(used, 1), "sql": len(sent)}


def measure() -> dict[str, Any]:
    """What was measured of the database that is there."""
    from django.db import connection

    from backend.checks.models import Plan
    from backend.checks.queries.compliance import compliance
    from backend.core.days import today
    from backend.trust.models import Person, School
    from tests.bench import limits
    from tests.bench.web import Asker

    gc.freeze()
    gc.set_threshold(10_000, 10, 10)  # as a web worker has it (gunicorn_settings.py)
    lead, day = Person.objects.get(email=LEAD), today()
    schools = School.objects.count()
    found: dict[str, Any] = {"schools": schools, "plans": Plan.objects.count(), "rows": {}}
    rows = found["rows"]

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(limits.COMPLIANCE, {"day": day})
            cursor.fetchall()

    rows["bare SQL, by site and discipline"] = timed(raw)
    rows[ASKED] = timed(lambda: compliance(lead, today=day))
    found["cells"] = len(compliance(lead, today=day))
    by_token = Asker.by_token(LEAD)
    rows["API, the whole as JSON"] = timed(lambda: by_token.get("/api/v1/compliance?by=school,discipline"))
    if schools <= WHOLE:
        whole = Asker.by_session(LEAD)
        for name, address in PAGES.items():
            rows[f"whole: {name}"] = timed(lambda address=address: whole.get(address))  # type: ignore[misc]
    one = Asker.by_session(cfo_of_twelve())
    for name, address in PAGES.items():
        rows[f"one trust of 12: {name}"] = timed(lambda address=address: one.get(address))  # type: ignore[misc]
    return found


def run_one(schools: int, *, fresh: bool) -> dict[str, Any]:
    """Fill and measure one size in a process of its own."""
    env = {
        **os.environ, "SITEWARD_DATABASE": f"siteward_nation_{schools}", "SITEWARD_BENCH_BASE": "postgres",
        "SITEWARD_LOG": "CRITICAL", "SITEWARD_DEMO": "true",
    }  # fmt: skip
    out = ROOT / "var" / f"national-{schools}.json"
    command = [sys.executable, "-m", "tests.bench.national", "--one", str(schools), "--out", str(out)]
    subprocess.run([*command, *(["--fresh"] if fresh else [])], cwd=ROOT, env=env, check=True)
    found: dict[str, Any] = json.loads(out.read_text())
    out.unlink()
    return found


def cell_of(row: dict[str, float] | None) -> str:
    """What was measured, for people; nothing where it was not."""
    return f"{row['ms']:,.0f} ({row['cpu']:,.0f}, {row['sql']})" if row else ""


def show(found: list[dict[str, Any]], console: Console) -> None:
    """One row for what was asked, one column for a size; what each size is to the one before."""
    table = Table(title="National bench: wall ms (CPU ms of the web process, statements)")
    table.add_column("what")
    for each in found:
        table.add_column(f"{each['schools']:,} schools\n{each['plans']:,} plans", justify="right")
    for name in dict.fromkeys(name for each in found for name in each["rows"]):
        cells = [
            f"{row['ms']:,.0f} ({row['cpu']:,.0f}, {row['sql']})" if (row := each["rows"].get(name)) else "" for each in found
        ]
        table.add_row(name, *cells)
    console.print(table)
    for small, large in itertools.pairwise(found):
        times = large["rows"][ASKED]["ms"] / small["rows"][ASKED]["ms"]
        console.print(f"{large['plans'] / small['plans']:.1f} times the plans: {times:.1f} times the time")
    last = found[-1]
    asked = last["rows"][ASKED]["ms"]
    verdict = "met" if asked < WANTED_MS else "NOT MET"
    console.print(f"{last['schools']:,} schools by school and discipline: {asked:,.0f} ms, wanted under {WANTED_MS:,}: {verdict}")


def main() -> None:
    """Every size, or one of them in this process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--one", type=int)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args()
    if given.one is None:
        found = [run_one(int(each), fresh=given.fresh) for each in given.sizes.split(",")]
        (ROOT / "var" / "bench-national.json").write_text(json.dumps(found, indent=1))
        show(found, Console(width=150))
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    from tests.bench.one_size import ensure_database

    ensure_database(os.environ["SITEWARD_DATABASE"], fresh=given.fresh)
    import django

    django.setup()
    make(given.one)
    given.out.write_text(json.dumps(measure()))


if __name__ == "__main__":
    main()
