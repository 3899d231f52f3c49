"""Case files: rules, calendars and completions with what must come out, run through the engine alone.

The form is in `DUE_ENGINE.md`, "Cases". Whatever is wrong with a file or a case becomes a line and a failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from typing import Any

import yaml

from backend.rules.days import SchoolDays, read_day
from backend.rules.due.done import Done
from backend.rules.due.pauses import Pause
from backend.rules.due.rule import Rule, RuleRefused
from backend.rules.due.standing import State, state
from backend.rules.due.status import Status

CASE_KEYS = ("name", "rule", "calendar", "starts_on", "done", "paused", "today", "expect")
REFUSAL_KEYS = ("refused", "error")
DATE_KEYS = ("due_on", "overdue_since", "overdue_from", "soon_from")
EXPECT_KEYS = (*DATE_KEYS, "status", "lapses", *REFUSAL_KEYS)


class CaseMalformed(ValueError):  # noqa: N818 - what happened, in the field's words
    """A case that cannot be run: the message says which part is wrong."""


@dataclass(frozen=True)
class Case:
    """One case, read: what to ask the engine, and the answers expected. `rule` is still as written."""

    name: str
    rule: Mapping[str, Any]
    days: SchoolDays
    starts_on: date
    done: tuple[Done, ...]
    paused: tuple[Pause, ...]
    today: date
    expect: Mapping[str, Any]


class _PlainLoader(yaml.SafeLoader):
    """Reads dates as text (a bad one is then that case's own fault) and `on` as the word, not as true."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_TRUTHS = {"true": True, "false": False, "yes": True, "no": False}


def run_cases(paths: Iterable[str | PathLike[str]]) -> tuple[int, int, list[str]]:
    """Run every case of these files: how many passed, how many failed, and a line for every difference.

    A file that cannot be read counts as one failure. Never raises for what is in a file.
    """
    passed, failed, lines = 0, 0, list[str]()
    for path in paths:
        try:
            cases = read_cases(Path(path))
        except CaseMalformed as wrong:
            failed += 1
            lines.append(f"{path}: {wrong}")
            continue
        for number, written in enumerate(cases, start=1):
            name, differences = _outcome(written, number)
            passed, failed = (passed, failed + 1) if differences else (passed + 1, failed)
            lines += [f"{path}: {name}: {difference}" for difference in differences]
    return passed, failed, lines


def read_cases(path: Path) -> list[object]:
    """The cases of a file as written, unread. Raises CaseMalformed when it is not a list of cases in YAML."""
    try:
        documents = list(yaml.load_all(path.read_text(encoding="utf-8-sig"), Loader=_PlainLoader))
    except OSError as wrong:
        raise CaseMalformed(f"cannot be read: {wrong.strerror or wrong}") from wrong
    except UnicodeDecodeError as wrong:
        raise CaseMalformed("is not text in UTF-8") from wrong
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        raise CaseMalformed(f"is not YAML: {' '.join(str(wrong).split())}") from wrong
    found: list[object] = []
    for document in documents:
        listed = document.get("cases") if isinstance(document, Mapping) and "cases" in document else document
        if isinstance(listed, Mapping):
            listed = [listed]
        if listed is None:
            continue
        if not isinstance(listed, list):
            raise CaseMalformed("must hold a list of cases, each beginning with '- name:'")
        found += listed
    if not found:
        raise CaseMalformed("holds no cases")
    return found


def read_case(written: object) -> Case:
    """One case. Raises CaseMalformed; the rule is left as written, because a case may expect its refusal."""
    if not isinstance(written, Mapping):
        raise CaseMalformed(f"must be a mapping of {', '.join(CASE_KEYS)}, not {written!r}")
    for key in written:
        if key not in CASE_KEYS and (near := get_close_matches(str(key), CASE_KEYS, n=1, cutoff=0.7)):
            raise CaseMalformed(f"unknown key '{key}' (did you mean '{near[0]}'?)")
    for key in ("rule", "starts_on", "today", "expect"):
        if written.get(key) is None:
            raise CaseMalformed(f"{key}: missing")
    try:
        return Case(
            name=str(written.get("name") or "(no name)"),
            rule=_mapping(written["rule"], "rule"),
            days=SchoolDays.from_mapping(written.get("calendar")),
            starts_on=read_day(written["starts_on"], "starts_on"),
            done=tuple(_read_done(item) for item in _list(written.get("done"), "done")),
            paused=tuple(_read_pause(item) for item in _list(written.get("paused"), "paused")),
            today=read_day(written["today"], "today"),
            expect=_read_expect(written["expect"]),
        )
    except CaseMalformed:
        raise
    except ValueError as wrong:
        raise CaseMalformed(str(wrong)) from wrong


UNSAID = {"clock": "standard", "calendar": "year-round"}
"""What a case's rule means where it does not say; a plan's rule must say it."""


def differences(case: Case) -> list[str]:
    """What the engine answers otherwise than the case expects, a line each; empty when it passes."""
    refused = next((case.expect[key] for key in REFUSAL_KEYS if key in case.expect), False)
    try:
        rule = Rule.from_mapping({**UNSAID, **{key: _truth(value) for key, value in case.rule.items()}})
    except RuleRefused as wrong:
        return [] if refused else [f"the rule is refused: {wrong}"]
    if refused:
        return ["the rule is accepted, expected a refusal"]
    found = state(rule, case.days, case.starts_on, case.done, case.paused, case.today)
    return [line for key, expected in case.expect.items() if (line := _difference(found, key, expected))]


def _outcome(written: object, number: int) -> tuple[str, list[str]]:
    name = written.get("name") if isinstance(written, Mapping) else None
    shown = str(name) if name else f"case {number}"
    try:
        return shown, differences(read_case(written))
    except CaseMalformed as wrong:
        return shown, [f"malformed: {wrong}"]


def _difference(found: State, key: str, expected: Any) -> str | None:
    if key in REFUSAL_KEYS:
        return None
    if key == "lapses":
        got: object = ", ".join(day.isoformat() for day in found.lapses) or "none"
        wanted: object = ", ".join(day.isoformat() for day in sorted(expected)) or "none"
    elif key == "status":
        got, wanted = found.status, expected
    else:
        got = getattr(found.stored, key) if key in ("overdue_from", "soon_from") else getattr(found, key)
        wanted = expected
    return None if got == wanted else f"{key} is {got or 'null'}, expected {wanted or 'null'}"


def _read_expect(written: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in _mapping(written, "expect").items():
        if key not in EXPECT_KEYS:
            raise CaseMalformed(f"expect: unknown key '{key}' (known: {', '.join(EXPECT_KEYS)})")
        if key in DATE_KEYS:
            found[key] = None if value is None else read_day(value, f"expect.{key}")
        elif key == "lapses":
            found[key] = [read_day(item, "expect.lapses") for item in _list(value, "expect.lapses")]
        elif key == "status" and value not in tuple(Status):
            raise CaseMalformed(f"expect.status: {value!r} is not one of {', '.join(Status)}")
        else:
            found[key] = _truth(value)
    if not found:
        raise CaseMalformed("expect: holds nothing to compare")
    return found


def _read_done(item: object) -> Done:
    if not isinstance(item, Mapping):
        return Done(read_day(item, "done"))
    entry = {"on" if key is True else key: value for key, value in item.items()}
    for key in entry:
        if key not in ("on", "stated_next"):
            raise CaseMalformed(f"done: unknown key '{key}' (known: on, stated_next)")
    stated = entry.get("stated_next")
    return Done(read_day(entry.get("on"), "done.on"), None if stated is None else read_day(stated, "done.stated_next"))


def _read_pause(item: object) -> Pause:
    if isinstance(item, Mapping) and set(item) <= {"from", "to"}:
        item = [item.get("from"), item.get("to")]
    if not isinstance(item, list | tuple) or len(item) not in (1, 2):
        raise CaseMalformed(f"paused: {item!r} is not a pair [from, to] (to may be null)")
    first = read_day(item[0], "paused")
    last = None if len(item) == 1 or item[1] is None else read_day(item[1], "paused")
    if last is not None and last < first:
        raise CaseMalformed(f"paused: {first} to {last} ends before it begins")
    return first, last


def _truth(value: object) -> object:
    """The loader leaves true and false as text, so that the key `on` stays a word."""
    return _TRUTHS.get(value.lower(), value) if isinstance(value, str) else value


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CaseMalformed(f"{where}: must be a mapping, not {value!r}")
    return value


def _list(value: object, where: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise CaseMalformed(f"{where}: must be a list, not {value!r}")
    return value
