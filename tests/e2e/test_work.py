"""A site manager's morning with what is wrong: triage by the keyboard alone; axe and width at both sizes."""

import re

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious


def signed_in(page: Page, server: Server) -> None:
    """Signed in as the estates lead."""
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
    page.get_by_label("Password", exact=True).fill(server.world["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_fault_goes_from_a_label_to_a_work_order(playwright: Playwright, server: Server, size: ViewportSize):
    faults: dict[str, object] = {}

    def look(page: Page, name: str) -> None:
        wide = overflow(page)
        faults[name] = serious(page) + ([f"{wide} px too wide"] if wide > 0 else [])

    with launch(playwright) as browser:
        stranger = browser.new_context(viewport=size).new_page()
        stranger.goto(f"{server.url}/{server.world['panel_tag']}")
        look(stranger, "label")
        stranger.get_by_label("What is wrong?").fill("The glass is broken")
        stranger.get_by_role("button", name="Send").click()
        expect(stranger.get_by_text(re.compile("R-[0-9A-Z]{4}-[0-9A-Z]{4}"))).to_be_visible()
        look(stranger, "thanks")

        page = browser.new_context(viewport=size).new_page()
        signed_in(page, server)
        page.goto(f"{server.url}/problems/triage/")
        look(page, "triage with a report")
        with page.expect_navigation():
            page.get_by_role("link", name="The glass is broken").click()
        look(page, "report")
        with page.expect_navigation():
            page.get_by_role("button", name="Take it on as a problem").press("Enter")
        row = page.locator(".triage").filter(has_text="The glass is broken")
        row.get_by_label("How serious").focus()
        page.keyboard.type("Serious")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert row.get_by_label("Unsafe: do not use").is_checked()
        row.get_by_label("Note").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Kept.")).to_be_visible()
        page.goto(f"{server.url}/problems/?unsafe=1")
        page.get_by_role("link", name="The glass is broken").first.click()
        expect(page.get_by_text("Unsafe: do not use").first).to_be_visible()
        look(page, "problem")
        give = page.locator("form[action$='/give/']")
        if not give.is_visible():
            page.locator("summary", has_text="Give it out").press("Enter")
        with page.expect_navigation():
            give.get_by_role("button").press("Enter")
        page.goto(f"{server.url}/work-orders/")
        look(page, "work orders")
        with page.expect_navigation():
            page.get_by_role("link", name="The glass is broken").click()
        look(page, "work order")
    assert not {name: found for name, found in faults.items() if found}


def test_what_was_written_comes_back_after_signing_in_again(playwright: Playwright, server: Server):
    with launch(playwright) as browser:
        context = browser.new_context(viewport=DESK)
        page = context.new_page()
        signed_in(page, server)
        page.goto(f"{server.url}/problems/report/")
        page.get_by_label(re.compile("^What is wrong")).fill("Water under the boiler")
        page.get_by_label("Where", exact=True).select_option(index=1)
        page.get_by_label("How serious").select_option("medium")
        context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="Report").click()
        page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
        page.get_by_label("Password", exact=True).fill(server.world["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{server.url}/problems/report/")
        expect(page.get_by_text("This was not sent")).to_be_visible()
        expect(page.get_by_label(re.compile("^What is wrong"))).to_have_value("Water under the boiler")
        expect(page.get_by_label("How serious")).to_have_value("medium")

        context.clear_cookies(name="csrftoken")  # another tab signed in: this page's token is of no use
        page.get_by_role("button", name="Report").click()
        page.get_by_role("link", name="Back to the form").click()
        expect(page.get_by_label(re.compile("^What is wrong"))).to_have_value("Water under the boiler")
        page.get_by_role("button", name="Report").click()
        expect(page.get_by_text("Water under the boiler").first).to_be_visible()
        page.goto(f"{server.url}/problems/report/")
        expect(page.get_by_label(re.compile("^What is wrong"))).to_have_value("")
