"""Trying a file again that is here already, with what was chosen meanwhile: boxes ticked, columns named, words explained."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.http import QueryDict

from backend.core import files
from backend.core.days import today
from backend.core.problems import Problem
from backend.office.setting_up.importing import try_soon
from backend.office.setting_up.kinds import kind_named
from backend.trust.imports import running
from backend.trust.imports.cells import folded
from backend.trust.imports.choosing import EMPTY, OTHERS
from backend.trust.imports.kinds import Kind, Options
from backend.trust.models import Import, Person

AS_IT_IS: Final = ""
LEAVE_EMPTY: Final = "empty"
LEAVE_OUT: Final = "out"
MEANS: Final = "is:"
FEW_HEADERS: Final = 15  # a file of more is a register that somebody else made: its columns are known by name


def choosing_of(row: Import, kind: Kind) -> dict[str, Any]:
    """What can be chosen of a trial: ticks, columns that were not found among headers that were not known, words."""
    options = row.options
    report = row.report
    unknown = [each for each in report.get("unknown", []) if each]
    lacking = set(report.get("lacking", []))
    columns = [each for each in kind.columns(Options(today(), row.school, row.site)) if each.key in lacking]
    if report.get("unknown_count", len(unknown)) > FEW_HEADERS and not any(each.required for each in columns):
        unknown = []
    headers = [(f"header-{place}", header) for place, header in enumerate(unknown)] if columns else []
    words = [
        {**each, "name": f"word-{place}", "offered": others_than(each, report.get("offered", {}).get(each["key"], []))}
        for place, each in enumerate(report.get("words", []))
    ]
    ticks = [(tick, tick.key in options.get("ticks", [])) for tick in kind.ticks]
    said = said_before(row, kind)
    found = {"ticks": ticks, "columns": columns, "headers": headers, "words": words, "said": said}
    return found if ticks or headers or words or said else {}


def others_than(word: Mapping[str, Any], offered: list[str]) -> list[str]:
    """What else there is to choose from: not the word itself, nor what is likely and stands first."""
    first = {folded(word["text"]), *map(folded, word["likely"])}
    return [each for each in offered if folded(each) not in first]


def said_before(row: Import, kind: Kind) -> list[dict[str, str]]:
    """What was answered for this file so far, so that it can be taken back."""
    names = {each.key: each.name for each in kind.columns(Options(today(), row.school, row.site))}
    return [
        {
            "name": json.dumps([key, text]),
            "column": names.get(key, key),
            "text": "all that could not be read" if text == OTHERS else f"“{text}”",
            "to": "the rows are left out" if to is None else f"“{to}”" if to else "left empty",
        }
        for key, words in running.options_of(row).chosen.words.items()
        for text, to in words.items()
    ]


def taken_back(sent: QueryDict) -> list[tuple[str, str]]:
    """The answers that were taken back; what is not ours is passed over."""
    found = []
    for each in sent.getlist("back"):
        try:
            key, text = json.loads(each)
            found.append((str(key), str(text)))
        except (ValueError, TypeError):
            continue
    return found


def chosen_words(sent: QueryDict, words: list[dict[str, Any]]) -> dict[str, dict[str, str | None]]:
    """What each word stands for, as it was chosen; what was left as it is is not in it."""
    said: dict[str, dict[str, str | None]] = {}
    for place, word in enumerate(words):
        answer = sent.get(f"word-{place}", AS_IT_IS)
        if answer == LEAVE_OUT:
            said.setdefault(word["key"], {})[word["text"]] = None
        elif answer == LEAVE_EMPTY and not word["needed"]:
            said.setdefault(word["key"], {})[word["text"]] = EMPTY
        elif answer.startswith(MEANS):
            said.setdefault(word["key"], {})[word["text"]] = answer.removeprefix(MEANS)[:200]
    return said


def chosen_columns(sent: QueryDict, report: Mapping[str, Any]) -> dict[str, str]:
    """Which header each column has, as it was chosen."""
    lacking = set(report.get("lacking", []))
    asked = {sent.get(f"header-{place}", ""): header for place, header in enumerate(filter(None, report.get("unknown", [])))}
    return {key: header for key, header in asked.items() if key in lacking}


@transaction.atomic
def tried_again(row: Import, sent: QueryDict, *, person: Person) -> Import:
    """The same file as a new trial, with what was chosen; the trial before is dropped. Raises Problem."""
    row = Import.objects.select_for_update(of=("self",)).select_related("school", "site__school").get(pk=row.pk)
    if row.state not in (Import.State.READY, Import.State.REFUSED):
        raise Problem("not_ready", "This import is being read, is being applied, or was applied.", status=409)
    kind = kind_named(row.kind)
    options = running.options_of(row)
    options.ticks = frozenset(sent.getlist("tick")) & {tick.key for tick in kind.ticks}
    options.chosen = options.chosen.without(taken_back(sent))
    options.chosen = options.chosen.with_more(chosen_columns(sent, row.report), chosen_words(sent, row.report.get("words", [])))
    content = files.read(running.place_of(row.pk, running.MAIN))
    fresh = running.begin(kind=kind, content=content, options=options, actor=person, file_name=row.file_name)
    running.drop(row, actor=person)
    try_soon(fresh, len(content))
    return fresh
