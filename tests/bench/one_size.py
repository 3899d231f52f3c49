"""The benchmarks at one size, in a process of its own: fills the database when it is empty, measures, writes JSON."""

import argparse
import json
import os
import sys
from pathlib import Path


def ensure_database(fresh: bool) -> None:
    """Make the database this process is to use, beside the demo's on the same server, before Django connects to it."""
    import psycopg
    from psycopg import sql

    wanted = os.environ["SITEWARD_DATABASE"]
    from backend.config.settings import DATABASES

    base = {"user": DATABASES["default"]["USER"], "dbname": os.environ["SITEWARD_BENCH_BASE"]}
    where = {"host": DATABASES["default"]["HOST"], "port": DATABASES["default"]["PORT"]}
    with psycopg.connect(**base, **where, autocommit=True) as server:
        if fresh:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(wanted)))
        there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted]).fetchone()
        if not there:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(wanted)))


def fill(assets: int) -> None:
    """Schema, library and an invented trust of about that many assets, without history."""
    from django.core.management import call_command
    from django.db import connection

    from backend.assets.models import Asset
    from backend.checks.actions import publish_library

    call_command("migrate", verbosity=0)
    if not Asset.objects.exists():
        publish_library(actor="bench")
        call_command("load_demo", assets=assets, schools=max(12, assets // 1000), no_history=True, stdout=sys.stderr)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def main() -> None:
    """Measure what was asked for and write the rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--assets", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    os.environ.setdefault("SITEWARD_DEMO", "true")
    ensure_database(given.fresh)

    import django

    django.setup()
    fill(given.assets)
    from tests.bench.benches import benches
    from tests.bench.measure import measure

    rows = [measure(each) for each in benches(given.assets) if given.only in ("", each.name.split()[0])]
    given.out.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
