"""Tables that people send, read line by line: CSV in any of its spellings, and XLSX. What they mean is the importers' matter.

A file of 52,000 lines is never held as cells: lines are read one after another, and who reads them keeps what is wanted.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from backend.core.papers import SHEET, fault_of_paper, kind_of_paper
from backend.core.problems import Problem
from backend.core.spreadsheets import MARK, unguarded

MOST_BYTES: Final = 100 * 1024 * 1024  # the whole register of England's schools is about 65 MB
MOST_SHEET_BYTES: Final = 12 * 1024 * 1024
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 250
MOST_MERGED: Final = 10_000
PIECE: Final = 1024 * 1024
LONGEST_REF: Final = 200
MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell [^>]{0,80}?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
LONGEST_CELL: Final = 1_000_000
SEPARATORS: Final = ",;\t|"
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")
SPACES: Final = re.compile(r"\s+")
WHOLE: Final = 1e15  # whole numbers beyond this are not exact in a spreadsheet
EXCEL_97: Final = b"\xd0\xcf\x11\xe0"


class Line(NamedTuple):
    """A row of the file: its number as a spreadsheet shows it, and its cells as they came (see `clean`)."""

    number: int
    cells: list[str]


def clean(cell: str) -> str:
    """A cell's text: no guard of ours, no letters that do not show, single spaces, none at its ends."""
    text = unguarded(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = SPACES.sub(" ", CONTROL.sub("", text)).strip()
    return text


def lines_of(content: bytes) -> Iterator[Line]:
    """The file's lines, whatever kind of table it is. Raises Problem, at once or on the way, when it cannot be read."""
    if not content.strip():
        raise Problem("empty", "The file is empty.")
    if content.startswith(EXCEL_97):
        raise Problem("wrong_type", "This is an old Excel file (.xls). Open it, and save it as .xlsx or CSV.", status=415)
    if content.startswith(b"PK\x03\x04"):
        return sheet_lines(content)
    if content.lstrip().startswith(b"%PDF-"):
        raise Problem("wrong_type", "This is a PDF. Send the table itself, as .xlsx or CSV.", status=415)
    if len(content) > MOST_BYTES:
        raise Problem("too_large", f"A table may have at most {MOST_BYTES // 2**20} MB.", status=413)
    return csv_lines_of(decoded(content))


def decoded(content: bytes) -> str:
    """The text of a CSV: UTF-8 with or without its mark, UTF-16 with one, else the alphabet of Windows. Raises Problem."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise Problem("wrong_type", "This is no table: send a spreadsheet (.xlsx) or a CSV file.", status=415)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def csv_lines_of(text: str) -> Iterator[Line]:
    """The lines of a CSV. Raises Problem naming the line at which it breaks."""
    text = text.removeprefix(MARK)
    separator, said = separator_of(text), text[:8].lower()
    if said.startswith("sep="):
        text = text.partition("\n")[2]
    before = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if number > MOST_ROWS:
                raise too_long()
            yield Line(number, cells[:MOST_COLUMNS])
    except csv.Error as wrong:
        detail = (
            f"The file cannot be read after its row {number}: a quotation mark is opened and not closed there, "
            "or stands inside a cell. Open it in a spreadsheet, save it again as CSV, and send that."
        )
        raise Problem("damaged", detail) from wrong
    finally:
        csv.field_size_limit(before)


def separator_of(text: str) -> str:
    """What stands between a CSV's cells: what its first lines have most of, quoted parts left out."""
    first = text[:20_000].split("\n", 8)[:8]
    if first[0][:4].lower() == "sep=" and first[0][4:5]:
        return first[0][4]
    plain = re.sub(r'"[^"]*"', "", "\n".join(first))
    return max(SEPARATORS, key=plain.count)


def too_long() -> Problem:
    """The refusal of a table of too many rows."""
    return Problem("too_large", f"The table has more than {MOST_ROWS:,} rows. Send it in parts.", status=413)


def sheet_lines(content: bytes) -> Iterator[Line]:
    """The lines of a workbook's first sheet that holds anything; formulas as what they were worked out to. Raises Problem."""
    if len(content) > MOST_SHEET_BYTES:
        raise Problem("too_large", f"A spreadsheet may have at most {MOST_SHEET_BYTES // 2**20} MB.", status=413)
    if kind_of_paper(content) != SHEET:
        raise Problem("wrong_type", "This is no spreadsheet: send .xlsx or CSV.", status=415)
    problem = fault_of_paper(content, SHEET)
    if problem:
        raise problem
    try:
        for sheet in workbook(content).worksheets:
            found = False
            for line in sheet_rows(sheet):
                found = found or any(line.cells)
                yield line
            if found:
                break
    except Problem:
        raise
    except Exception as wrong:  # openpyxl raises of every kind on a workbook that no program wrote
        raise Problem("damaged", "This spreadsheet does not open. Open it, save it again, and send that.") from wrong


def workbook(content: bytes) -> Any:
    """The workbook, its sheets read as they are walked through."""
    from openpyxl import load_workbook  # slow to load, and not every worker reads spreadsheets

    return load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)


def further_sheets(content: bytes) -> Iterator[tuple[str, Iterator[Line]]]:
    """The sheets of a workbook after the first that holds anything, by name: a page of notes often stands first."""
    if not content.startswith(b"PK\x03\x04"):
        return
    first = True
    for sheet in workbook(content).worksheets:
        if not any(any(line.cells) for line in sheet_rows(sheet)):
            continue
        if not first:
            yield str(sheet.title), sheet_rows(sheet)
        first = False


def merged_down(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Cells merged over several rows: first row (from 1) -> (column from 0, last row). Their value stands in the first alone.

    Only downwards: a title merged over several columns says nothing about them. A workbook read as it is walked through does not
    tell of them, so its own XML is asked.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    path, archive = getattr(sheet, "_worksheet_path", ""), getattr(sheet.parent, "_archive", None)
    if not path or archive is None:
        return found
    rest, number = b"", 0
    with archive.open(path) as xml:
        while (piece := xml.read(PIECE)) and number < MOST_MERGED:
            text, end = rest + piece, 0
            for match in MERGED.finditer(text):
                end, number = match.end(), number + 1
                first, last = int(match[2]), int(match[3])
                if last > first:
                    found.setdefault(first, []).append((column_of(match[1].decode()), last))
            rest = text[max(end, len(text) - LONGEST_REF) :]
    return found


def column_of(letters: str) -> int:
    """The number of a column by its letters, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


class Merging:
    """Fills what is merged into a row from above, as the rows are walked through."""

    def __init__(self, merged: dict[int, list[tuple[int, int]]]) -> None:
        self.merged = merged
        self.held: dict[int, tuple[int, Any]] = {}

    def filled(self, number: int, row: Sequence[Any]) -> Sequence[Any]:
        """The row with what stands in it from above; the same row where nothing does."""
        self.held = {column: each for column, each in self.held.items() if each[0] >= number}
        cells = list(row) if self.held else row
        for column, (_, value) in self.held.items():
            if column < len(cells) and cells[column] is None:
                cells[column] = value  # type: ignore[index]
        for column, last in self.merged.get(number, ()):
            if column < len(cells):
                self.held[column] = (last, cells[column])
        return cells


def sheet_rows(sheet: Any) -> Iterator[Line]:
    """The rows of a worksheet; what is merged over several rows is said in each of them."""
    if getattr(sheet, "sheet_state", "visible") != "visible" or not hasattr(sheet, "reset_dimensions"):
        return
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    merging = Merging(merged_down(sheet))
    for number, each_row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
        row = merging.filled(number, each_row)
        if number > MOST_ROWS:
            if any(each is not None for each in row):
                raise too_long()
            return
        filled = max((place for place, each in enumerate(row, 1) if each is not None), default=0)
        yield Line(number, [spelled(each) for each in row[:filled]])


def spelled(value: Any) -> str:
    """A worksheet's value as text: dates as 2019-02-28, whole numbers without a point, yes and no."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        plain = value.time() == dt.time()
        return f"{value:%Y-%m-%d}" if plain else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE:
        return str(int(value))
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
