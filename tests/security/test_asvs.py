"""The table of OWASP ASVS: every requirement of levels 1 and 2 stands in it once, and what is met names something that exists."""

import re
from collections import Counter

from tests.arch.test_house import ROOT

TABLE = ROOT / "docker" / "ASVS.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (\w[\w/]*) \| (.+?) \|$")
LEVELS = {
    "1.1": "22", "1.2": "111112222", "1.3": "11222222222", "1.4": "222", "1.5": "12", "2.1": "122", "2.2": "112", "2.3": "1222",
    "2.4": "2", "3.2": "11", "3.3": "1222", "3.4": "112222", "3.5": "11122", "3.7": "22", "4.1": "122", "4.2": "2", "4.3": "22",
    "4.4": "1222", "5.1": "2", "5.2": "112", "5.3": "11", "5.4": "222", "6.1": "122", "6.2": "111111112222", "6.3": "1122",
    "6.4": "1122", "6.5": "22222", "6.6": "222", "6.8": "2222", "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222",
    "7.5": "22", "7.6": "22", "8.1": "12", "8.2": "112", "8.3": "1", "8.4": "2", "9.1": "111", "9.2": "1222", "10.1": "22",
    "10.2": "22", "10.3": "2222", "10.4": "11111222222", "10.5": "22222", "10.6": "22", "10.7": "222", "11.1": "22",
    "11.2": "222", "11.3": "112", "11.4": "1222", "11.5": "2", "11.6": "2", "12.1": "122", "12.2": "11", "12.3": "2222",
    "13.1": "2", "13.2": "22222", "13.3": "22", "13.4": "12222", "14.1": "22", "14.2": "1222", "14.3": "122", "15.1": "122",
    "15.2": "122", "15.3": "1222222", "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "222", "17.1": "2",
    "17.2": "2222", "17.3": "22",
}  # fmt: skip
"""Section -> the level of each requirement in order, of version 5.0.0 (in every section level 3 comes last)."""


def rows():
    """The table's rows: number, level, words, state, where."""
    return [match.groups() for line in TABLE.read_text().splitlines() if (match := ROW.match(line))]


def test_every_requirement_of_levels_1_and_2_stands_there_once_at_its_level():
    wanted = {f"{section}.{n}": level for section, levels in LEVELS.items() for n, level in enumerate(levels, 1)}
    assert Counter(wanted.values()) == {"1": 70, "2": 183}
    found = rows()
    assert not [number for number, times in Counter(row[0] for row in found).items() if times > 1]
    assert {row[0]: row[1] for row in found} == wanted
    lines = [line for line in TABLE.read_text().splitlines() if re.match(r"^\| \d", line)]
    assert len(lines) == len(found), "a row that is not read"


def test_what_is_met_names_something_that_exists():
    wrong = []
    for number, _, _, state, where in rows():
        named = [
            each
            for each in re.findall(r"`([^`]+)`", where)
            if "/" in each or each.endswith((".md", ".yaml", ".txt", ".json", ".toml", ".in"))
        ]
        gone = [each for each in named if not (ROOT / each).exists() and not each.startswith("/")]
        if state not in {"met", "n/a", "open"} or gone or (state == "met" and not named and ".dockerignore" not in where):
            wrong.append((number, state, gone))
    assert not wrong


def test_it_is_honest_enough_to_have_open_rows():
    states = Counter(row[3] for row in rows())
    assert states["open"] >= 10
    assert states["met"] > states["open"]
