"""Behind PgBouncer in transaction mode nothing may outlive a transaction."""

import re
from pathlib import Path

from backend.config.database import connection

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "postgres://siteward@db.example:6432/siteward"
OF_A_SESSION = re.compile(
    r"pg_(try_)?advisory_(un)?lock|\bSET SESSION\b|\bLISTEN [a-z]|\bPREPARE [a-z]|set_config\([^)]*,\s*false\)|WITH HOLD"
)
DIRECTLY = {"backend/config/management/commands/upgrade.py"}  # talks to the server itself: docker/SCALE.md


def test_the_pool_alone_keeps_connections_and_nothing_is_prepared_or_held():
    given = connection(ROOT, ADDRESS, pooled=True)
    assert given["CONN_MAX_AGE"] == 0
    assert given["DISABLE_SERVER_SIDE_CURSORS"]
    assert given["OPTIONS"]["prepare_threshold"] is None
    assert "prepare_threshold" not in connection(ROOT, ADDRESS).get("OPTIONS", {})


def test_no_statement_of_ours_changes_the_state_of_a_session():
    found = {str(path.relative_to(ROOT)) for path in (ROOT / "backend").rglob("*.py") if OF_A_SESSION.search(path.read_text())}
    assert found <= DIRECTLY
