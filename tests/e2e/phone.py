"""A caretaker's phone: Chromium with a profile of its own, which a test may kill and open again."""

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.conftest import CHROMIUM, PHONE, QUIET
from tests.e2e.servers import Server

SECONDS = 1000
expect.set_options(timeout=15 * SECONDS)


class Phone:
    """The field app in a browser profile that survives the browser."""

    def __init__(self, playwright: Playwright, server: Server, profile: Path, *flags: str) -> None:
        self.playwright, self.server, self.profile, self.flags = playwright, server, profile, flags
        self.context: BrowserContext
        self.page: Page
        self.faults: list[str] = []
        self.open()

    def open(self) -> Page:
        """Start the browser with the profile and open a page (not yet at an address)."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=CHROMIUM,
            headless=True,
            args=[*QUIET, *self.flags],
            viewport=PHONE,
            permissions=["camera"],
            locale="en-GB",
            timezone_id="Europe/London",
        )
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        return self.page

    def kill(self) -> None:
        """End every process of the browser at once, as a flat battery would."""
        for process in psutil.process_iter(["cmdline"]):
            if f"--user-data-dir={self.profile}" in (process.info["cmdline"] or []):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
        with contextlib.suppress(Exception):
            self.context.close()
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self.profile / name).unlink(missing_ok=True)

    def sign_in(self, email: str) -> Page:
        """First visit: sign in, choose the site, wait until the app is kept on the phone."""
        page = self.page
        page.goto(f"{self.server.url}/field/")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(self.server.world["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state("networkidle")
        site = page.get_by_text("Oakfield site")
        if page.get_by_text("Which site are you at?").is_visible():
            site.first.click()
        expect(page.get_by_role("link", name="Scan a label")).to_be_visible()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        return page

    def home(self) -> Page:
        """Open the app at Today."""
        self.page.goto(f"{self.server.url}/field/")
        expect(self.page.get_by_role("link", name="Scan a label")).to_be_visible()
        return self.page

    def wait_until_sent(self, seconds: int = 60) -> None:
        """Wait until the app says that nothing is left to send."""
        expect(self.page.get_by_text("All sent")).to_be_visible(timeout=seconds * SECONDS)

    def close(self) -> None:
        """Close politely and forget the profile."""
        with contextlib.suppress(Exception):
            self.context.close()
        time.sleep(0.2)
        shutil.rmtree(self.profile, ignore_errors=True)
