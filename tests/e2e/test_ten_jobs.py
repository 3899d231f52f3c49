"""A site manager's ten commonest jobs at a desk, walked from the home page, each step counted: a click, a box filled, a key.

The counts stand in backend/office/README.md, which says what they are compared with. A job that grows longer fails here.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from backend.office.demo.papers import one_page
from tests.e2e.conftest import DESK, launch
from tests.e2e.servers import Server
from tests.e2e.test_work import signed_in


class Steps:
    """Somebody at the page, whose every step counts."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server, self.taken = page, server, 0

    def go_home(self) -> None:
        """Where signing in leads: no step."""
        self.page.goto(f"{self.server.url}/")
        self.taken = 0

    def click(self, what: Locator) -> None:
        """One click, on the first there is."""
        what.first.click()
        self.taken += 1

    def link(self, name: str) -> None:
        """Follow a link so called."""
        self.click(self.page.get_by_role("link", name=re.compile(name)))

    def button(self, name: str) -> None:
        """Press a button so called."""
        with self.page.expect_navigation():
            self.click(self.page.get_by_role("button", name=re.compile(name)))

    def fill(self, label: str, text: str) -> None:
        """Type into a box."""
        self.page.get_by_label(re.compile(label)).first.fill(text)
        self.taken += 1

    def choose(self, what: Locator, words: str) -> None:
        """Choose from a list."""
        what.first.select_option(label=words)
        self.taken += 1

    def tick(self, what: Locator) -> None:
        """Tick a box."""
        what.first.check()
        self.taken += 1


@pytest.fixture
def at(playwright: Playwright, server: Server) -> Iterator[Steps]:
    """The estates lead at a desk, signed in."""
    with launch(playwright) as browser:
        page = browser.new_context(viewport=DESK, accept_downloads=True).new_page()
        signed_in(page, server)
        yield Steps(page, server)


def test_the_ten_jobs_take_no_more_steps_than_are_written_down(at: Steps, tmp_path: Path):
    counted: dict[str, int] = {}
    for name, (job, _) in JOBS.items():
        at.go_home()
        job(at, tmp_path)
        counted[name] = at.taken
    assert counted == {name: steps for name, (_, steps) in JOBS.items()}


def see_what_is_overdue(at: Steps, _folder: Path) -> None:
    at.link("overdue check")
    expect(at.page.get_by_role("heading", level=1)).to_contain_text("overdue")


def find_by_a_label(at: Steps, _folder: Path) -> None:
    at.fill("^Search|Label", at.server.world["panel_tag"])
    at.page.keyboard.press("Enter")
    at.taken += 1
    expect(at.page.get_by_role("heading", level=1)).to_contain_text("Fire alarm panel")


def report_a_problem(at: Steps, _folder: Path) -> None:
    at.link("^Problems")
    at.link("^Report a problem")
    at.fill("What is wrong", "Gate does not latch")
    at.choose(at.page.locator("#report-where"), "Main block")
    at.button("Report it")
    expect(at.page.get_by_role("heading", level=1)).to_contain_text("Gate does not latch")


def triage_and_give_out(at: Steps, _folder: Path) -> None:
    at.link("new problem|problem.* to look at")
    row = at.page.locator(".triage").first
    at.choose(row.get_by_label("Give it to"), at.page.locator(".triage").first.get_by_label("Give it to").locator(
        "option").filter(has_text="Caretaker of Oakfield").first.inner_text())  # fmt: skip
    with at.page.expect_navigation():
        at.click(row.get_by_role("button", name=re.compile("^Save")))
    expect(at.page.get_by_text("Kept.")).to_be_visible()


def book_what_is_due(at: Steps, _folder: Path) -> None:
    at.link("^Calendar")
    if "view=list" not in at.page.url:
        at.link("^List$")
    at.tick(at.page.locator("input[name=plan]"))
    at.button("Book the chosen checks")
    wednesday = dt.date.today() + dt.timedelta(days=(2 - dt.date.today().weekday()) % 7 + 7)
    at.fill("^Day$", wednesday.isoformat())
    at.choose(at.page.locator("#id_person"), "Caretaker of Oakfield")
    at.button("^Book$")
    again = at.page.get_by_role("button", name="Book all the same")
    if again.count():  # a warning that was read is no step of the job itself
        again.click()
    expect(at.page.get_by_text(re.compile("Booked for"))).to_be_visible()


def file_a_certificate(at: Steps, folder: Path) -> None:
    report = folder / "lift.pdf"
    report.write_bytes(one_page(["Report of thorough examination"]))
    examined = dt.date.today() - dt.timedelta(days=2)
    at.link("^Contractors")
    at.link("^File a certificate")
    lift = at.page.locator("#check option[value=loler-passenger-lift]").inner_text()
    at.choose(at.page.locator("#check"), lift)
    at.button("Go on")
    at.page.get_by_label("The report", exact=True).set_input_files(report)
    at.taken += 1
    at.fill("Another firm", "Brindle Lifts")
    at.fill("Name of the engineer", "Joan Ferris")
    at.fill("Number on the report", "R-9")
    at.fill("Day of the examination", examined.isoformat())
    at.fill("Next date that the report states", (examined + dt.timedelta(days=180)).isoformat())
    at.tick(at.page.get_by_label("Satisfactory", exact=True))
    at.button("File it")
    expect(at.page.get_by_text(re.compile("Filed: "))).to_be_visible()


def say_who_is_away(at: Steps, _folder: Path) -> None:
    at.link("^Calendar")
    at.link("^Who is away")
    tomorrow = dt.date.today() + dt.timedelta(days=1)
    at.choose(at.page.locator("#id_person"), "Caretaker of Oakfield")
    at.fill("First day", tomorrow.isoformat())
    at.fill("Last day", tomorrow.isoformat())
    at.button("Note|Keep|Add")
    expect(at.page.get_by_text("Caretaker of Oakfield").first).to_be_visible()


def make_an_evidence_pack(at: Steps, _folder: Path) -> None:
    at.link("^Proof")
    at.link("^Make an evidence pack")
    at.link("^Fire and rescue authority")
    at.button("^Make the pack")
    expect(at.page.get_by_role("heading", level=1)).to_contain_text("evidence pack")


def print_a_log_book(at: Steps, _folder: Path) -> None:
    at.link("^Proof")
    at.link("^Log book")
    with at.page.expect_download():
        at.click(at.page.locator("a[href*='books.pdf']"))


def come_to_print_a_label(at: Steps, _folder: Path) -> None:
    at.fill("^Search|Label", at.server.world["tap_tag"])
    at.page.keyboard.press("Enter")
    at.taken += 1
    at.link("Print its label")
    expect(at.page.get_by_role("heading", level=1)).to_be_visible()


JOBS = {
    "see what is overdue": (see_what_is_overdue, 1),
    "find a thing by its label": (find_by_a_label, 2),
    "report a problem": (report_a_problem, 5),
    "look at a new problem and give it out": (triage_and_give_out, 3),
    "book what is due": (book_what_is_due, 7),
    "file a certificate": (file_a_certificate, 12),
    "say who is away": (say_who_is_away, 6),
    "make an evidence pack": (make_an_evidence_pack, 4),
    "print a log book": (print_a_log_book, 3),
    "come to print a label": (come_to_print_a_label, 3),
}
