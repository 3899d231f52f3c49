"""A table by its columns: headers matched kindly, cells read, everything wrong said row by row."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backend.core.sheets import Line, clean
from backend.trust.imports.cells import Reader, Wrong, folded, is_nothing, of_length, suggested
from backend.trust.imports.choosing import EMPTY, WAS_ROW, WRONG, Chosen, HeadersMissing, same_header

HEADER_WITHIN: Final = 20  # a title and some notes may stand above the headers
MOST_FAULTS_KEPT: Final = 2000
MOST_LEFT: Final = 40  # columns: a register that somebody else made has a hundred, and is not corrected by hand
TOTALS: Final = frozenset({"total", "totals", "grandtotal", "subtotal", "sum"})
NOTHING_CHOSEN: Final = Chosen()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an importer: what it is called, what else people call it, and how a cell of it is read.

    `required`: it must be there, and filled in every row. `keeps` texts such as "none" as they are. `offers` are the words to
    choose from, where there are only so many.
    """

    key: str
    name: str
    read: Reader = field(default_factory=lambda: of_length(300))
    aliases: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    example: str = ""
    keeps: bool = False
    offers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell or row. `text` is the word of column `key` that was not understood, "" where it is no word."""

    row: int
    column: str
    said: str
    key: str = ""
    text: str = ""

    def __str__(self) -> str:
        return f"Row {self.row}{f', {self.column}' if self.column else ''}: {self.said}"


@dataclass(slots=True)
class Row:
    """A row as it was read. `values` holds what its cells mean (None: nothing), `said` what they say, `more` other columns that
    count, `left` those that are passed over: they go back with a table that is to be corrected.
    """

    number: int
    values: dict[str, Any]
    said: dict[str, str]
    more: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    faulty: bool = False

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


@dataclass(slots=True)
class Table:
    """A table as it was read: its rows, its faults, and what of its columns was known and unknown."""

    columns: Sequence[Column]
    headers: dict[str, str]
    unknown: list[str]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: int = 0
    passed_over: int = 0
    left_out: int = 0
    offered: dict[str, Sequence[str]] = field(default_factory=dict)

    def wrong(self, row: Row, key: str, said: str, *, word: bool = False) -> None:
        """Note what is wrong with a row; `key` is the column's, "" for the whole row. `word`: its cell says what is not known."""
        row.faulty = True
        name = next((each.name for each in self.columns if each.key == key), key)
        self.faults.append(Fault(row.number, self.headers.get(key) or name, said, key, row.said.get(key, "") if word else ""))

    def sound(self) -> Iterator[Row]:
        """The rows with which nothing is wrong so far."""
        return (row for row in self.rows if not row.faulty)


Wanted = Callable[[Mapping[str, str]], bool]


def read_table(
    lines: Iterable[Line],
    columns: Sequence[Column],
    *,
    wanted: Wanted | None = None,
    more: Callable[[str], bool] | None = None,
    tick: Callable[[int], None] | None = None,
    chosen: Chosen = NOTHING_CHOSEN,
) -> Table:
    """Read the lines by the columns. `wanted` says by the plain cells which rows count; `more` which other headers are kept.

    Raises HeadersMissing when the headers are not found, naming what was.
    """
    walk = iter(lines)
    header, places = header_of(walk, columns, chosen)
    keyed = {place: key for key, place in places.items()}
    others = {place: clean(each) for place, each in enumerate(header) if place not in keyed and clean(each)}
    extra = {place: name for place, name in others.items() if more and more(name)}
    unknown = [name for place, name in others.items() if place not in extra and name not in (WRONG, WAS_ROW)]
    left = {place: name for place, name in others.items() if name in unknown} if len(unknown) <= MOST_LEFT else {}
    table = Table(columns, {key: clean(header[place]) for key, place in places.items()}, unknown)
    for line in walk:
        said = {key: clean(line.cells[place]) if place < len(line.cells) else "" for key, place in places.items()}
        if not any(said.values()) or is_header(said, table.headers):
            continue
        table.seen += 1
        if tick and not table.seen % 500:
            tick(table.seen)
        if wanted and not wanted(said):
            table.passed_over += 1
            continue
        row = Row(line.number, {}, said)
        row.more = {name: clean(line.cells[place]) for place, name in extra.items() if place < len(line.cells)}
        row.left = {name: clean(line.cells[place]) for place, name in left.items() if place < len(line.cells)}
        if not meant(row, chosen):
            table.left_out += 1
            continue
        if read_row(table, row, chosen):
            table.rows.append(row)
        else:
            table.left_out += 1
    return table


def is_header(said: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Whether a line is the headers once more, as at the top of each printed page, or a sum below the table."""
    filled = {key: text for key, text in said.items() if text}
    again = sum(1 for key, text in filled.items() if same_header(text, headers.get(key, "")))
    if again >= 2 and again >= len(filled) / 2:
        return True
    return len(filled) <= 2 and any(folded(text) in TOTALS for text in filled.values())


def meant(row: Row, chosen: Chosen) -> bool:
    """Put what was chosen in the place of the row's words; whether the row counts."""
    for key in chosen.words.keys() & row.said.keys():
        text = chosen.of(key, row.said[key])
        if text is None:
            return False
        row.said[key] = text
    return True


def read_row(table: Table, row: Row, chosen: Chosen) -> bool:
    """Read the cells of a row; what is wrong with any is noted, and the next is read. Whether the row counts."""
    before = len(table.faults)
    for column in table.columns:
        text = row.said.get(column.key, "")
        if not text or (is_nothing(text) and not column.keeps):
            row.values[column.key] = None
            if column.required:
                table.wrong(row, column.key, f"Nothing is written here. Write {column.help or 'a value'}.".replace("..", "."))
            continue
        try:
            row.values[column.key] = column.read(text)
        except Wrong as wrong:
            row.values[column.key] = None
            meaning = chosen.of_others(column.key)
            if meaning is None:
                del table.faults[before:]
                return False
            if meaning == EMPTY:
                row.said[column.key] = EMPTY
            else:
                table.wrong(row, column.key, str(wrong), word=True)
    return True


def header_of(walk: Iterator[Line], columns: Sequence[Column], chosen: Chosen) -> tuple[list[str], dict[str, int]]:
    """The row of headers, and at which place each column stands. Raises Problem when required ones are missing."""
    best: tuple[list[str], dict[str, int]] = ([], {})
    for count, line in enumerate(walk, 1):
        places = places_of(line.cells, columns, chosen)
        if len(places) > len(best[1]):
            best = (line.cells, places)
        needed = {column.key for column in columns if column.required}
        if places and needed <= places.keys() and (len(places) > 1 or len(list(filter(clean, line.cells))) == 1):
            return line.cells, places
        if not best[0] and any(map(clean, line.cells)):
            best = (line.cells, places)
        if count >= HEADER_WITHIN:
            break
    raise headers_missing(best[0], best[1], columns)


def headers_missing(header: Sequence[str], places: Mapping[str, int], columns: Sequence[Column]) -> HeadersMissing:
    """The refusal of a table whose required columns are not there, with what was found."""
    missing = [column for column in columns if column.required and column.key not in places] or list(columns[:2])
    found = [clean(each) for each in header if clean(each)]
    names = ", ".join(f"“{each.name}”" for each in missing)
    hints = " ".join(filter(None, (suggested(each.name, found, otherwise=0).strip() for each in missing)))
    there = ", ".join(found[:30]) or "nothing"
    detail = f"The table lacks the {'column' if len(missing) == 1 else 'columns'} {names}. Its first row has: {there}. {hints}"
    lacking = [each.key for each in columns if each.key not in places]
    return HeadersMissing(detail.strip(), said=f"Lacks {names}.", found=found, lacking=lacking)


def places_of(cells: Sequence[str], columns: Sequence[Column], chosen: Chosen) -> dict[str, int]:
    """Column -> place of its header: the one that was chosen, else by its name or one of its other names, whatever case and
    blanks; the first that fits."""
    there: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if name := header_word(clean(cell)):
            there.setdefault(name, place)
    found: dict[str, int] = {}
    for key, header in chosen.columns.items():
        at = next((place for place, cell in enumerate(cells) if same_header(clean(cell), header)), None)
        if at is not None and at not in found.values():
            found[key] = at
    for column in (each for each in columns if each.key not in found):
        for name in (column.name, column.key, *column.aliases):
            at = there.get(header_word(name))
            if at is not None and at not in found.values():
                found[column.key] = at
                break
    return found


def header_word(text: str) -> str:
    """A header as it is compared: letters and figures; what stands in square brackets ("[required]") is no part of it."""
    return folded(unicodedata.normalize("NFKC", re.sub(r"\[[^\]]*\]|\*", "", text)))
