"""The field app in a real Chromium with its processor slowed: first load, tap to the thing, photos made small, and 500
records with 200 photos saved and sent over a poor link. Two and a half minutes."""

import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.slow_link import SlowLink

ROOT = Path(__file__).resolve().parents[2]
SLOWER, RECORDS, PHOTOS = 4, 500, 200
RATE, CUT_EVERY, SEED = 400_000, 150, 20261123
SECONDS = 150
Times = list[float]


def rows() -> list[dict[str, Any]]:
    """A row for each thing timed."""
    from tests.e2e.servers import Server

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    server = Server("siteward_speed_phone")
    server.fill()
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            script = built(Path(folder))
            found = [row("phone scan to form", on_screen(playwright, server, Path(folder)))]
            from tests.e2e.conftest import launch

            with launch(playwright) as browser:
                found.append(row("phone first load", [first_load(browser, server.url) for _ in range(5)]))
                return [*found, shrinking(browser, server, script), *sending_rows(browser, server, script)]
    finally:
        server.kill()


def built(folder: Path) -> str:
    """The engine without screens, as one script."""
    command = [str(ROOT / ".venv/bin/node"), "fieldapp/bench/build.ts", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return (folder / "phone.js").read_text()


def slowed(page: Page) -> Page:
    """As slow as a cheap phone."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


@contextmanager
def new_page(browser: Browser, **more: Any) -> Iterator[Page]:
    """A page of a browser that knows nothing yet."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, **more)
    yield slowed(context.new_page())
    context.close()


def first_load(browser: Browser, url: str) -> float:
    """Milliseconds until the first screen of the app asks who is there."""
    with new_page(browser) as page:
        start = time.perf_counter()
        page.goto(f"{url}/field/")
        page.get_by_role("button", name="Sign in").wait_for()
        return (time.perf_counter() - start) * 1000


def on_screen(playwright: Any, server: Any, folder: Path) -> Times:
    """Milliseconds from the tap that opens the camera to the thing's own screen with its checks."""
    from backend.config import settings
    from tests.e2e.camera import film
    from tests.e2e.phone import Phone

    seen = film(f"HTTPS://{settings.LABEL_HOST}/{server.world['panel_tag']}", folder / "camera.mjpeg")
    flags = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={seen}")
    phone = Phone(playwright, server, folder / "profile", *flags)
    page, taken = slowed(phone.sign_in(server.world["caretaker"])), []
    for turn in range(4):
        phone.home()
        page.get_by_role("link", name="Scan a label").click()
        start = time.perf_counter()
        if turn == 0:  # later the camera opens by itself
            page.get_by_role("button", name="Open the camera").click()
        page.wait_for_url(f"**/asset/{server.world['panel']}", timeout=30_000)
        page.get_by_role("link", name=re.compile("weekly", re.IGNORECASE)).first.wait_for()
        taken.append((time.perf_counter() - start) * 1000)
    phone.close()
    return taken


@contextmanager
def engine_on(browser: Browser, server: Any, script: str, port: int) -> Iterator[Page]:
    """A page with the app's engine and no screens, signed in through `port`."""
    with new_page(browser, bypass_csp=True) as page:
        page.goto(f"http://localhost:{port}/healthz")
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("globalThis.bench")
        world = server.world
        page.evaluate("([a, b, c]) => bench.signIn(a, b, c)", [world["caretaker"], world["password"], world["site"]])
        yield page


def shrinking(browser: Browser, server: Any, script: str) -> dict[str, Any]:
    """Photos of 12 million points made small."""
    with engine_on(browser, server, script, server.port) as page:
        return row("phone photo shrink 12 MP", page.evaluate("bench.shrink(5)"))


def sending_rows(browser: Browser, server: Any, script: str) -> list[dict[str, Any]]:
    """Saving, and sending everything over the poor link. Raises AssertionError when a record or photo was lost or doubled."""
    link = SlowLink(server.port, rate=RATE, cut_every=CUT_EVERY, seed=SEED)
    with engine_on(browser, server, script, link.port) as page:
        page.context.set_offline(True)
        saved = page.evaluate("([a, b, c]) => bench.save(a, b, c)", [server.world["panel"], RECORDS, PHOTOS])
        page.context.set_offline(False)
        link.poor = True
        sent = page.evaluate("(most) => bench.send(most)", SECONDS * 1000)
    link.close()
    defects, files = (
        server.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in ("maintenance_defect", "core_storedfile")
    )
    assert (defects, files) == (RECORDS, PHOTOS), f"{defects} of {RECORDS} records, {files} of {PHOTOS} photos arrived"
    facts = {"records": defects, "photos": files, "MB": round(link.carried / 1e6, 1), "cuts": link.cuts, "kB/s": RATE // 1000}
    ends = {f"{name} fifty": round(statistics.median(some), 1) for name, some in (("first", saved[:50]), ("last", saved[-50:]))}
    return [row("phone save", saved, ends), row("phone sync 500 and 200 photos", [sent], facts)]


def row(name: str, taken: Times, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """One row of the table, of milliseconds in a browser."""
    ordered = sorted(taken)
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {
        "name": name,
        "unit": "ms",
        "p50": round(statistics.median(ordered), 1),
        "p95": round(last, 1),
        "n": len(ordered),
        "cpu_ms": 0,
        "queries": 0,
        "rss_mb": 0,
        "peer": {},
        "limit": {},
        "size": {"assets": 0, "plans": 1},
        "extra": {"CPU slowed": SLOWER, **(extra or {}), "load": round(os.getloadavg()[0], 1)},
    }
