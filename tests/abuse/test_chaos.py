"""A hundred thousand operations pushed while web, jobs and database are killed at random: nothing lost, nothing doubled.

SITEWARD_RECORDS and SITEWARD_KILLS set another size; `make soak` runs the million.
"""

import os
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

from tests.abuse.chaos import Chaos

RECORDS = int(os.environ.get("SITEWARD_RECORDS", "100000"))
KILLS = int(os.environ.get("SITEWARD_KILLS_9", "6"))
pytestmark = pytest.mark.xdist_group("chaos")


def test_what_was_acknowledged_is_there_once_whatever_was_killed(tmp_path: Path):
    verdict = Chaos(tmp_path, plans=2000).run(records=RECORDS, kills=KILLS)
    assert sum(verdict.kills.values()) == KILLS, verdict
    assert verdict.promised == RECORDS, verdict
    assert verdict.sound(), verdict


def asked(port: int, path: str) -> tuple[int, str]:
    """Status and body of a page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_while_the_database_is_away_everybody_is_told_to_try_again_and_it_comes_back_by_itself(tmp_path: Path):
    run = Chaos(tmp_path, plans=2)
    try:
        run.begin()
        run.cluster.kill()
        for path in ("/sign-in/", "/compliance/", "/api/v1/assets", "/healthz"):
            status, body = asked(run.port, path)
            assert status in {200, 302, 401, 503}, (path, status, body)
            assert status != 503 or "not answer" in body or "wrong" in body, (path, body)
        assert asked(run.port, "/healthz")[0] == 503
        run.cluster.start()
        assert asked(run.port, "/sign-in/")[0] == 200
        assert asked(run.port, "/api/v1/assets")[0] == 401
    finally:
        run.end()


def test_a_run_that_loses_something_is_seen(tmp_path: Path):
    """The counting itself: an operation that was promised and is not there makes the verdict unsound."""
    run = Chaos(tmp_path, plans=20)
    try:
        run.begin()
        run.push_all(80, 0)
        run.tally.checks.add(uuid.uuid4())
        verdict = run.verdict(1.0)
        assert verdict.lost == 2  # no record, and no operation
        assert not verdict.sound()
    finally:
        run.end()
