"""No cell that leaves Siteward is a formula, and what comes back is what went out."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.spreadsheets import cell, csv_lines, guarded, unguarded

FORMULAE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋1", "－1", "＠1",
    "﹦1",
    "'=1", "''=1", "\x00=1", "=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example","x")', "\u202e=1", "\x1b=1",
    "\n", "'\n", "\r",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAE)
def test_a_text_that_a_spreadsheet_would_run_is_guarded(text):
    assert str(cell(text)).startswith("'")
    assert unguarded(guarded(text)) == text.replace("\x00", "")


@pytest.mark.parametrize(
    "text", ["Boiler", "", "a=b", "3 - 4", "O'Neil", "'quoted'", "’tis", "#1", "/1", "–", "12:30", "(020) 7946"]
)
def test_other_texts_stay_as_they_are(text):
    assert cell(text) == text
    assert unguarded(text) == text


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_was_written_reads_back_the_same(rows):
    plain = [[each.replace("\x00", "") for each in row] for row in rows]
    text = "".join(csv_lines(["Head"], plain))
    read = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert [[unguarded(each) for each in row] for row in read][1:] == plain


@given(st.text(alphabet="=+-@'＝ \t\r\nab", max_size=6))
def test_a_formula_never_comes_first_in_any_cell(text):
    written = next(csv.reader(io.StringIO("".join(csv_lines([text], [])).removeprefix("\ufeff"), newline="")))[0] if text else ""
    assert written.lstrip(" ").lstrip("\t\r\n") == "" or written.lstrip(" ")[0] not in "=+-@＝"
