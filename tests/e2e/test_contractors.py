"""A lift's report is filed from the check that is due, with the keyboard; the pages of firms and papers; axe at both sizes."""

import datetime as dt
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from backend.office.demo.papers import one_page
from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious

PAGES = [
    "/contractors/", "/contractors/add/", "/contractors/visits/", "/contractors/visits/add/", "/contractors/handed-in/",
    "/certificates/", "/certificates/file/", "/documents/", "/documents/list/", "/documents/add/",
]  # fmt: skip


def signed_in(page: Page, server: Server) -> None:
    """Signed in as the estates lead."""
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
    page.get_by_label("Password", exact=True).fill(server.world["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_report_is_filed_and_seen(playwright: Playwright, server: Server, size: ViewportSize, tmp_path: Path):
    faults: dict[str, object] = {}
    report = tmp_path / "lift.pdf"
    report.write_bytes(one_page(["Report of thorough examination"]))
    examined = dt.date.today() - dt.timedelta(days=2)

    def look(name: str) -> None:
        wide = overflow(page)
        faults[name] = serious(page) + ([f"{wide} px too wide"] if wide > 0 else [])

    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        signed_in(page, server)
        for path in PAGES:
            page.goto(server.url + path)
            look(path)
        page.goto(f"{server.url}/plans/{server.world['lift_plan']}/")
        page.get_by_role("link", name="File a certificate").press("Enter")
        expect(page.get_by_role("button", name="File it")).to_be_visible()
        look("form")
        page.get_by_label("The report", exact=True).set_input_files(report)
        page.get_by_label("Another firm", exact=True).fill("Brindle Lifts")
        page.get_by_label("Number on the report").fill("R-9")
        page.get_by_label("Day of the examination").fill(examined.isoformat())
        page.get_by_label("Next date that the report states").fill((examined + dt.timedelta(days=180)).isoformat())
        page.get_by_label("Satisfactory", exact=True).press("Space")
        if (in_order := page.get_by_label(re.compile("in order"))).count():
            in_order.press("Space")
        page.evaluate("document.getElementById('id_engineer').required = false")  # an old browser sends it all the same
        page.get_by_role("button", name="File it").press("Enter")
        expect(page.get_by_text("It is not filed yet.")).to_be_visible()
        expect(page.get_by_text("The file is here.")).to_be_visible()
        look("form with a fault")
        page.get_by_label("Name of the engineer or examiner").fill("Joan Ferris")
        page.get_by_role("button", name="File it").press("Enter")
        expect(page.get_by_text("Filed: 1 check is recorded.")).to_be_visible()
        look("certificate")
        page.goto(f"{server.url}/certificates/")
        page.locator("#results").get_by_role("link", name=re.compile("lift", re.I)).press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("lift")
        page.get_by_role("link", name=re.compile("Hall lift")).first.press("Enter")
        expect(page.get_by_text("Joan Ferris").first).to_be_visible()
    assert not {name: found for name, found in faults.items() if found}
    assert server.rows("SELECT count(*) AS n FROM checks_certificate") == [{"n": 1}]


def test_a_firm_without_an_account_hands_in_a_report_by_its_link(playwright: Playwright, server: Server, tmp_path: Path):
    report = tmp_path / "boiler.pdf"
    report.write_bytes(one_page(["Service of the boilers"]))
    with launch(playwright) as browser:
        page = browser.new_page(viewport=DESK)
        signed_in(page, server)
        page.goto(f"{server.url}/contractors/add/")
        page.get_by_label("Name", exact=True).fill("Brindle Lifts")
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_role("link", name="Ask for a report").click()
        page.get_by_label("What is asked for").fill("The boilers' service")
        page.get_by_role("button", name="Make the link").click()
        link = re.search(r"/hand-in/[^\s\"<]+", page.content())
        assert link
        firm = browser.new_context(viewport=PHONE).new_page()
        firm.goto(server.url + link[0])
        firm.get_by_label("The report").set_input_files(tmp_path / "boiler.pdf")
        firm.get_by_label("Your name").fill("Ash Merrow")
        firm.get_by_role("button", name="Hand it in").click()
        expect(firm.get_by_text("Thank you")).to_be_visible()
        assert not serious(firm)
        page.goto(f"{server.url}/contractors/handed-in/")
        expect(page.get_by_text("1 report handed in")).to_be_visible()
