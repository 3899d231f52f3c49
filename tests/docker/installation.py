"""What the image would hold, as plain processes: the tree read-only, production settings, a user that is not root."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.e2e.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "estates.example.org"
WAIT_SECONDS = 60
SITE_PACKAGES = next(Path(path) for path in sys.path if path.endswith("site-packages"))
OTHER_PYTHONS = ("/usr/bin/python3.11", "/usr/local/bin/python3.11")
SET_UP = """
import datetime as dt
from backend.trust.models import *
trust = Trust.objects.create(name="Example Trust", uid="T9")
school = School.objects.create(trust=trust, name="Ashgrove", urn=900009, phase="primary")
site = Site.objects.create(school=school, name="Ashgrove site")
building = Building.objects.create(site=site, name="Main block")
person = Person(email="caretaker@example.org", name="Kim Ashgrove")
person.set_password("a-long-test-password")
person.save()
Appointment.objects.create(person=person, role="caretaker", school=school, starts_on=dt.date(2020, 1, 1))
print(site.pk, person.pk)
"""


@cache
def other_user() -> int | None:
    """The user to run as when we are root: `nobody`. None when we are nobody special already."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


@cache
def python_for_them() -> str | None:
    """A Python that this user can run (root's own may lie in a closed home); None when there is none."""
    for path in (sys.executable, *OTHER_PYTHONS):
        command = [path, "-c", "import sys, encodings; print(sys.version_info[:2])"]
        try:
            done = subprocess.run(command, user=other_user(), capture_output=True, text=True, check=False, cwd="/")
        except OSError:
            continue
        if done.returncode == 0 and done.stdout.strip() == str(sys.version_info[:2]):
            return path
    return None


def copied_tree(to: Path) -> Path:
    """What the Dockerfile copies, and nothing else; then closed against writing."""
    for name in ("manage.py", "pyproject.toml", "LICENSE", "docker/entrypoint.sh"):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, to / name)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("schedules", "fixtures", "backend", "fieldapp/dist", "node_modules/htmx.org/dist"):
        shutil.copytree(ROOT / name, to / name, ignore=ignored)
    return to


def close(folder: Path) -> None:
    """Nobody may write below a folder any more."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() or path.suffix == ".sh" else 0o444)


@dataclass
class Installation:
    """Siteward as installed: `tree` is the program, `var` its only writable place, `url` the database."""

    tree: Path
    var: Path
    url: str
    port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a container: nothing of ours is inherited."""
        python = python_for_them()
        assert python
        bin_folder = self.var.parent / "bin"
        bin_folder.mkdir(exist_ok=True)
        script = f'#!/bin/sh\nexec "{python}" "$@"\n'
        if not (bin_folder / "python").exists():
            (bin_folder / "python").write_text(script)
            (bin_folder / "python").chmod(0o755)
        return {
            "PATH": f"{bin_folder}:/usr/bin:/bin",
            "PYTHONPATH": "" if python == sys.executable else str(SITE_PACKAGES),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MALLOC_ARENA_MAX": "2",
            "HOME": str(self.var),
            "TMPDIR": str(self.var),
            "DATABASE_URL": self.url,
            "SITEWARD_DEMO": "false",
            "SITEWARD_BEHIND_PROXY": "true",
            "SITEWARD_HOSTS": HOST,
            "SITEWARD_ORIGINS": f"https://{HOST}",
            "SITEWARD_LABEL_HOST": "Q.EXAMPLE.UK",
            "SITEWARD_VAR": str(self.var),
            "SITEWARD_STATIC": str(self.tree / "static"),
            "SITEWARD_SECRET_KEY_FILE": str(self.var / "secret_key"),
            "SITEWARD_BIND": f"127.0.0.1:{self.port}",
            **self.more,
        }

    def run(self, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """The entrypoint with these words, to its end."""
        command = [str(self.tree / "docker/entrypoint.sh"), *words]
        done = subprocess.run(
            command, env=self.env, user=other_user(), cwd="/", capture_output=True, text=True, check=False, timeout=180
        )
        assert not check or done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-3000:])
        return done

    def start(self, word: str) -> "subprocess.Popen[bytes]":
        """The entrypoint with this word, in the background; what it says goes to <var>/<word>.log."""
        said = (self.var.parent / f"{word}.log").open("ab")
        command = [str(self.tree / "docker/entrypoint.sh"), word]
        process = subprocess.Popen(
            command, env=self.env, user=other_user(), cwd="/", stdout=said, stderr=said, start_new_session=True
        )
        self.running.append(process)
        return process

    def log(self, word: str) -> str:
        """What it said."""
        return (self.var.parent / f"{word}.log").read_text(errors="replace")

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """As the proxy would ask: status, body and headers. Status 0 when nobody answers."""
        said = {"Host": HOST, "X-Forwarded-Proto": "https", **{k.replace("_", "-"): v for k, v in headers.items()}}
        data = None
        if body is not None:
            data, said["Content-Type"] = json.dumps(body).encode(), "application/json"
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=said)
        try:
            with urllib.request.build_opener(Straight).open(asked, timeout=20) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read(), dict(refused.headers)
        except OSError:
            return 0, b"", {}

    def wait_for(self, status: int, path: str = "/healthz", seconds: float = WAIT_SECONDS) -> bytes:
        """Until the path answers so; its body."""
        deadline, got, body = time.monotonic() + seconds, -1, b""
        while time.monotonic() < deadline:
            got, body, _ = self.ask(path)
            if got == status:
                return body
            time.sleep(0.3)
        raise AssertionError(f"{path} answered {got}, not {status}: {body[:500]!r} {self.log('web')[-2000:]}")

    def stop(self, process: "subprocess.Popen[bytes]", seconds: float = 40) -> int:
        """TERM, as a container is stopped; its exit code."""
        process.send_signal(signal.SIGTERM)
        return process.wait(seconds)

    def end(self) -> None:
        """Kill what is left."""
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


class Straight(urllib.request.HTTPRedirectHandler):
    """Redirections are looked at, not followed."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """None: the answer itself is what counts."""
        return


def install(folder: Path, url: str, **more: str) -> Installation:
    """Build it as the Dockerfile does, in an empty folder that everybody may enter."""
    for each in (folder, *folder.parents):
        if each.owner() != "root" or str(each).startswith("/tmp/"):
            each.chmod(each.stat().st_mode | 0o055)
    tree, var = folder / "app", folder / "var"
    tree.mkdir()
    var.mkdir()
    copied_tree(tree)
    (var / "secret_key").write_text("j8Jq2Lr5Wn0Zt7Xy4Vb1Mc6Pd9Sf3Gh8Kj5Lq2Wr7Et0Yu4Io1Pa6Sd9")
    made = Installation(tree, var, url, more=more)
    env = {**made.env, "DATABASE_URL": "postgres://nobody@localhost/none", "PATH": os.environ["PATH"], "PYTHONPATH": ""}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=tree, env=env, check=True, capture_output=True
    )
    close(tree)
    user = other_user()
    if user is not None:
        for path in (var, *var.rglob("*")):
            os.chown(path, user, -1)
    return made
