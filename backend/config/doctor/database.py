"""What may be wrong with the database server: version, settings that lose data, migrations, the clock."""

import datetime as dt
from typing import Final

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from backend.core.doctor import Check, Finding, fine

OLDEST: Final = 150_000  # PostgreSQL 15, as server_version_num
CLOCKS_APART: Final = dt.timedelta(seconds=5)
CLOCKS_WRONG: Final = dt.timedelta(minutes=2)


def setting(name: str) -> str:
    """A setting of the server, as this session sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def answers(_now: dt.datetime) -> Finding:
    """The database answers, and is new enough."""
    number, said = int(setting("server_version_num")), setting("server_version")
    if number < OLDEST:
        return Finding(
            "wrong", f"The database is PostgreSQL {said}.", "Siteward needs PostgreSQL 15 or later. Upgrade the server."
        )
    return fine(f"PostgreSQL {said} answers.")


def durable(_now: dt.datetime) -> Finding:
    """What was acknowledged survives a power cut."""
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if setting(name) == "off"]
    if off:
        mend = f"Set {' and '.join(f'{name} = on' for name in off)} in the server's configuration and reload it."
        return Finding("wrong", f"A power cut may lose or spoil what was saved: {', '.join(off)} is off.", mend)
    return fine("What was saved survives a power cut.")


def spelling(_now: dt.datetime) -> Finding:
    """Text is UTF-8, and sessions count time in UTC."""
    encoding = setting("server_encoding")
    if encoding != "UTF8":
        mend = "Create the database anew with ENCODING 'UTF8' and restore into it."
        return Finding("wrong", f"The database's encoding is {encoding}.", mend)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reset_val FROM pg_settings WHERE name = 'TimeZone'")
        zone = str(cursor.fetchone()[0])
    if zone.upper() not in {"UTC", "ETC/UTC", "GMT"}:
        mend = "ALTER DATABASE … SET timezone = 'UTC'; so that what an operator reads in psql is the time that was stored."
        return Finding("warning", f"The database counts time in {zone}.", mend)
    return fine("The database keeps text in UTF-8 and time in UTC.")


def migrated(_now: dt.datetime) -> Finding:
    """The tables are those of this version."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan[:4])
        mend = "Run: python manage.py upgrade"
        return Finding("wrong", f"{len(plan)} migrations have not been applied: {names}{' …' if len(plan) > 4 else ''}.", mend)
    unknown = set(executor.loader.applied_migrations or ()) - set(executor.loader.disk_migrations or ())
    ours = [f"{app}.{name}" for app, name in unknown if app in executor.loader.migrated_apps]
    if ours:
        mend = "A newer version has been here: run that one, or restore a backup from before it."
        return Finding(
            "warning", f"The database holds migrations that this version does not know: {', '.join(sorted(ours)[:4])}.", mend
        )
    return fine("Every migration has been applied.")


def clocks(_now: dt.datetime) -> Finding:
    """This machine's clock and the database's agree."""
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    after = timezone.now()
    apart = max(before - there, there - after, dt.timedelta())
    says = f"This machine's clock and the database's are {apart.total_seconds():.0f} seconds apart."
    mend = "Keep both machines' clocks by NTP (systemd-timesyncd or chrony). Records carry both times."
    if apart > CLOCKS_WRONG:
        return Finding("wrong", says, mend)
    return Finding("warning", says, mend) if apart > CLOCKS_APART else fine("This machine's clock and the database's agree.")


def connections(_now: dt.datetime) -> Finding:
    """There is room for more connections."""
    most = int(setting("max_connections"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        used = int(cursor.fetchone()[0])
    if used > 0.8 * most:
        mend = "Raise max_connections, or put PgBouncer in front (docker/SCALE.md)."
        return Finding("warning", f"{used} of {most} database connections are in use.", mend)
    return fine(f"{used} of {most} database connections are in use.")


CHECKS = [
    Check("database", "The database", answers),
    Check("durable", "Power cuts", durable),
    Check("encoding", "Text and time", spelling),
    Check("migrations", "The tables", migrated),
    Check("clocks", "Clocks", clocks),
    Check("connections", "Connections", connections),
]
