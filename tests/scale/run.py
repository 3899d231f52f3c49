"""`make scale`: the whole of docker/SCALE.md on loopback, with the primary killed under load. Exit 1 on any loss.

Two web processes and two workers, behind PgBouncer in transaction mode, on a PostgreSQL with a synchronous replica, files in an
object store. Phones push; half-way the primary is killed (kill -9), the replica is promoted, PgBouncer is pointed at it.
"""

import argparse
import contextlib
import hashlib
import itertools
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.scale.servers import ROOT, Bouncer, Fleet, Postgres, make_reachable, object_store, wait_until

BATCH = 5
MOST_SECONDS = 600


def say(text: str) -> None:
    """One line of what is going on."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {text}\n")
    sys.stdout.flush()


def asked() -> argparse.Namespace:
    """How large a run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=6)
    parser.add_argument("--operations", type=int, default=150, help="for each phone")
    parser.add_argument("--first-port", type=int, default=8150, help="this port and the nine after it are used")
    return parser.parse_args()


def main() -> int:
    """Run it all; 0 when nothing was lost or doubled."""
    told = asked()
    if Bouncer.program() is None:
        sys.exit("This run needs PgBouncer, which is not installed. On Debian: apt-get install pgbouncer (and stop its service).")
    ports = itertools.count(told.first_port)
    threading.Timer(MOST_SECONDS, lambda: os._exit(3)).start()
    with tempfile.TemporaryDirectory(prefix="siteward-scale-") as name:
        folder = Path(name)
        make_reachable(folder)
        with contextlib.ExitStack() as stack:
            return over(folder, told, ports, stack)


def over(folder: Path, told: argparse.Namespace, ports: Iterator[int], stack: contextlib.ExitStack) -> int:
    """The run, over servers that `stack` ends."""
    primary, replica = Postgres(folder / "primary", next(ports)), Postgres(folder / "replica", next(ports))
    bouncer = Bouncer(folder, next(ports))
    for each in (primary, replica, bouncer):
        stack.callback(each.stop)
    with_replica(primary, replica)
    bouncer.start(primary.port)
    store = stack.enter_context(object_store())
    env = {
        **os.environ, **store, "DATABASE_URL": bouncer.url, "SITEWARD_DATABASE": "siteward", "SITEWARD_POOLED": "true",
        "SITEWARD_DIRECT_DATABASE_URL": primary.url(), "SITEWARD_VAR": str(folder / "var"), "SITEWARD_DEMO": "true",
        "SITEWARD_SECRET_KEY": "only for this run, and thrown away with it: 0123456789", "SITEWARD_LOG": "ERROR",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
    }  # fmt: skip
    env.pop("SITEWARD_FILES", None)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env={**env, "DATABASE_URL": primary.url()}, check=True
    )
    os.environ.update(env)
    import django

    django.setup()
    from tests.scale import load

    scene = load.make(told.phones, told.operations)
    say(f"made {told.phones} phones with {told.operations} operations each, through PgBouncer")
    fleet = Fleet(env, folder / "fleet.log")
    stack.callback(fleet.stop)
    fleet.start(webs=2, workers=2, ports=ports)
    say("two web processes and two workers answer")
    return judged(scene, fleet, primary, replica, bouncer)


def with_replica(primary: Postgres, replica: Postgres) -> None:
    """Start the primary and a replica that has everything before anything is acknowledged."""
    import psycopg

    primary.make()
    primary.start()
    replica.copy_of(primary, "replica")
    replica.start()
    with psycopg.connect(primary.url("postgres"), autocommit=True) as database:
        database.execute("ALTER SYSTEM SET synchronous_standby_names = 'replica'")
        database.execute("SELECT pg_reload_conf()")
        database.execute("CREATE DATABASE siteward")

        def together() -> bool:
            row = database.execute("SELECT sync_state FROM pg_stat_replication").fetchone()
            return row == ("sync",)

        wait_until(together, 20, "the replica does not follow")
    say("a primary, and a replica that confirms every commit")


def judged(scene: Any, fleet: Fleet, primary: Postgres, replica: Postgres, bouncer: Bouncer) -> int:
    """Push, kill, promote, push on; then look at everything. Answers the exit code."""
    from django.db import connection

    from tests.scale.phones import Traveller, all_at_once

    travellers = [Traveller(phone, fleet.addresses) for phone in scene.phones]
    started, failover = time.monotonic(), threading.Thread(target=fail_over, args=(travellers, scene, primary, replica, bouncer))
    failover.start()
    jobs = [partial(day, *each) for each in zip(travellers, scene.work, scene.photos, strict=True)]
    wrong: list[Any] = list(all_at_once(jobs))
    seconds = time.monotonic() - started
    failover.join()
    tries, failed = sum(each.tries for each in travellers), sum(len(each.failures) for each in travellers)
    total = sum(len(ops) for ops in scene.work)
    say(f"{total} operations acknowledged in {seconds:.0f} s; {tries} requests, {failed} of them sent again")
    connection.close()
    wrong += found(scene, travellers)
    for each in wrong[:40]:
        say(f"WRONG  {each}")
    say(f"lost, doubled or wrong: {len(wrong)}")
    return 1 if wrong else 0


def found(scene: Any, travellers: Any) -> list[str]:
    """What is wrong after the run, asked of the promoted replica through PgBouncer."""
    from tests.scale import findings

    names = [hashlib.sha256(photo).hexdigest() for photo in scene.photos]
    try:
        wait_until(lambda: findings.all_done() and not findings.of_jobs(names), 120, "jobs are still waiting")
    except AssertionError as late:
        say(str(late))
    acknowledged = {op: how for each in travellers for op, how in each.acknowledged.items()}
    wrong = findings.of_operations([op["id"] for ops in scene.work for op in ops], acknowledged) + findings.of_jobs(names)
    twice = findings.done_more_than_once()
    say(f"jobs done more than once: {len(twice)} (they may be, where a primary died, and act once) {twice[:3]}")
    # the small world is made row by row, so that the chain knows nothing of its people and places
    return wrong + [each for each in findings.of_invariants() if not each.startswith("evidence-")]


def day(traveller: Any, ops: list[dict[str, Any]], photo: bytes) -> None:
    """One phone's day."""
    traveller.register()
    traveller.send_photo(photo)
    for start in range(0, len(ops), BATCH):
        traveller.push(ops[start : start + BATCH])


def fail_over(travellers: Any, scene: Any, primary: Postgres, replica: Postgres, bouncer: Bouncer) -> None:
    """When a third is acknowledged, kill the primary, promote the replica and point PgBouncer at it."""
    total = sum(len(ops) for ops in scene.work)
    wait_until(lambda: sum(len(each.acknowledged) for each in travellers) > total / 3, 300, "nothing is acknowledged")
    started = time.monotonic()
    primary.kill()
    time.sleep(1)  # what was being answered at that moment has been counted
    before = sum(len(each.acknowledged) for each in travellers)
    replica.run("pg_ctl", "promote", "-w", "-D", str(replica.folder))
    bouncer.point_to(replica.port)
    say(f"after {before} operations the primary was killed; the replica was promoted {time.monotonic() - started:.1f} s later")
    wait_until(lambda: sum(len(each.acknowledged) for each in travellers) > before, 120, "nothing is taken after the failover")
    say(f"the first operation after that was acknowledged {time.monotonic() - started:.1f} s after the kill")


if __name__ == "__main__":
    code = main()
    os._exit(code)
