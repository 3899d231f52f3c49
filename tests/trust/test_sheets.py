"""Tables as people send them are read; what cannot be read says why."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from backend.core.problems import Problem
from backend.core.sheets import lines_of
from backend.core.spreadsheets import csv_lines
from backend.trust.imports.cells import Wrong, day, email, one_of, uprn, whole
from backend.trust.imports.tables import Column, read_table

COLUMNS = (
    Column("name", "Name", required=True, help="the name"),
    Column("year", "Year built", whole(1000, 2100), aliases=("Built",)),
)


def cells(content: bytes) -> list[list[str]]:
    return [line.cells for line in lines_of(content)]


def workbook(*rows) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert isinstance(book.active, Worksheet)
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_csv_of_any_spelling_is_read(encoding, separator, end):
    text = end.join(separator.join(row) for row in (["Name", "Where"], ["Café “Blue”", "Hall"])) + end
    assert cells(text.encode(encoding)) == [["Name", "Where"], ["Café “Blue”", "Hall"]]


def test_a_spreadsheets_dates_and_numbers_are_read_as_people_write_them():
    content = workbook(["Name", "On", "Count"], ["Panel", dt.datetime(2019, 2, 28), 12.0], ["Bell", dt.date(2020, 1, 2), 1.5])
    assert cells(content)[1:] == [["Panel", "2019-02-28", "12"], ["Bell", "2020-01-02", "1.5"]]


def test_what_we_export_is_read_back_as_it_was():
    content = "".join(csv_lines(["Name", "Built"], [["=SUM(A1)", 1968], ["-10 store", 1970]])).encode()
    table = read_table(lines_of(content), COLUMNS)
    assert [row["name"] for row in table.rows] == ["=SUM(A1)", "-10 store"]


def test_headers_are_known_whatever_their_case_below_a_title_and_unknown_ones_are_named():
    content = b"Register of Oakfield,,\n\n NAME* ,built,Colour\nMain block,1968,red\n"
    table = read_table(lines_of(content), COLUMNS)
    assert [(row.number, row["name"], row["year"]) for row in table.rows] == [(4, "Main block", 1968)]
    assert table.unknown == ["Colour"]


def test_a_missing_column_is_refused_with_what_was_found():
    with pytest.raises(Problem) as refused:
        read_table(lines_of(b"Nmae,Built\nMain,1968\n"), COLUMNS)
    assert "“Name”" in refused.value.detail
    assert "Nmae, Built" in refused.value.detail


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0old", ".xls"),
        (b"%PDF-1.4", "PDF"),
        (b"a,b\n\x00\x01", "no table"),
        (b'Name\n"never closed\nx\n', "quotation mark"),
        (b"PK\x03\x04rubbish", "no spreadsheet"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, said):
    with pytest.raises(Problem) as refused:
        list(lines_of(content))
    assert said in refused.value.detail


@pytest.mark.parametrize(
    "text",
    [
        "28/02/2019",
        "28.2.19",
        "2019-02-28",
        "2019-02-28 00:00:00",
        "28 February 2019",
        "28 Feb 19",
        "28-Feb-2019",
        "28th Feb 2019",
    ],
)
def test_a_day_is_read_as_people_write_it(text):
    assert day(text) == dt.date(2019, 2, 28)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31/02/2019", "February 2019 has 28 days"),
        ("02/31/2019", "Write the day first: 28/02/2019"),
        ("2019", "only a year"),
        ("43524", "28/02/2019"),
        ("soon", "no date"),
        ("01/01/0219", "Check the year"),
    ],
)
def test_a_day_that_is_none_says_what_to_write(text, said):
    with pytest.raises(Wrong, match=said):
        day(text)


def test_a_uprn_that_a_spreadsheet_shortened_is_not_taken_for_one():
    assert uprn("100110000001") == "100110000001"
    with pytest.raises(Wrong, match="last figures are lost"):
        uprn("5.00E+06")


def test_a_close_spelling_is_named_and_never_taken():
    read = one_of({"Fire extinguisher": 1, "Fire alarm panel": 2}, "type")
    assert read("FIRE-EXTINGUISHER") == 1
    with pytest.raises(Wrong, match="Did you mean “Fire extinguisher”"):
        read("Fire extingisher")


def test_numbers_and_addresses_say_what_is_wrong():
    assert whole(0, 5000)("1,200") == 1200
    with pytest.raises(Wrong, match="Write the number only: 450"):
        whole(0, 5000)("450 m2")
    with pytest.raises(Wrong, match="between 1,000 and 2,100"):
        whole(1000, 2100)("19688")
    assert email("Sam@Oakfield.EXAMPLE") == "sam@oakfield.example"
    with pytest.raises(Wrong, match="Did you mean sam@oakfield"):
        email("sam @oakfield,example")
