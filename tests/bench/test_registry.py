"""Every bench of the contract is measured, or awaits code that is not there; what appears without its bench fails the build."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from tests.bench.registry import AWAITED, BY_ITSELF, MEASURED, Awaited, benches

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = {
    "scan", "list", "record", "push", "compliance", "dashboard", "snapshot", "search", "import", "evidence", "national",
    "position", "statements", "qr", "phone",
}  # fmt: skip


def words_of_addresses(patterns=None, before: str = "") -> set[str]:
    """Every plain word between slashes of every address there is."""
    found: set[str] = set()
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found |= words_of_addresses(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            found |= {word for word in re.split(r"[/.^$]", route) if re.fullmatch(r"[a-z][a-z-]*", word)}
    return found


def code_there_is() -> set[str]:
    """Words of addresses and commands of our own."""
    ours = {name for name, app in get_commands().items() if app.startswith("backend.")}
    return words_of_addresses() | ours


def appeared(awaited: Awaited, words: set[str]) -> set[str]:
    """What of an awaited bench's code is there already."""
    apps = {each for each in awaited.apps if (ROOT / "backend" / each / "apps.py").exists()}
    return (set(awaited.signs) & words) | apps


def test_every_bench_of_the_contract_is_measured_or_awaited():
    assert set(MEASURED) | set(AWAITED) | set(BY_ITSELF) == CONTRACT
    assert not set(MEASURED) & set(AWAITED)
    assert all(callable(benches(name)) for name in MEASURED)


@pytest.mark.parametrize("name", sorted(AWAITED))
def test_what_awaits_its_code_is_measured_as_soon_as_the_code_is_there(name):
    there = appeared(AWAITED[name], code_there_is())
    assert not there, f"{there} is there now: write the bench {name!r} and move it to MEASURED in tests/bench/registry.py"


def test_the_signs_would_be_seen():
    words = code_there_is()
    assert {"compliance", "assets", "by-tag", "labels", "library"} <= words
    assert appeared(Awaited("", signs=("labels",)), words) == {"labels"}
    assert appeared(Awaited("", apps=("checks",)), words) == {"checks"}
