"""Keeps the background worker going: starts django-q2's cluster, starts it again when it dies or hangs, and shows that it lives.

The cluster is forked into a session of its own, so that what is left of a dead one can be ended with it. Jobs that were cut off
are done again by the queue; every job may run twice and acts once.
"""

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import time
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, Final

from django.db import DatabaseError, connections
from django.utils import timezone

from backend.config import job_queue
from backend.config.models import Sighting

BEAT_SECONDS: Final = 20
LOOK_SECONDS: Final = 0.5
SHORTEST_REST, LONGEST_REST = 1.0, 30.0  # seconds before a cluster that died is started again
HANGS_SECONDS: Final = 600  # with the timetable not kept for so long, the cluster hangs and is replaced
POLITE_SECONDS: Final = 20
log = logging.getLogger("siteward.worker")


def cluster() -> None:
    """The forked process: django-q2's cluster until it ends. It leads a session, so its children can be found."""
    from django_q.cluster import Cluster

    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    running = Cluster()  # takes SIGTERM and SIGINT for a wish to stop when its jobs are done
    running.start()
    running.sentinel.join()


class Keeper:
    """Keeps one cluster going until asked to stop."""

    def __init__(self) -> None:
        self.name = f"worker:{socket.gethostname()}:{os.getpid()}"
        self.asked_to_stop = False
        self.process: BaseProcess | None = None
        self.rest = SHORTEST_REST
        self.started = self.beaten = 0.0

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """SIGTERM, SIGINT and SIGHUP: finish the jobs in hand, take no more."""
        self.asked_to_stop = True

    def run(self) -> None:
        """Until asked to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        keep_the_timetable()
        while not self.asked_to_stop:
            if self.process is None:
                self.start()
            elif not self.process.is_alive():
                self.bury()
            self.beat()
            time.sleep(LOOK_SECONDS)
        self.stop()

    def start(self) -> None:
        """Fork the cluster. No connection may be shared with it."""
        connections.close_all()
        self.process = multiprocessing.get_context("fork").Process(target=cluster, name="cluster", daemon=False)
        self.process.start()
        self.started = time.monotonic()

    def bury(self) -> None:
        """The cluster died: end what is left of it, rest a little, longer each time it dies young."""
        assert self.process is not None
        lived = time.monotonic() - self.started
        self.end_what_is_left()
        self.process = None
        self.rest = min(self.rest * 2, LONGEST_REST) if lived < LONGEST_REST else SHORTEST_REST
        log.error("the worker's processes ended by themselves after %.0f s; starting them again in %.0f s", lived, self.rest)
        rested = time.monotonic()
        while not self.asked_to_stop and time.monotonic() - rested < self.rest:
            time.sleep(LOOK_SECONDS)

    def beat(self) -> None:
        """Show that this worker lives, and notice when its cluster does but nothing gets done."""
        if time.monotonic() - self.beaten < BEAT_SECONDS:
            return
        self.beaten = time.monotonic()
        try:
            now = timezone.now()
            Sighting.objects.see(self.name, at=now)
            late = job_queue.look(now).kept_waiting().total_seconds()
        except DatabaseError:
            connections.close_all()
            return
        if late > HANGS_SECONDS and time.monotonic() - self.started > HANGS_SECONDS:
            log.error("the timetable has not been kept for %.0f s; replacing the worker's processes", late)
            self.end_what_is_left()

    def end_what_is_left(self) -> None:
        """Kill the cluster's whole session."""
        if self.process and self.process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.join(POLITE_SECONDS)

    def stop(self) -> None:
        """Ask the cluster to finish what it has in hand; insist after POLITE_SECONDS. What is cut off is done again later."""
        if self.process and self.process.is_alive():
            self.process.terminate()
            self.process.join(POLITE_SECONDS)
        self.end_what_is_left()
        with contextlib.suppress(DatabaseError):
            Sighting.objects.filter(name=self.name).delete()


def keep_the_timetable() -> None:
    """Ask for what is due at once, rather than half a minute after the start: the health page waits for it."""
    from django_q.scheduler import scheduler

    schedule: Any = scheduler
    with contextlib.suppress(DatabaseError):
        schedule()
