"""A WebKit browser, driven over plain WebDriver calls: Debian's webkit2gtk-driver and its MiniBrowser on an unseen screen."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

INSTALL = "apt-get install -y --no-install-recommends webkit2gtk-driver xvfb xauth"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
WAIT_SECONDS = 30


def mini_browser() -> str:
    """Where the browser lies. Fails with what to install when anything is missing."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    missing = [name for name in ("WebKitWebDriver", "xvfb-run") if not shutil.which(name)]
    assert found and not missing, f"WebKit is not installed ({', '.join(missing) or 'MiniBrowser'}): {INSTALL}"
    return str(found[0])


class WebKit:
    """One window. Elements are found by XPath and waited for; a session keeps nothing once it is closed."""

    def __init__(self) -> None:
        browser = mini_browser()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self.base = f"http://127.0.0.1:{port}"
        self.folder = tempfile.mkdtemp(prefix="siteward-webkit-")
        env = {
            **os.environ,
            "XDG_RUNTIME_DIR": self.folder,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "LANG": "en_GB.UTF-8",
        }
        screen = ["xvfb-run", "-a", "-s", "-screen 0 800x1000x24"]
        self.process = subprocess.Popen(
            [*screen, "WebKitWebDriver", f"--port={port}"],
            env=env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.session = ""
        answer = self.until(lambda: self.call("POST", "/session", wanted), OSError)
        self.session = f"/session/{answer['sessionId']}"

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One WebDriver command; raises LookupError with the driver's words when it refuses."""
        data = None if method == "GET" else json.dumps(body or {}).encode()
        ask = urllib.request.Request(self.base + self.session + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(ask, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refusal:
            raise LookupError(refusal.read().decode(errors="replace")[:500]) from refusal

    def until(self, what: Any, *faults: type[Exception], seconds: float = WAIT_SECONDS) -> Any:
        """What it gives at last, once it gives something true and raises none of these."""
        deadline = time.monotonic() + seconds
        fault: Exception | None = None
        while time.monotonic() < deadline:
            try:
                if found := what():
                    return found
            except faults as problem:
                fault = problem
            time.sleep(0.2)
        raise AssertionError(f"waited {seconds:.0f} s for nothing: {fault or self.text()}")

    def open(self, url: str) -> None:
        """Go to an address."""
        self.call("POST", "/url", {"url": url})

    def run(self, script: str) -> Any:
        """What a script returns in the page."""
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def text(self) -> str:
        """All that the page says."""
        return str(self.run("return document.body.innerText")) if self.session else ""

    def sees(self, words: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait until the page says this."""
        self.until(lambda: words in self.text(), LookupError, seconds=seconds)

    def element(self, xpath: str) -> str:
        """The path of the first element that fits, once there is one."""
        found = self.until(lambda: self.call("POST", "/element", {"using": "xpath", "value": xpath}), LookupError)
        return f"/element/{found[ELEMENT]}"

    def press(self, words: str) -> None:
        """Press the button, link or choice that says this."""
        fits = f"normalize-space(.)='{words}' or @aria-label='{words}'"
        self.until(lambda: self.pressed(f"(//button|//a|//label)[{fits}]"), LookupError)

    def pressed(self, xpath: str) -> bool:
        """Press once; LookupError when it is hidden or just being drawn anew."""
        self.call("POST", self.element(xpath) + "/click")
        return True

    def write(self, label: str, words: str) -> None:
        """Type into the field of that label."""
        field = self.element(f"//input[@id=//label[starts-with(normalize-space(.), '{label}')]/@for]")
        self.call("POST", field + "/value", {"text": words})

    def picture(self, path: Path) -> None:
        """A picture of the window."""
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def close(self) -> None:
        """End the driver, its browser and its screen."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)
