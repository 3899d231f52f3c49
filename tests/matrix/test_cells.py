"""Every cell of the table, asked for real: as each person, with each sort of row, writes included.

A cell is wrong when the answer is another than the table's, when it speaks of a place that is not the asker's to know of,
when a refused write changed anything, when a row that is hidden looks different from one that does not exist, or when what
happens elsewhere shows in an answer.
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, Lapse, Plan
from backend.maintenance.models import Defect
from backend.trust.models import Building, Site, Space
from tests.matrix.asking import ask, cell_of_its_own, fingerprint, outcome, places_in, send, told, written
from tests.matrix.columns import ANNEXE, COLUMNS, RIVERSIDE, SITES, Column
from tests.matrix.declared import lines
from tests.matrix.lines import BESIDE, HELD, HIDDEN, NAMED, NOBODYS, THERE, WORDS, YES, Line, estate
from tests.matrix.world import MatrixWorld, crowd

BY_ADDRESS: dict[str, list[Line]] = {}
for each in lines():
    BY_ADDRESS.setdefault(f"{each.method} /{each.route}", []).append(each)
IDS_BY_SITE = {
    "site": (Site, "pk"), "building": (Building, "site"), "space": (Space, "building__site"), "asset": (Asset, "site"),
    "plan": (Plan, "site"), "record": (CheckRecord, "site"), "defect": (Defect, "site"), "lapse": (Lapse, "plan__site"),
}  # fmt: skip


LOOKING_ON = {RIVERSIDE: {"caretaker", "site-manager", "staff"}, ANNEXE: {"site-manager of one site"}}
"""Place -> who must not notice more rows there: of each sort of reach one. (The cells above ask everybody.)"""

NEVER_ALIKE = {"GET /metrics", "GET /status/", "GET /account/second-step/app/", "GET /account/data.zip"}
"""Two count the whole installation, for those who run it; one draws a fresh secret, and one holds the moment it was made."""


@pytest.fixture(scope="module")
def standing(matrix):
    """What stands in the database before any cell is asked."""
    return {False: fingerprint(), True: fingerprint(estate_only=True)}


@pytest.mark.parametrize("address", BY_ADDRESS)
def test_every_cell_is_as_the_table_says(matrix, standing, address):
    wrong: list[str] = []
    unknown: dict[object, object] = {}  # what is said of no such row, which is asked first
    for line in sorted(BY_ADDRESS[address], key=lambda line: line.whose != NOBODYS):
        for column in COLUMNS:
            said = faults(matrix, standing, line, column, unknown)
            wrong += [f"{line.asked or 'it'}, {line.whose}, {column.name}: {each}" for each in said]
    assert not wrong, f"{len(wrong)} wrong at {address}\n" + "\n".join(wrong[:60])


def faults(
    world: MatrixWorld, standing: dict[bool, dict[str, Any]], line: Line, column: Column, unknown: dict[object, object]
) -> list[str]:
    """What is wrong with one cell."""
    wanted, found = line.says(column), []
    estate_only = wanted == HELD or not line.quiet
    with cell_of_its_own():
        before = 0 if line.method == "GET" else written(estate_only=estate_only)
        asked, answer = ask(world, line, column)
        got = outcome(world, line, asked, answer)
        if got != told_as(line, wanted):
            found.append(f"{got} (HTTP {answer.status}), the table says {wanted}: {answer.content[:160]!r}")
        if line.method != "GET":
            touched = written(estate_only=estate_only) != before
            found += changed(standing[estate_only], line, wanted, touched=touched, estate_only=estate_only)
    spoken = places_in(world, answer, asked.echo)
    if elsewhere := spoken - line.shows(column):
        found.append(f"it speaks of {', '.join(sorted(elsewhere))}")
    if line.proves and got == wanted == YES and not spoken:
        found.append("a yes that shows nothing of the row")
    if line.exact and answer.status == 200:
        found += miscounted(world, line, column, json.loads(answer.content))
    gist, key = answer.gist(asked.echo), (line.asked, column.name)
    if line.whose == NOBODYS:
        unknown[key] = gist
    elif wanted == HIDDEN and line.whose != NAMED and unknown.get(key, gist) != gist:
        found.append(f"not what is said of no such row: {gist} but {unknown[key]}")
    return found


def told_as(line: Line, wanted: str) -> str:
    """The expected cell, as far as this list names its places at all."""
    if line.tells is None or wanted not in WORDS.values():
        return wanted
    places = next(places for places, word in WORDS.items() if word == wanted)
    return WORDS[places & line.tells]


def changed(standing: dict[str, Any], line: Line, wanted: str, *, touched: bool, estate_only: bool) -> list[str]:
    """Whether a refused write left anything behind, or a good one nothing. Rows written and taken back are nothing."""
    if wanted == YES:
        return [] if touched or not line.writes else ["a yes that changed nothing"]
    if not touched:
        return []
    now = fingerprint(estate_only=estate_only)
    left = [name for name in now if now[name] != standing[name]]
    return [f"it changed {', '.join(left)}"] if left else []


def miscounted(world: MatrixWorld, line: Line, column: Column, body: dict[str, Any]) -> list[str]:
    """Whether a list of the API holds other rows than those of the asker's places, or counts others."""
    found = [] if body["count"] == len(body["results"]) else [f"counts {body['count']}, shows {len(body['results'])}"]
    if line.thing in IDS_BY_SITE:
        model, path = IDS_BY_SITE[line.thing]
        sites = [world.sites[place].pk for place in estate(column) & SITES]
        theirs = {str(pk) for pk in model._default_manager.filter(**{f"{path}__in": sites}).values_list("pk", flat=True)}
        if theirs != {row["id"] for row in body["results"]}:
            found.append(f"shows {len(body['results'])} rows, {len(theirs)} are theirs")
    return found


@pytest.mark.parametrize("address", [name for name in BY_ADDRESS if name.startswith("GET ") and name not in NEVER_ALIKE])
def test_what_happens_elsewhere_changes_no_byte_of_an_answer(matrix, address):
    """Counts, boards, facets, searches, next links, ETags: a crowd of rows where the asker may not look shows in none of them."""
    reads = [line for line in BY_ADDRESS[address] if line.whose not in (NOBODYS, BESIDE, THERE) or line.tells]
    wrong = []
    for place, names in LOOKING_ON.items():
        cells = [(line, column) for line in reads for column in COLUMNS if column.name in names]
        for _ in range(3):  # what tells the time or draws a number differs now and then, a leak each time
            cells = noticing(matrix, place, cells)
        wrong += [f"{line.asked or 'it'}, {line.whose}, {column.name}: notices more at {place}" for line, column in cells]
    assert not wrong, "\n".join(wrong[:40])


def noticing(world: MatrixWorld, place: str, cells: list[tuple[Line, Column]]) -> list[tuple[Line, Column]]:
    """Those of the cells whose answers are others when there is more at a place."""
    before = [gist(world, *each) for each in cells]
    with cell_of_its_own():
        if cells:
            crowd(world, place)
        now = [gist(world, *each) for each in cells]
    return [each for each, then, after in zip(cells, before, now, strict=True) if then != after]


def gist(world: MatrixWorld, line: Line, column: Column) -> object:
    """What an answer comes to; of a list of the API, also its first page of one row, with its count and next link."""
    asked, answer = ask(world, line, column)
    if not line.exact:
        return answer.gist(())
    return answer.gist(()), told(send(world, column, "GET", replace(asked, query={"page_size": "1"}))).gist(())
