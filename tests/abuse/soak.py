"""A soak: an hour of everything at once (pushes, photos, lists, boards, snapshots, pages) with kills, then the count."""

import hashlib
import http.client
import json
import random
import time
from functools import partial
from pathlib import Path

import psutil

from tests.abuse.chaos import Chaos, Verdict
from tests.abuse.phones import BACK_AGAIN, LoopbackPhone, Wire
from tests.sync.pictures import jpeg

PAUSE = 0.4
ASKED = [
    "/healthz",
    "/sign-in/",
    "/help/",
    "/api/v1/compliance?by=school,discipline",
    "/api/v1/assets?page_size=100&site={site}",
    "/api/v1/assets?search=fire",
    "/api/v1/plans?status=overdue&site={site}",
    "/api/v1/records?page_size=50",
    "/api/v1/lapses",
    "/api/v1/defects?site={site}",
    "/api/v1/field/me",
    "/api/v1/field/sites/{site}/due",
    "/api/v1/field/sites/{site}/register",
]


class Soak(Chaos):
    """Mixed load for so many minutes. Each reader counts answers by status; memory of the web workers is read at both ends."""

    def __init__(self, folder: Path, *, seed: int | None = None, plans: int = 2000) -> None:
        super().__init__(folder, seed=seed, plans=plans)
        self.answers: dict[int, int] = {}
        self.photos = 0
        self.memory: list[int] = []
        self.ends = 0.0

    def soak(self, *, minutes: float, kills: int) -> Verdict:
        """Run it, and count."""
        try:
            self.begin()
            started = time.monotonic()
            self.ends = started + minutes * 60
            marks = sorted(started + self.chance.uniform(0.05, 0.9) * minutes * 60 for _ in range(kills))
            self.memory.append(self.largest_worker())

            def due() -> bool:
                return bool(marks and time.monotonic() >= marks[0] and marks.pop(0))

            jobs = [partial(self.push_on, each) for each in self.phones] + [partial(self.read_on, number) for number in range(2)]
            self.all_at_once([*jobs, self.photograph_on], kill_now=due)
            self.memory.append(self.largest_worker())
            return self.verdict(time.monotonic() - started)
        finally:
            self.end()

    def largest_worker(self) -> int:
        """Resident memory of the largest web process, in MB."""
        assert self.web.running
        family = [psutil.Process(self.web.running.pid), *psutil.Process(self.web.running.pid).children()]
        return max(int(each.memory_info().rss) for each in family) // 2**20

    def push_on(self, phone: LoopbackPhone) -> None:
        """A phone that sends a few operations, rests, and sends again."""
        while time.monotonic() < self.ends:
            self.push_some(phone, phone.chance.choice([1, 5, 20, 100]))
            time.sleep(PAUSE * phone.chance.random())

    def read_on(self, number: int) -> None:
        """Somebody in the office who looks at everything, again and again. A 500 is a fault."""
        phone, chance = self.phones[0], random.Random(self.seed + 100 + number)
        body = json.dumps({"email": self.told["lead"], "password": self.told["password"]}).encode()
        token = json.loads(phone_of(self).patiently("POST", "/api/v1/auth/token", body, {"Content-Type": "application/json"}))[
            "token"
        ]
        wire = Wire(phone.port)
        while time.monotonic() < self.ends:
            path = chance.choice(ASKED).format(site=self.told["site"])
            try:
                status, answer = wire.ask("GET", path, headers={"Authorization": f"Bearer {token}"})
            except (OSError, http.client.HTTPException):
                time.sleep(BACK_AGAIN)
                continue
            self.answers[status] = self.answers.get(status, 0) + 1
            if status >= 500 and status != 503:
                self.tally.faults.append(f"{status} {path} {answer[:200]!r}")
            time.sleep(PAUSE * chance.random() / 4)

    def photograph_on(self) -> None:
        """A phone that sends photos, and sends each again."""
        phone = self.phones[0]
        wire = Wire(phone.port)
        while time.monotonic() < self.ends:
            photo = jpeg(80, 60)
            name, sent = hashlib.sha256(photo).hexdigest(), 0
            while sent < 2 and time.monotonic() < self.ends:
                about = {"Upload-Offset": "0", "Upload-Length": str(len(photo)), "Content-Type": "image/jpeg"}
                try:
                    status, answer = wire.ask("PUT", f"/api/v1/field/files/{name}", photo, {**phone.signed(photo), **about})
                except (OSError, http.client.HTTPException):
                    time.sleep(BACK_AGAIN)
                    continue
                if status < 300:
                    sent += 1
                    self.photos += sent == 1
                elif status != 503:
                    self.tally.faults.append(f"{status} photo {answer[:200]!r}")
                    break
                time.sleep(PAUSE)


def phone_of(soak: Soak) -> LoopbackPhone:
    """A phone that only signs somebody in."""
    return LoopbackPhone(None, port=soak.port)
