"""Setting up in a browser, by keyboard where it matters: a table is tried, corrected, imported and undone; a year is entered."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious

TABLE = "Building,Space,Year built\nScience block,Lab 1,1968\nScience block,Lab 2,{year}\n"


def signed_in(page: Page, server: Server) -> None:
    """The estates lead, signed in."""
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
    page.get_by_label("Password", exact=True).fill(server.world["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")


def faults_of(page: Page) -> list[str]:
    """What axe finds, and whether the page is too wide."""
    return serious(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_table_is_tried_corrected_and_undone(playwright: Playwright, server: Server, size: ViewportSize, tmp_path: Path):
    faults: dict[str, list[str]] = {}
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        signed_in(page, server)
        for path in ("/set-up/", "/imports/", "/imports/gias/", "/imports/assets/", "/set-up/schools/add/"):
            page.goto(server.url + path)
            faults[path] = faults_of(page)
        page.goto(f"{server.url}/imports/places/")
        for year, answer in (("19688", "1 of 2 rows needs correcting"), ("1968", "no mistake found")):
            file = tmp_path / "places.csv"
            file.write_text(TABLE.format(year=year))
            page.locator("select[name=school], select[name=site]").first.select_option(index=1)
            page.get_by_label("The file").set_input_files(file)
            page.get_by_role("button", name="See what would happen").press("Enter")
            page.wait_for_selector(f"text={answer}")
            faults[answer] = faults_of(page)
            if year == "19688":
                assert "Row 3" in page.inner_text("main")
                page.get_by_role("link", name="Send it again").press("Enter")
        page.get_by_role("button", name="Import all of it").press("Enter")
        page.wait_for_selector("h1:has-text('Imported')")
        faults["imported"] = faults_of(page)
        page.get_by_role("button", name="Undo this import").press("Enter")
        page.wait_for_selector("h1:has-text('Undone')")
        faults["undone"] = faults_of(page)
    assert not {path: found for path, found in faults.items() if found}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_school_year_is_entered_by_keyboard(playwright: Playwright, server: Server, size: ViewportSize):
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        signed_in(page, server)
        page.goto(f"{server.url}/set-up/")
        page.locator("td a[href*='/calendar/']").first.press("Enter")
        page.get_by_role("link", name="2027 to 2028").or_(page.locator("ul.tabs li:last-child a")).last.press("Enter")
        page.locator("#id_span-0-kind").select_option("inset")
        year = int(re.findall(r"year=(\d+)", page.url)[0])
        page.locator("#id_span-0-first_day").fill(f"{year}-09-01")
        page.get_by_role("button", name="Save the year").press("Enter")
        page.wait_for_selector("text=Saved")
        assert not faults_of(page)
