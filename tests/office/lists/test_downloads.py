"""Lists as workbooks: the same rows as the page and the CSV, figures and dates as such, no formula, any size."""

import datetime as dt
import io
import os
import resource

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from backend.core.days import today
from backend.core.spreadsheets import Table, write_xlsx
from tests.office.conftest import done
from tests.office.test_pages_lists import rows_of

LISTS = ("assets", "plans", "records", "lapses", "problems", "people", "compliance")


def sheet_of(answer):
    """An XLSX answer's only sheet."""
    assert answer.status_code == 200
    return only_sheet(io.BytesIO(b"".join(answer.streaming_content)))


def only_sheet(file: io.BytesIO) -> Worksheet:
    """The only sheet of a workbook."""
    sheet = openpyxl.load_workbook(file).active
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.fixture
def estate(world):
    """Something in every list."""
    alarm = world.plan()
    done(alarm, world.caretaker, answers={})
    world.plan("loler-passenger-lift", since=today() - dt.timedelta(days=400))
    return world


@pytest.mark.parametrize("name", LISTS)
def test_a_workbook_has_the_headings_and_rows_of_the_csv(estate, browse, name):
    who = estate.person("hr-officer") if name == "people" else estate.lead
    browser = browse(who)
    csv = rows_of(browser.get(f"/{name}.csv"))
    sheet = sheet_of(browser.get(f"/{name}.xlsx"))
    head, *rows = sheet.iter_rows(values_only=True)
    below = 2 if name in {"records", "compliance"} else 0
    assert list(head) == list(csv[0] if csv else head)
    assert len(rows) == len(csv) + (1 if below else 0)  # the CSV reader passes over the empty line before the chain's head
    assert sheet.freeze_panes == "A2"


def test_dates_and_figures_are_cells_of_their_kind_and_moments_are_londons(estate, browse):
    plans = sheet_of(browse(estate.lead).get("/plans.xlsx"))
    columns = {cell.value: cell.column for cell in plans[1]}
    risk, due = (plans.cell(2, columns[name]) for name in ("Risk 1 to 5", "Due on"))
    assert isinstance(risk.value, int | float)
    assert isinstance(due.value, dt.datetime)
    assert due.number_format == "yyyy-mm-dd"


def test_a_summer_moment_stands_in_the_workbook_as_londons_clock_showed_it():
    out = io.BytesIO()
    write_xlsx(out, Table("x", ["When"], [[dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)]]))
    assert only_sheet(out)["A2"].value == dt.datetime(2026, 7, 1, 13, 0)


def test_a_name_like_a_formula_is_text_in_the_workbook(world, browse):
    world.asset(name="=cmd|' /C calc'!A0")
    cell = sheet_of(browse(world.lead).get("/assets.xlsx"))["A2"]
    assert (cell.value, cell.data_type) == ("'=cmd|' /C calc'!A0", "s")


def test_odd_cells_are_kept_as_far_as_a_cell_can_hold_them():
    out = io.BytesIO()
    odd = ["a\x07b", "_x0041_", "z" * 40_000, 10**17, float("nan"), dt.date(1850, 1, 1), None, True]
    write_xlsx(out, Table("Sites: [all]/*?", [str(n) for n in range(len(odd))], [odd]))
    row = [cell.value for cell in only_sheet(out)[2]]
    assert len(str(row[2])) < 32_768
    assert row[3:6] == ["100000000000000000", "nan", "1850-01-01"]
    assert row[7] == "yes"


def test_the_filter_cuts_the_workbook_and_a_wrong_one_gives_none(estate, browse):
    browser = browse(estate.lead)
    sheet = sheet_of(browser.get(f"/plans.xlsx?status=overdue&site={estate.oakfield.pk}"))
    assert {row[9] for row in sheet.iter_rows(min_row=2, values_only=True)} == {"Overdue"}
    assert browser.get("/plans.xlsx?status=fish").status_code == 400
    assert browser.get("/plans.xlsx?fish=1").status_code == 400
    assert browser.get(f"/assets.xlsx?site={'0' * 8}-0000-0000-0000-{'0' * 12}").status_code == 404


def test_columns_are_chosen_by_their_headings_and_an_unknown_one_is_refused(estate, browse):
    browser = browse(estate.lead)
    sheet = sheet_of(browser.get("/assets.xlsx?column=School&column=Name"))
    assert [cell.value for cell in sheet[1]] == ["Name", "School"]
    assert list(rows_of(browser.get("/assets.csv?column=Serial+number"))[0]) == ["Serial number"]
    refused = browser.get("/assets.csv?column=Fish")
    assert refused.status_code == 400
    assert "no column called “Fish”" in refused.content.decode()
    page = browser.get("/assets.csv?choose=1&status=any").content.decode()
    assert 'value="Serial number"' in page
    assert 'name="status" value="any"' in page


def test_asking_only_for_the_head_writes_no_workbook(estate, browse):
    answer = browse(estate.lead).head("/assets.xlsx")
    assert answer.status_code == 200
    assert "assets-" in answer["Content-Disposition"]


def test_a_hundred_thousand_rows_are_written_in_little_memory(tmp_path):
    number = 100_000 if os.environ.get("CI") else 20_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = ([f"Asset {n}", "Oakfield", today(), n] for n in range(number))
    with (tmp_path / "big.xlsx").open("wb") as out:
        assert write_xlsx(out, Table("assets", ["Name", "School", "Since", "Number"], rows)) == number
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB


def test_every_list_offers_the_workbook_beside_its_count(estate, browse):
    for name in ("assets", "plans", "records", "lapses", "problems"):
        page = browse(estate.lead).get(f"/{name}/?status=" if name != "records" else "/records/?q=").content.decode()
        assert f'href="/{name}.xlsx' in page, name
