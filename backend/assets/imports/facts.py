"""The details of a kind of asset, from the further columns of a spreadsheet: "Fact: agent"."""

import re
from typing import Any, Final

from backend.assets.known import facts_asked
from backend.assets.models import AssetType
from backend.rules.asset_facts import faults
from backend.trust.imports.cells import Wrong, day, number
from backend.trust.imports.tables import Row, Table

FACT: Final = re.compile(r"fact[:. _-]+(.+)", re.IGNORECASE)


def facts_of(row: Row) -> dict[str, Any]:
    """The facts that further columns tell."""
    facts: dict[str, Any] = {}
    for header, text in row.more.items():
        named = FACT.fullmatch(header)
        if not named or not text:
            continue
        key = key_of(named[1])
        if text.lower() in ("yes", "no"):
            facts[key] = text.lower() == "yes"
        elif re.fullmatch(r"-?[\d,]+(\.\d+)?", text):
            facts[key] = int(found) if (found := number(text)).is_integer() else found
        elif ";" in text:
            facts[key] = [folded_fact(each) for each in text.split(";") if each.strip()]
        else:
            facts[key] = folded_fact(text)
    return facts


def judge_facts(table: Table, row: Row, kind: AssetType, facts: dict[str, Any]) -> None:
    """A detail that the library knows must be what it asks for; others are kept as they are written."""
    asked = facts_asked(kind.pk)
    for key in {key for key in facts if key in asked and asked[key].type in ("text", "date")}:
        facts[key] = as_written(row, key, asked[key].type)
    for key, said in faults(asked, facts, {}).items():
        table.wrong(row, "", f"{asked[key].label}: “{facts[key]}” cannot be. {said}")


def as_written(row: Row, key: str, kind: str) -> str:
    """A detail in words as they were written, or a day as it is kept, where it can be read as one."""
    text = next(text for header, text in row.more.items() if (found := FACT.fullmatch(header)) and key_of(found[1]) == key)
    try:
        return day(text).isoformat() if kind == "date" else text
    except Wrong:
        return text


def key_of(header: str) -> str:
    """A detail's key by what a column calls it."""
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")


def folded_fact(text: str) -> str:
    """A choice as the library spells it: "Wet chemical" is wet-chemical."""
    return re.sub(r"[\s_]+", "-", text.strip().lower())
