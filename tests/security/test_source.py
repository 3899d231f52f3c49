"""What may not stand in our own source: a second CSV writer, a fetched address, a guessable id, a pattern that never ends."""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps

from tests.arch.sweep import addresses
from tests.arch.test_house import PYTHON, ROOT

NUMBERED = {
    "api/v1/terms/<int:id>": "a school's term dates, which stand on its website",
    "api/v1/calendar-marks/<int:id>": "INSET days and closures, likewise",
    "api/v1/check-types/<slug:code>/revisions/<int:number>": "the published library, readable by every person",
    "floor-plans/<uuid:id>/versions/<int:number>": "the versions of one floor plan, whose own id nobody can guess",
    "floor-plans/<uuid:id>/picture/<int:number>/<slug:size>": "their pictures, likewise",
    "account/second-step/<int:number>/remove": "one's own second factors: looked for among one's own",
}
"""Addresses with a number that counts up, each with what it may tell."""
FETCHING = {
    "requests",
    "urllib.request",
    "urllib3",
    "httpx",
    "http.client",
    "aiohttp",
    "ftplib",
    "smtplib",
    "telnetlib",
    "socket",
}
MAY_CONNECT = {
    "backend/core/malware.py": "the malware scanner, at the address of a setting",
    "backend/config/working.py": "asks this machine's own name",
    "backend/office/views/signin_steps.py": "names the errors of allauth's call to the identity provider of the settings",
    "backend/core/outgoing.py": "webhooks: an address that somebody typed, judged and pinned (tests/office/events)",
    "backend/config/serving.py": "listens: looks for a free port and this machine's own address",
}
"""Modules that open connections, each to where a setting says; one alone to an address that somebody has typed."""
SPREADSHEETS = {"csv", "openpyxl", "xlsxwriter", "xlwt", "odf"}
PARSERS_OF_XML = {"xml", "lxml", "defusedxml", "pyexpat"}
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
UNPICKLERS = {"pickle", "marshal", "shelve", "dill"}


MARKS = {
    "backend/office/views/helping.py",  # the help pages, from our own Markdown
    "backend/office/views/account_factors.py",  # a QR code that was drawn here
    "backend/core/templatetags/words.py",
    "backend/office/templatetags/estate.py",
    "backend/office/templatetags/firms.py",  # marks, by format_html
    "backend/office/templatetags/risks.py",
}


def modules_named(path: str) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, with its line; `from a import b` as a.b too."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from ((each.name, node.lineno) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{each.name}", node.lineno) for each in node.names)


def importers(names: set[str]) -> set[str]:
    """The files that import one of these modules, or a part of one."""
    return {
        path
        for path in PYTHON
        for name, _ in modules_named(path)
        if any(name == each or name.startswith(each + ".") for each in names)
    }


def calls(path: str) -> Iterator[ast.Call]:
    """Every call in a file."""
    return (node for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.Call))


def test_one_module_writes_spreadsheets_and_one_reads_them():
    inspectors = "backend/core/standalone/check_pack.py"  # reads a pack on another machine, with nothing of ours beside it
    assert importers(SPREADSHEETS) == {"backend/core/spreadsheets.py", "backend/core/sheets.py", inspectors}


def test_nothing_fetches_an_address_but_what_is_named_here():
    assert importers(FETCHING) == set(MAY_CONNECT)


def test_nothing_parses_xml():
    assert not importers(PARSERS_OF_XML)


def test_nothing_runs_text_or_unpickles():
    assert not importers(UNPICKLERS)
    named = [f"{path}:{call.lineno}" for path in PYTHON for call in calls(path) if getattr(call.func, "id", "") in RUNS_TEXT]
    assert not named


def test_yaml_is_read_as_data_only():
    loads = {"load", "load_all", "unsafe_load", "full_load"}
    named = [
        f"{path}:{call.lineno}"
        for path in PYTHON
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in loads and getattr(call.func.value, "id", "") == "yaml"
        and "Loader" not in ast.unparse(call)
    ]  # fmt: skip
    assert not named


def test_no_page_trusts_text_as_html():
    """mark_safe and |safe stand only where what is marked was made here."""
    marked = {path for path in PYTHON if "mark_safe" in (ROOT / path).read_text() or "SafeString" in (ROOT / path).read_text()}
    templates = [
        path for path in (ROOT / "backend").rglob("*.html") if re.search(r"\|\s*safe\b|autoescape off", path.read_text())
    ]
    assert marked <= MARKS
    assert not [str(path.relative_to(ROOT)) for path in templates if path.name not in {"help_page.html"}]


def test_the_checks_app_makes_no_html_from_text():
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|\beval\(|new Function\(")
    found = [path.name for path in (ROOT / "fieldapp" / "src").rglob("*.ts*") if risky.search(path.read_text())]
    found += [path.name for path in (ROOT / "backend").rglob("*.js") if risky.search(path.read_text())]
    assert not found


def test_no_address_holds_a_number_that_counts_up():
    counted = {address.plain.rstrip("/") for address in addresses() if re.search(r"<int:|<pk>|\\d\+", address.route)}
    assert counted == set(NUMBERED)


def test_what_has_an_address_is_named_by_an_id_that_nobody_can_guess():
    """UUIDv7: 48 bits of time and 74 drawn at random; of those made in one millisecond 42 count on and 32 are drawn.

    It is the second lock; sign-in and visible_to() are the first.
    """
    from backend.core.ids import new_id

    drawn = []
    for _ in range(400):
        time.sleep(0.0011)
        drawn.append(new_id())
    tails = {each.int & ((1 << 62) - 1) for each in drawn}
    assert len(tails) == len(drawn)
    assert all(each.version == 7 for each in drawn)
    ones = sum(bin(each.int & ((1 << 62) - 1)).count("1") for each in drawn) / (62 * len(drawn))
    assert 0.47 < ones < 0.53
    words = {word for address in addresses() if "<uuid:" in address.route for word, _ in address.parameters()}
    named = {model._meta.model_name for model in apps.get_models() if model._meta.pk.get_internal_type() == "UUIDField"}
    assert {"school", "site", "asset", "plan", "checkrecord", "lapse", "defect"} <= named
    assert len(words) >= 10


SEARCHES = {"search", "sub", "subn", "findall", "finditer", "split"}


def patterns() -> list[tuple[str, str, bool]]:
    """Every regular expression of ours: its file, its text, and whether it is looked for anywhere in a text."""
    everything = "\n".join((ROOT / path).read_text() for path in PYTHON)
    found = []
    for path in PYTHON:
        names = {value: name for name, value in named_values(path)}
        for call in calls(path):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            first = call.args[0] if call.args else None
            ours = name and getattr(getattr(call.func, "value", None), "id", "") == "re"
            if ours and isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
                text = first.value if isinstance(first.value, str) else first.value.decode("latin-1")
                known = names.get(ast.dump(call))
                searched = re.search(rf"\b{known}\.({'|'.join(SEARCHES)})\(", everything) if known else name != "fullmatch"
                found.append((path, text, bool(searched)))
    return found


def named_values(path: str) -> Iterator[tuple[str, str]]:
    """Every name that a file gives to a value, with the value."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and getattr(node, "value", None) is not None:
            yield target.id, ast.dump(node.value)  # type: ignore[attr-defined]


HOSTILE = [
    "a" * 20_000,
    "0" * 20_000,
    " " * 20_000,
    "-" * 20_000,
    "a@" * 10_000,
    "a." * 10_000,
    "1.-" * 7_000,
    "<" * 20_000,
    "=a" * 9_000,
]


def test_no_pattern_of_ours_takes_long_over_any_text():
    """Nested repeats are looked for in the pattern itself, and each pattern is tried over texts made to lead it astray."""
    nested = re.compile(r"\((?:[^()\\]|\\.)*[+*](?:[^()\\]|\\.)*\)[+*]")
    all_of_them = patterns()
    assert len(all_of_them) > 15
    slow: list[Any] = [(path, text) for path, text, _ in all_of_them if nested.search(text)]
    for path, text, searched in all_of_them:
        made = re.compile(text)
        for hostile in HOSTILE:
            started = time.process_time()
            made.fullmatch(hostile + "\x01")
            if searched:
                made.search(hostile + "\x01")
            if time.process_time() - started > 0.5:
                slow.append((path, text, hostile[:10]))
    assert not slow


def test_every_secret_may_come_from_a_file():
    """Each setting whose name says that it is secret is read by secret(), which also looks for <name>_FILE."""
    named = re.compile(r"[\"'](SITEWARD_\w*(?:SECRET|PASSWORD|TOKEN|DSN|MAIL_URL|EMAIL_URL)\w*)[\"']")
    kept: dict[str, list[str]] = {}
    for path in [each for each in PYTHON if each.startswith("backend/config/")]:
        for line in (ROOT / path).read_text().splitlines():
            for name in named.findall(line):
                kept.setdefault(name, []).append(line)
    assert {"SITEWARD_SECRET_KEY", "SITEWARD_MAIL_URL", "SITEWARD_SENTRY_DSN"} <= set(kept)
    bare = {name for name, lines in kept.items() if not any("secret(" in line or "_FILE" in name for line in lines)}
    assert not bare


def test_no_secret_is_committed():
    shapes = re.compile(
        r"AKIA[0-9A-Z]{16}|-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----|AGE-SECRET-KEY-1[A-Z0-9]{50,}|ghp_[A-Za-z0-9]{36}"
    )
    from tests.arch.test_house import FILES

    guilty = [
        path
        for path in FILES
        if Path(ROOT / path).stat().st_size < 2_000_000 and shapes.search((ROOT / path).read_text(errors="ignore"))
    ]
    assert not guilty
