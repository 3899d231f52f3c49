"""Fixtures of the browser tests: a real server, and Chromium with a fake camera."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, ViewportSize, sync_playwright

from tests.e2e.camera import film
from tests.e2e.servers import Server

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's thread
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is e2e, and they share one worker: they share one machine's two cores."""
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, once."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with a fresh small world; killed afterwards."""
    made = Server(f"siteward_e2e_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}")
    made.fill()
    made.start()
    yield made
    made.kill()


def launch(playwright: Playwright, *extra: str) -> Browser:
    """Chromium, headless, with these further flags."""
    assert CHROMIUM, "Chromium is not installed: apt-get install chromium"
    return playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=[*QUIET, *extra])


@pytest.fixture
def camera_flags(tmp_path: Path, server: Server) -> list[str]:
    """Flags for a camera that sees the fire alarm panel's label."""
    from backend.config import settings

    seen = film(f"HTTPS://{settings.LABEL_HOST}/{server.world['panel_tag']}", tmp_path / "camera.mjpeg")
    return ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={seen}"]
