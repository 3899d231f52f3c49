"""The chaos run: phones push while web, worker and database are killed at random; then everything is counted past Django.

`Chaos(folder).run(records=…, kills=…)` answers a Verdict. By hand: `python -m tests.abuse chaos --records 1000000 --kills 50`.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from backend.config.serving import web_command
from tests.abuse.cluster import Cluster
from tests.abuse.phones import LoopbackPhone, Tally
from tests.e2e.servers import ROOT, free_port

NAME = "chaos"
BATCH = 200


@dataclass
class Verdict:
    """What was promised, what is there, and what went wrong."""

    seed: int
    seconds: float
    promised: int
    records: int
    lost: int
    doubled: int
    strangers: int
    kills: dict[str, int]
    again: int
    lost_answers: int
    verified: bool
    said: str = ""
    refused: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def sound(self) -> bool:
        """Whether nothing was lost, doubled or refused, `verify` is content, and nobody was told of a fault of ours (a 500).

        While the database is away the answer is 503, which says to try again.
        """
        faults = [each for each in self.faults if not each.startswith("503")]
        return self.verified and not (self.lost or self.doubled or self.strangers or self.refused or faults)

    def __str__(self) -> str:
        rate = self.promised / self.seconds if self.seconds else 0
        return f"{json.dumps(asdict(self), indent=1)}\n{self.promised:,} operations in {self.seconds:.0f} s, {rate:,.0f}/s"


class Process:
    """A process of Siteward's that is started, killed with all its children, and started again."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self.command, self.env, self.log = command, env, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a group of its own."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(self.command, cwd=ROOT, env=self.env, start_new_session=True, stdout=log, stderr=log)

    def kill(self) -> None:
        """kill -9 of it and its children."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
        self.running = None

    def kill_a_child(self, chance: random.Random) -> None:
        """kill -9 of one of its children; its parent must make another."""
        if self.running:
            listed = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text().split()
            if listed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(chance.choice(listed)), signal.SIGKILL)


class Chaos:
    """One run in a folder of its own: a cluster, two web workers, a job worker, and phones."""

    def __init__(self, folder: Path, *, seed: int | None = None, plans: int = 2000) -> None:
        self.folder, self.plans = folder, plans
        self.seed = random.SystemRandom().randrange(10**6) if seed is None else seed
        self.chance, self.tally = random.Random(self.seed), Tally()
        self.cluster, self.port = Cluster(folder / "postgres"), free_port()
        self.env = {
            **os.environ,
            "DATABASE_URL": self.cluster.url(NAME),
            "SITEWARD_DEMO": "true",
            "SITEWARD_DEBUG": "false",
            "SITEWARD_FILES": str(folder / "files"),
            "SITEWARD_HEADS_FILE": str(folder / "heads.jsonl"),
        }
        for name in ("PYTEST_CURRENT_TEST", "SITEWARD_DATABASE"):
            self.env.pop(name, None)
        self.web = Process(web_command(f"127.0.0.1:{self.port}", workers=2), self.env, folder / "web.log")
        self.worker = Process([sys.executable, "manage.py", "qcluster"], self.env, folder / "worker.log")
        self.kills: dict[str, int] = {}
        self.told: dict[str, Any] = {}
        self.phones: list[LoopbackPhone] = []

    def begin(self) -> None:
        """Start the database, fill it, start web and worker, sign the phones in."""
        self.cluster.start()
        self.cluster.make(NAME)
        made = [sys.executable, "-m", "tests.abuse.world", str(self.plans)]
        done = subprocess.run(made, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        self.told = json.loads(done.stdout.strip().splitlines()[-1])
        self.web.start()
        self.worker.start()
        for number in range(4):
            phone = LoopbackPhone(None, port=self.port, author=self.told["person"], chance=random.Random(self.seed + number))
            phone.sign_in(self.told["email"], self.told["password"])
            self.phones.append(phone)

    def run(self, *, records: int, kills: int) -> Verdict:
        """Push so many operations with so many kills in between, and count."""
        try:
            self.begin()
            started = time.monotonic()
            self.push_all(records, kills)
            seconds = time.monotonic() - started
            return self.verdict(seconds)
        finally:
            self.end()

    def end(self) -> None:
        """Stop everything; the folder's logs stay for whoever looks."""
        self.web.kill()
        self.worker.kill()
        self.cluster.stop()

    def push_all(self, records: int, kills: int) -> None:
        """Phones in threads; this thread kills whenever the next share of the work is done."""
        share = records // len(self.phones)

        def works(phone: LoopbackPhone) -> None:
            for left in range(share, 0, -BATCH):
                self.push_some(phone, min(BATCH, left))

        marks = sorted(self.chance.uniform(0.02, 0.95) * records for _ in range(kills))

        def due() -> bool:
            if marks and self.tally.count() >= marks[0]:
                marks.pop(0)
                return True
            return False

        self.all_at_once([partial(works, each) for each in self.phones], kill_now=due)

    def push_some(self, phone: LoopbackPhone, count: int) -> None:
        """So many operations by this phone, in one push, until it is answered."""
        ops = [phone.work(self.told["plans"], self.told["site"]) for _ in range(count)]
        phone.push_until_answered(ops, self.tally)

    def all_at_once(self, jobs: list[Callable[[], None]], *, kill_now: Callable[[], bool]) -> None:
        """Every job in a thread of its own; this thread kills something whenever `kill_now` says so, until all have ended."""
        failed: list[BaseException] = []

        def does(job: Callable[[], None]) -> None:
            try:
                job()
            except BaseException as wrong:
                failed.append(wrong)
                raise

        threads = [threading.Thread(target=does, args=(each,), daemon=True) for each in jobs]
        for each in threads:
            each.start()
        while any(each.is_alive() for each in threads):
            if kill_now():
                self.kill_something()
            time.sleep(0.02)
        assert not failed, failed

    def kill_something(self) -> None:
        """One random kill -9, and its restart after a moment."""
        ways: dict[str, Callable[[], None]] = {
            "web": self.web.kill,
            "web worker": lambda: self.web.kill_a_child(self.chance),
            "job worker": self.worker.kill,
            "database": self.cluster.kill,
            "database connection": self.cluster.kill_a_backend,
        }
        what = self.chance.choice(list(ways))
        self.kills[what] = self.kills.get(what, 0) + 1
        ways[what]()
        time.sleep(self.chance.random() / 2)
        self.cluster.start()
        for process in (self.web, self.worker):
            if process.running is None or process.running.poll() is not None:
                process.start()

    def verdict(self, seconds: float) -> Verdict:
        """Count in the database what was promised, and let `verify` look at everything."""
        done = subprocess.run(
            [sys.executable, "manage.py", "verify"], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        with psycopg.connect(self.cluster.url(NAME)) as database:
            there = {row[0] for row in database.execute("SELECT id FROM checks_checkrecord")}
            kept = {row[0] for row in database.execute("SELECT id FROM sync_op WHERE outcome = 'applied'")}
            doubled = database.execute(
                "SELECT count(*) FROM (SELECT subject FROM core_auditentry WHERE kind IN ('record', 'op') "
                "GROUP BY kind, subject HAVING count(*) > 1) AS twice"
            ).fetchone()
        promised = self.tally.checks | self.tally.others
        return Verdict(
            seed=self.seed,
            seconds=round(seconds, 1),
            promised=len(promised),
            records=len(there),
            lost=len(self.tally.checks - there) + len(promised - kept),
            doubled=doubled[0] if doubled else 0,
            strangers=len(there - self.tally.checks) + len(kept - promised),
            kills=self.kills,
            again=self.tally.again,
            lost_answers=self.tally.lost_answers,
            verified=done.returncode == 0,
            said=(done.stdout + done.stderr)[-1500:] if done.returncode else done.stdout.strip().splitlines()[-1],
            refused=self.tally.refused[:5],
            faults=sorted(set(self.tally.faults))[:5],
        )


def emptied(folder: Path) -> Path:
    """The folder, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
