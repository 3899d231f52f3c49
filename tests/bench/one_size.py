"""The benchmarks at one size, in a process of its own: makes and fills the database, measures, writes JSON."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

PREFIX = "siteward_speed_"


def ensure_database(name: str, *, fresh: bool, like: str = "") -> bool:
    """Make the database when it is not there, as a copy of `like` when given. Answers whether it was made now."""
    import psycopg
    from psycopg import sql

    from backend.config.settings import DATABASES

    said = DATABASES["default"]
    where: dict[str, Any] = {key.lower(): said[key] for key in ("HOST", "PORT", "USER", "PASSWORD") if said.get(key)}
    with psycopg.connect(dbname=os.environ.get("SITEWARD_BENCH_BASE", "postgres"), autocommit=True, **where) as server:
        if fresh:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        server.execute(made + sql.SQL(" TEMPLATE {}").format(sql.Identifier(like)) if like else made)
    return True


def main() -> None:
    """Measure what was asked for and write the rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--assets", type=int, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--like", default="", help="the database to begin from")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    os.environ.setdefault("SITEWARD_DEMO", "true")
    ensure_database(os.environ["SITEWARD_DATABASE"], fresh=given.fresh, like=given.like)

    import django

    django.setup()
    from tests.bench.estate import fill

    fill(given.assets)
    if given.out:
        from tests.bench.running import rows_of

        given.out.write_text(json.dumps(rows_of(given.only)))


if __name__ == "__main__":
    main()
