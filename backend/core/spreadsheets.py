"""Cells for spreadsheets: the one place that writes CSV and XLSX, and reads back what it wrote. No cell is taken for a formula.

Spreadsheets run a cell that begins with = + - or @ (also in full-width letters, also after blanks). Such a text gets an
apostrophe before it, and one that already begins with apostrophes gets one more: taking one away gives back what was there.
"""

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Final

from backend.core.days import LONDON

FORMULA: Final = "=+-@"
GUARD: Final = "'"
MARK: Final = "\ufeff"  # by which spreadsheets know UTF-8
BLANK: Final = frozenset({"Zs", "Zl", "Zp", "Cf", "Cc"})  # Unicode's kinds of letters that do not show
Cell = str | int | float | Decimal | dt.date


class Line:
    """What csv.writer writes to: answers the line instead of keeping it."""

    def write(self, line: str) -> str:
        """The line, as it is."""
        return line


def dangerous(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula, or the text begins with what guards one."""
    if text[:1].isalnum() and text[:1].isascii():
        return False  # nearly every cell, answered at once
    if text.lstrip(GUARD)[:1] in {"\t", "\r", "\n"}:
        return True
    for letter in text:
        if letter != GUARD and unicodedata.category(letter) not in BLANK:
            return unicodedata.normalize("NFKC", letter)[:1] in FORMULA
    return False


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula. A NUL, which no cell can hold, is left out."""
    plain = text.replace("\x00", "")
    return GUARD + plain if dangerous(plain) else plain


def unguarded(cell: str) -> str:
    """What a cell of ours said before it was guarded: for importers, which call it on every cell."""
    return cell[1:] if cell.startswith(GUARD) and dangerous(cell) else cell


def cell(value: Any) -> Cell:
    """A value as a cell: dates as 2026-11-27, moments in London time, yes and no, figures as figures, text guarded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(LONDON):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date | int | float | Decimal) and type(value) in {dt.date, int, float, Decimal}:
        return value
    return guarded(str(value))


def csv_lines(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV line by line as RFC 4180 has it, with the mark of UTF-8 first."""
    writer = csv.writer(Line())
    yield MARK
    yield writer.writerow([cell(each) for each in head])
    for row in rows:
        yield writer.writerow([cell(each) for each in row])


@dataclass(frozen=True, slots=True)
class Table:
    """What a list is written from: what it is called, its headings, its rows (read once), and the rows that stand below."""

    name: str
    head: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    below: Sequence[Sequence[Any]] = ()

    def only(self, columns: Sequence[str]) -> "Table":
        """The same with these columns alone, in the table's own order."""
        at = [number for number, word in enumerate(self.head) if str(word) in columns]
        return Table(self.name, [self.head[n] for n in at], ([row[n] for n in at] for row in self.rows), self.below)


LONGEST_CELL: Final = 32_760  # letters; the format holds 32,767
MOST_ROWS: Final = 1_048_000  # of a sheet; the format holds 1,048,576
EXACT: Final = 10**15  # figures beyond this lose their last places in a spreadsheet
NARROW, WIDE = 9, 60  # a column's width, in letters


def xlsx_cell(value: Any) -> str | float | dt.date:
    """A value for a workbook: dates and moments (London time) as such, figures as figures, all else as guarded text."""
    if isinstance(value, dt.datetime):
        return value.astimezone(LONDON).replace(tzinfo=None, microsecond=0)
    made = cell(value)
    if isinstance(made, dt.date):
        return made if made.year >= 1900 else made.isoformat()  # the format knows no earlier day
    if isinstance(made, str):
        return made if len(made) <= LONGEST_CELL else made[:LONGEST_CELL] + "…"
    return float(made) if -EXACT < made < EXACT else str(made)


def write_xlsx(out: IO[bytes], table: Table) -> int:
    """Write a table as a workbook of one sheet; returns how many rows. Row by row: memory does not grow with the table.

    The headings stay in sight and can be filtered by; columns are as wide as what stands in them.
    """
    from xlsxwriter import Workbook

    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\\x00]", " ", table.name)[:31].strip("' ") or "List")
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        shapes: dict[type, Any] = {dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"})}
        shapes[dt.date] = book.add_format({"num_format": "yyyy-mm-dd"})
        widths = [max(NARROW, min(len(str(each)) + 3, WIDE)) for each in table.head]
        for at, word in enumerate(table.head):
            sheet.write_string(0, at, str(xlsx_cell(word)), bold)
        number = 0
        for number, row in enumerate(table.rows, start=1):
            if number > MOST_ROWS:
                sheet.write_string(number, 0, "There are more rows than a sheet holds. The CSV has them all.")
                break
            write_row(sheet, number, row, shapes, widths)
        for at, row in enumerate(table.below, start=number + 1):
            write_row(sheet, at, row, shapes, [])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(number, 1), max(len(table.head) - 1, 0))
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
    return number


def write_row(sheet: Any, number: int, row: Sequence[Any], shapes: dict[type, Any], widths: list[int]) -> None:
    """Write one row, and widen what it needs wider."""
    for at, value in enumerate(row):
        made = xlsx_cell(value)
        if isinstance(made, str):
            if made:
                sheet.write_string(number, at, made)
            length = len(made)
        elif isinstance(made, float):
            sheet.write_number(number, at, made)
            length = NARROW
        else:
            sheet.write_datetime(number, at, made, shapes[type(made)])
            length = 17
        if at < len(widths) and length + 1 > widths[at]:
            widths[at] = min(length + 1, WIDE)
