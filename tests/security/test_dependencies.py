"""`make audit`: locks are whole, and it never calls green what nobody has looked at."""

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

from backend.config import dependencies
from backend.config.dependencies import ANSWERED, FOUND, UNANSWERED, fault_of_locks

FILES = ("requirements.txt", "requirements.in", "requirements-dev.txt", "requirements-dev.in", "package-lock.json")
ANSWERS = """import json, sys
args = sys.argv[1:]
weak = {weak!r}
if "audit" in args:
    known = "lodash" in open("package-lock.json").read() and "siteward" not in open("package-lock.json").read()
    print(json.dumps({{"vulnerabilities": {{"lodash": {{"severity": "high"}}}} if known or "npm" in weak else {{}}}}))
else:
    lock = open(args[args.index("-r") + 1]).read()
    name = "jinja2" if "jinja2==2.4.1" in lock else "django"
    bad = [{{"id": "PYSEC-1"}}] if name == "jinja2" or "python" in weak else []
    print("notes first")
    print(json.dumps({{"dependencies": [{{"name": name, "version": "1", "vulns": bad}}]}}))
"""


@pytest.fixture
def copy(tmp_path):
    """The lock files, to spoil."""
    for name in FILES:
        shutil.copy(dependencies.ROOT / name, tmp_path / name)
    return tmp_path


def test_the_locks_of_this_repository_are_whole():
    assert fault_of_locks(dependencies.ROOT) == []


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Change a file in one place."""
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))


def test_a_lock_that_was_spoilt_is_found(copy):
    lines = (copy / "requirements.txt").read_text().splitlines()
    last = max(number for number, line in enumerate(lines) if line[:1].isalnum())
    (copy / "requirements.txt").write_text("\n".join([*lines[:last], lines[last].split()[0], "left-pad>=1", ""]))
    spoil(copy, "requirements-dev.in", "pytest\n", "pytest\nnot-locked[extra]>=2\n")
    spoil(copy, "requirements-dev.txt", "pytest==", "evil @ https://example.org/evil.whl\npytest==")
    lock = json.loads((copy / "package-lock.json").read_text())
    first, second = [name for name in lock["packages"] if name][:2]
    del lock["packages"][first]["integrity"]
    lock["packages"][second]["resolved"] = "https://example.org/x.tgz"
    (copy / "package-lock.json").write_text(json.dumps(lock))
    said = "\n".join(fault_of_locks(copy))
    for wrong in (f"{lines[last].split('==')[0]} has no hash", "“left-pad>=1” names no exact version", "asks for not-locked",
                  "requirements-dev.txt holds an address", f"{first} has no SHA-512", f"{second} holds an address"):  # fmt: skip
        assert wrong in said, wrong


def tools(folder: Path, text: str) -> Path:
    """A folder with a pip-audit and an npm that run this Python text."""
    folder.mkdir(exist_ok=True)
    for name in ("pip-audit", "npm"):
        tool = folder / name
        tool.write_text(f"#!{sys.executable}\n{text}")
        tool.chmod(tool.stat().st_mode | stat.S_IEXEC)
    return folder


@pytest.mark.parametrize(("weak", "code"), [("", ANSWERED), ("python", FOUND), ("npm", FOUND)])
def test_it_tells_clean_from_weak(tmp_path, monkeypatch, capsys, weak, code):
    monkeypatch.setattr(dependencies, "BIN", tools(tmp_path / "bin", ANSWERS.format(weak=weak)))
    assert dependencies.main() == code
    assert ("No weakness is known" in capsys.readouterr().out) == (code == ANSWERED)


@pytest.mark.parametrize(
    "text",
    ["raise SystemExit('no network')", "print('{}')", "print('No known vulnerabilities found')",
     'print(\'{"dependencies": [{"name": "x", "skip_reason": "not found"}], "vulnerabilities": {}}\')',
     'print(\'{"dependencies": [{"name": "x", "version": "1", "vulns": []}], "vulnerabilities": {}}\')'],
)  # fmt: skip
def test_a_source_that_does_not_know_a_weak_library_is_no_source(tmp_path, monkeypatch, capsys, text):
    """Nothing, an empty answer, "all well" from a mirror without advisories: exit code 3, and it says what that means."""
    monkeypatch.setattr(dependencies, "BIN", tools(tmp_path / "bin", text))
    assert dependencies.main() == UNANSWERED
    said = capsys.readouterr().out
    assert said.count("was not found out") == 2
    assert "No weakness is known" not in said


def test_every_licence_of_what_is_shipped_was_read():
    unread = {
        licence: names for licence, names in dependencies.licences().items() if not dependencies.FREELY_USED.search(licence)
    }
    assert not unread
