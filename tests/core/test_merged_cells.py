"""A cell merged over several rows of a spreadsheet holds in each of them."""

import io

from openpyxl import Workbook

from backend.core.sheets import sheet_lines


def cells_of(book: Workbook) -> list[list[str]]:
    held = io.BytesIO()
    book.save(held)
    return [line.cells for line in sheet_lines(held.getvalue())]


def test_a_title_merged_sideways_is_said_once():
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Register", None, None])
    sheet.append(["Name", "Room", "Note"])
    sheet.merge_cells("A1:C1")
    assert cells_of(book) == [["Register"], ["Name", "Room", "Note"]]


def test_the_rows_below_get_what_stands_above():
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Name", "Room"], ["A", "Hall"], ["B", None], ["C", None], ["D", None]):
        sheet.append(row)
    sheet.merge_cells("B2:B4")
    assert cells_of(book) == [["Name", "Room"], ["A", "Hall"], ["B", "Hall"], ["C", "Hall"], ["D"]]
