"""From the code of the first start to a school whose checks are planned and dated, as somebody new would click it.

The clicks are counted, and the help page's table is this walk: a step too many is seen here.
"""

import csv
import datetime as dt
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.conftest import DESK, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious
from tests.trust.test_imports import GIAS_HEAD, gias_row, table

MOST_CLICKS = 41
REGISTER = ["Bldg", "Room No.", "Equipment Type", "Desc.", "Serial No", "Date of install", "Replacement cost", "Status"]


@pytest.fixture
def bare() -> Iterator[Server]:
    """A server that is no demo, with a library and no trust."""
    made = Server(f"siteward_e2e_nothing_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}")
    made.env |= {
        "SITEWARD_DEMO": "false", "SITEWARD_SECRET_KEY": "of the tests alone, and long enough to be taken for a real one",
        "SITEWARD_HOSTS": "localhost,127.0.0.1", "SITEWARD_HTTPS_ONLY": "false", "SITEWARD_SECURE_COOKIES": "false",
    }  # fmt: skip
    made.fill("tests.e2e.nothing")
    made.start()
    yield made
    made.kill()


class Walk:
    """A page whose clicks are counted; what axe finds on the way is kept."""

    def __init__(self, page: Page, url: str, folder: Path) -> None:
        self.page, self.url, self.folder = page, url, folder
        self.clicks, self.faults = 0, dict[str, list[str]]()

    def click(self, role: str, name: str) -> None:
        """Click what has that name, and wait for the page."""
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.clicks += 1
        self.page.wait_for_load_state()

    def choose(self, select: str, value: str) -> None:
        """Choose from a list."""
        self.page.locator(select).select_option(value)
        self.clicks += 1

    def file(self, name: str, content: bytes, box: str = "#file") -> None:
        """Choose a file."""
        path = self.folder / name
        path.write_bytes(content)
        self.page.locator(box).set_input_files(path)
        self.clicks += 1

    def looked_at(self, name: str) -> None:
        """Have axe look at the page."""
        self.faults[name] = serious(self.page) + ([f"{overflow(self.page)} px too wide"] if overflow(self.page) > 0 else [])

    def imported(self, kind: str, name: str, content: bytes) -> None:
        """Send a sound file in and import it."""
        self.page.goto(f"{self.url}/imports/{kind}/")
        if self.page.locator("select[name=site]").count():
            self.page.locator("select[name=site]").select_option(index=1)
        self.file(name, content)
        self.clicks += 2  # the link to this import, and the site
        self.click("button", "See what would happen")
        self.click("button", "Import all of it")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Imported")


def start(walk: Walk, code: str) -> None:
    """The first start, and the schools of the trust from the extract."""
    page = walk.page
    page.goto(f"{walk.url}/")
    said = {"Code from the terminal": code, "Name of the trust": "Beacon Trust", "Trust UID": "T1", "Your name": "Alex Ward",
            "Your work e-mail address": "alex@beacon.example", "A password": "correct horse battery staple"}  # fmt: skip
    for label, text in said.items():
        page.get_by_label(label, exact=True).fill(text)
    walk.looked_at("first start")
    walk.click("button", "Set up the trust")
    walk.click("link", "Import your schools")
    others = gias_row(900002, "Of others", **{"Trusts (code)": "T2"})
    extract = [gias_row(900001, "Oakfield Primary Academy", UPRN="5.00E+06"), others]
    walk.file("edubase.csv", table(GIAS_HEAD, *extract))
    walk.click("button", "See what would happen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 of 1 row needs correcting")
    walk.choose("select[name=word-0]", "empty")
    walk.click("button", "Try again with this")
    walk.click("button", "Import all of it")
    walk.click("link", "Go on setting up")


def register() -> bytes:
    """A register as a school has it: other words, doubles, dates of every form, costs, a title above the headers."""
    days = ["28/02/2019", "28.2.19", "2019-02-28", "28 February 2019", "31/02/2019", "Aug-19", "", "03/25/2019"]
    kinds = ["Boiler", "Extinguishers", "MCP", "TMV3", "Fire door ", "Emergency light", "Jukebox"]
    rows = [
        ["Main  block", ("Boiler room", "Hall", "")[n % 3], kinds[n % 7], "", ("", f"SN{n} ", "1.2E+12")[n % 3], days[n % 8],
         "£1,250.00", ("In Use", "Good", "")[n % 3]]
        for n in range(300)
    ]  # fmt: skip
    return table(["Oakfield asset list 2025"], [], REGISTER, *rows, [])


def assets(walk: Walk) -> None:
    """The register with its mistakes: every one explained, said once, tried again, imported."""
    page = walk.page
    walk.click("link", "Import its asset register")
    walk.file("register.csv", register())
    walk.click("button", "See what would happen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("rows need correcting")
    walk.looked_at("a register with mistakes")
    walk.choose("select[aria-label*='Boiler'][name^=word]", "is:Gas boiler")
    walk.choose("select[aria-label*='Jukebox']", "out")
    walk.choose("select[aria-label*='Good']", "is:In use")
    walk.choose("select[aria-label^='Serial']", "empty")
    walk.choose("select[aria-label^='Date']", "empty")
    page.get_by_label("Number things that are alike").check()
    walk.clicks += 1
    walk.click("button", "Try again with this")
    expect(page.get_by_role("heading", level=1)).to_contain_text("no mistake found")
    walk.click("button", "Import all of it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Imported")
    walk.click("link", "Go on setting up")


def checks(walk: Walk) -> None:
    """What applies, from when; with the days when each was last done."""
    page = walk.page
    walk.click("link", "Find which checks apply")
    walk.click("link", "Plans proposed")
    expect(page.get_by_role("heading", level=1)).to_contain_text("to be planned")
    listed = page.request.get(page.url.split("?")[0].rstrip("/") + ".csv").text().lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(listed)))
    done = dt.date.today() - dt.timedelta(days=1)
    filled = [rows[0], *([*row[:-1], f"{done:%d %B %Y}"] for row in rows[1:])]
    walk.clicks += 1  # the list is downloaded
    walk.file("last-done.csv", table(*filled, encoding="utf-8"), "#dates")
    walk.click("button", "Accept what is ticked")
    expect(page.get_by_text(re.compile(r"\d+ checks? planned"))).to_be_visible()
    walk.looked_at("planned")


def test_a_school_is_set_up_from_nothing_in_few_clicks(playwright: Playwright, bare: Server, tmp_path: Path):
    year = dt.date.today().year
    terms = [["Autumn term", f"02/09/{year}", f"18/12/{year}"], ["INSET day 1", f"01/09/{year}", ""],
             ["Spring", f"4 Jan {year + 1}", f"26/03/{year + 1}"]]  # fmt: skip
    with launch(playwright) as browser:
        page = browser.new_page(viewport=DESK)
        walk = Walk(page, bare.url, tmp_path)
        start(walk, bare.world["code"])
        walk.imported(
            "terms", "terms.csv", table(["URN", "Term", "Start date", "End date"], *[["900001", *each] for each in terms])
        )
        rooms = [["Main block", "Boiler room", "1968", "2,400 m2"], ["Main block", "Hall", "", ""]]
        walk.imported("places", "places.csv", table(["Bldg", "Room No.", "Yr built", "GIFA"], *rooms))
        people = [["Sam", "Whitlock", "sam@beacon.example", "Caretaker", "900001"]]
        walk.imported("people", "people.csv", table(["First name", "Surname", "Email", "Role", "School"], *people))
        walk.click("link", "Go on setting up")
        walk.looked_at("checklist")
        assets(walk)
        checks(walk)
        page.goto(f"{bare.url}/set-up/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("1 school set up")
    assert not {name: found for name, found in walk.faults.items() if found}
    assert walk.clicks <= MOST_CLICKS, walk.clicks
    (counted,) = bare.rows("SELECT count(*) AS plans FROM checks_plan WHERE active")
    assert counted["plans"] > 50
