"""Phones that push over HTTP to several web processes in turn, and go on until everything is acknowledged."""

import hashlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.sync.phone import ROOT, Phone

PIECE = 16 * 1024
PATIENCE = 240  # seconds until a phone gives up, which no phone does


@dataclass
class Traveller:
    """A phone whose every request goes to the next web process; what fails is sent again, as it was."""

    phone: Phone
    addresses: Sequence[str]
    acknowledged: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    failures: list[str] = field(default_factory=list)
    _next: Iterator[str] | None = None

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """One request to the next web process; 599 when it could not be asked."""
        self._next = self._next or itertools.cycle(self.addresses)
        where = urlsplit(next(self._next))
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        self.tries += 1
        try:
            connection.request(method, ROOT + path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
            return answer.status, json.loads(said) if said[:1] in (b"{", b"[") else {}
        except (OSError, http.client.HTTPException) as wrong:
            return 599, {"detail": f"{type(wrong).__name__}: {wrong}"}
        finally:
            connection.close()

    def until_taken(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        """Ask again and again until it is taken. Raises AssertionError when it is refused, or after much too long."""
        deadline = time.monotonic() + PATIENCE
        while True:
            status, said = self.ask(method, path, body, headers)
            if status in (200, 201, 409):
                return said
            if status < 500 and status != 429:
                raise AssertionError(f"{method} {path}: {status} {said}")
            self.failures.append(f"{status} {said.get('detail', '')}"[:120])
            assert time.monotonic() < deadline, self.failures[-3:]
            time.sleep(0.3)

    def headers(self, content: bytes, kind: str = "application/json") -> dict[str, str]:
        """Session, signature and type."""
        return {**self.phone.headers(content), "Content-Type": kind}

    def register(self) -> None:
        """Make the phone known."""
        body = json.dumps({"id": self.phone.id, "public_key": self.phone.spki, "label": "Scale", "app": "1.4.0"}).encode()
        self.until_taken("POST", "devices", body, self.headers(body))

    def send_photo(self, content: bytes) -> None:
        """A photo, piece by piece, each to another web process."""
        name, offset = hashlib.sha256(content).hexdigest(), 0
        while offset < len(content):
            piece = content[offset : offset + PIECE]
            headers = self.headers(piece, "image/jpeg")
            headers |= {"Upload-Offset": str(offset), "Upload-Length": str(len(content))}
            offset = int(self.until_taken("PUT", f"files/{name}", piece, headers)["offset"])

    def push(self, ops: list[dict[str, Any]]) -> None:
        """Push until every operation is acknowledged; the same bytes again when the reply was lost."""
        raw = self.phone.envelope(ops)
        said = self.until_taken("POST", "ops", raw, self.headers(raw))
        for result in said["results"]:
            self.acknowledged[result["id"]] = result["outcome"] if result["outcome"] != "again" else result["was"]


def all_at_once(jobs: Sequence[Any]) -> list[BaseException]:
    """Run functions in threads; what they raised."""
    wrong: list[BaseException] = []

    def run(job: Any) -> None:
        try:
            job()
        except BaseException as fault:
            wrong.append(fault)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
