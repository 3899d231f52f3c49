"""Phones that go on sending over HTTP whatever happens to the server, as the field app does."""

import json
import threading
import time
import urllib.error
import urllib.request
from types import SimpleNamespace
from typing import Any

from tests.docker.installation import HOST
from tests.sync.phone import Phone

OPS_OF_A_PUSH = 5


class SendingPhone(threading.Thread):
    """Reports problems, five a push, to whichever of the ports answers; sends again what was not acknowledged."""

    def __init__(self, number: int, *, token: str, person: str, site: str, ports: list[int]) -> None:
        super().__init__(daemon=True)
        self.number, self.token, self.site, self.ports = number, token, site, ports
        who: Any = SimpleNamespace(pk=person)  # their id is all that is asked for
        self.phone = Phone(who, signs=False)
        self.sent: list[str] = []
        self.acknowledged: list[str] = []
        self.answers: dict[int, int] = {}
        self.enough = threading.Event()

    def run(self) -> None:
        """Until it is enough; the last push is sent until it is acknowledged."""
        while not self.enough.is_set():
            ops = [self.report() for _ in range(OPS_OF_A_PUSH)]
            self.sent += [op["id"] for op in ops]
            while not self.push(ops):
                time.sleep(0.1)

    def report(self) -> dict[str, Any]:
        """A problem with a number of its own."""
        place = {"site": self.site, "building": None, "space": None}
        body = {"asset": None, "place": place, "summary": f"Drip {self.number}.{self.phone.seq}", "severity": "low"}
        return self.phone.op("defect_reported", {**body, "unsafe": False, "photos": []})

    def push(self, ops: list[dict[str, Any]]) -> bool:
        """One try, at each port in turn: whether everything was acknowledged."""
        body = self.phone.envelope(ops)
        said = {"Host": HOST, "X-Forwarded-Proto": "https", "Authorization": f"Bearer {self.token}"}
        for port in tuple(self.ports):
            address = f"http://127.0.0.1:{port}/api/v1/field/ops"
            asked = urllib.request.Request(address, body, {**said, "Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(asked, timeout=30) as answer:
                    results = json.load(answer)["results"]
            except urllib.error.HTTPError as refused:
                self.answers[refused.code] = self.answers.get(refused.code, 0) + 1
                continue
            except OSError:
                self.answers[0] = self.answers.get(0, 0) + 1
                continue
            self.answers[200] = self.answers.get(200, 0) + 1
            self.acknowledged += [each["id"] for each in results if each["outcome"] in {"applied", "again"}]
            return True
        return False
