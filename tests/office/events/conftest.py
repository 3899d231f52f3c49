"""What the tests of events share: a receiver that listens on this machine, and a way to make things happen."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from backend.office.events import deeds
from backend.office.models import Webhook
from backend.trust.sessions import CONFIRMED


@dataclass
class Receiver:
    """A web service of somebody else's: keeps what it was sent, and answers as it is told to."""

    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    slow: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    paths: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    here = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.got.append((dict(self.headers), body))
            here.paths.append(self.path)
            status = here.answers.pop(0) if here.answers else 200
            if status == 0:  # breaks off without an answer
                self.connection.close()
                return
            self.send_response(status)
            for name, value in here.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(here.body)))
            self.end_headers()
            for start in range(len(here.body)):
                self.wfile.write(here.body[start : start + 1])
                if here.slow:
                    time.sleep(here.slow)

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield here
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(world, receiver):
    """A webhook of the trust's estates lead, told everything."""

    def made(**more) -> tuple[Webhook, str]:
        typed = {"name": "Helpdesk", "address": receiver.address} | more
        return deeds.make_webhook(person=world.lead, **typed)

    return made


@pytest.fixture
def lead(world, browse):
    """The trust's estates lead, who has just signed in."""
    browser = browse(world.lead)
    session = browser.session
    session[CONFIRMED] = time.time()
    session.save()
    return browser
