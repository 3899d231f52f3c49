"""The main path in a WebKit engine: signed in, a check saved with the server dead, sent once when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.servers import Server
from tests.e2e.webkit import WebKit


@pytest.fixture
def webkit() -> Iterator[WebKit]:
    """A WebKit window."""
    window = WebKit()
    yield window
    window.close()


def sign_in(window: WebKit, server: Server) -> None:
    """Signed in, the lists fetched, the app kept by its service worker."""
    window.open(f"{server.url}/field/")
    window.write("Email address", server.world["caretaker"])
    window.write("Password", server.world["password"])
    window.press("Sign in")
    window.sees("Scan a label")
    window.run("return navigator.serviceWorker.ready.then(() => true)")
    window.until(lambda: window.run("return navigator.serviceWorker.controller !== null"))


def test_a_check_saved_without_a_server_is_sent_once_when_it_is_back(server: Server, webkit: WebKit, tmp_path: Path):
    sign_in(webkit, server)
    server.kill()
    webkit.open(f"{server.url}/field/check/{server.world['weekly']}")
    webkit.sees("Save check")
    webkit.press("Use this one")
    for choice in range(int(webkit.run("return document.querySelectorAll('input[value=pass]').length"))):
        webkit.run(f"document.querySelectorAll('input[value=pass]')[{choice}].click()")
    webkit.press("Save check")
    webkit.sees("Saved on this phone")
    webkit.picture(tmp_path / "saved.png")

    webkit.open(f"{server.url}/field/outbox")  # the whole app anew, from what the phone keeps
    webkit.sees("Only on this phone")
    assert server.rows("SELECT id FROM checks_checkrecord") == []

    server.start()
    webkit.open(f"{server.url}/field/outbox")  # it sends by itself
    try:
        webkit.sees("All sent", seconds=180)  # an attempt that hangs is given up after 30 s, and made again
    except AssertionError as waited:
        raise AssertionError(
            f"the office has {server.rows('SELECT id, received_at FROM checks_checkrecord')}: {waited}"
        ) from waited
    sent = server.rows("SELECT plan_id, outcome FROM checks_checkrecord")
    assert [(str(row["plan_id"]), row["outcome"]) for row in sent] == [(server.world["weekly"], "satisfactory")]
    webkit.open(f"{server.url}/field/")
    webkit.sees("1 check done today")
    assert len(server.rows("SELECT id FROM checks_checkrecord")) == 1
