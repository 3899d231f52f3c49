"""GIAS's other two files: which schools belong to which trust, and which school follows which."""

import datetime as dt
from typing import Final

from backend.core.sheets import lines_of
from backend.trust.imports.cells import day, folded, of_length, whole
from backend.trust.imports.kinds import Options
from backend.trust.imports.tables import Column, read_table

LINKS: Final = "links"


GROUPS: Final = "groups"


REAL: Final = frozenset({"predecessor", "predecessormerged", "predecessoramalgamated", "predecessorsplitschool"})


def members_of(options: Options, uid: str) -> frozenset[str]:
    """The URNs of the schools that the group's links give to the trust."""
    content = options.beside.get(GROUPS)
    if not content:
        return frozenset()
    columns = (Column("urn", "URN", required=True), Column("group", "Group UID", required=True), Column("status", "Group Status"))
    table = read_table(lines_of(content), columns, wanted=lambda said: said["group"] == uid)
    return frozenset(row.said["urn"] for row in table.rows)


def links_of(options: Options) -> tuple[dict[int, list[tuple[int, dt.date | None]]], dict[int, str]]:
    """URN -> its predecessors' URNs with the day of the link; and what each was called."""
    content = options.beside.get(LINKS)
    found: dict[int, list[tuple[int, dt.date | None]]] = {}
    names: dict[int, str] = {}
    if not content:
        return found, names
    columns = (
        Column("urn", "URN", whole(1, 9_999_999), required=True),
        Column("link", "LinkURN", whole(1, 9_999_999), required=True),
        Column("name", "LinkName", of_length(200)),
        Column("type", "LinkType", of_length(80), required=True),
        Column("day", "LinkEstablishedDate", day),
    )
    wanted = lambda said: folded(said["type"]) in REAL or folded(said["type"]).startswith("successor")  # noqa: E731
    for row in read_table(lines_of(content), columns, wanted=wanted).sound():
        old, new = (row["link"], row["urn"]) if folded(row["type"]) in REAL else (row["urn"], row["link"])
        found.setdefault(new, []).append((old, row["day"]))
        if folded(row["type"]) in REAL:
            names[old] = row["name"] or ""
    return found, names
