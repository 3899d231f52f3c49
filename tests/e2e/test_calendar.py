"""Scheduling in a real browser: booking by keys alone, a phone that gets the list first, axe at both sizes."""

import re

import pytest
from playwright.sync_api import Playwright, ViewportSize, expect

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious

PAGES = [
    "/calendar/?view=month", "/calendar/?view=week", "/calendar/?view=list", "/calendar/rounds/", "/calendar/away/",
    "/calendar/year/", "/account/calendar/",
]  # fmt: skip


def signed_in(page, server: Server) -> None:
    """The estates lead, signed in."""
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
    page.get_by_label("Password", exact=True).fill(server.world["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_of_scheduling_are_accessible(playwright: Playwright, server: Server, size: ViewportSize):
    faults: dict[str, object] = {}
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        signed_in(page, server)
        for path in [*PAGES, f"/calendar/book/?plan={server.world['monthly']}"]:
            page.goto(server.url + path)
            faults[path] = serious(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
    assert not {path: found for path, found in faults.items() if found}


def test_a_check_is_booked_and_moved_with_keys_alone(playwright: Playwright, server: Server):
    with launch(playwright) as browser:
        page = browser.new_page(viewport=DESK)
        signed_in(page, server)
        page.goto(f"{server.url}/calendar/book/?plan={server.world['monthly']}")
        page.get_by_label("Day", exact=True).focus()
        page.evaluate("document.getElementById('id_day').valueAsDate = new Date(Date.now() + 3 * 864e5)")
        page.get_by_role("button", name=re.compile("^Book$")).press("Enter")
        again = page.get_by_role("button", name="Book all the same")
        if again.count():
            again.press("Enter")
        expect(page.get_by_text(re.compile("Booked for"))).to_be_visible()
        page.goto(f"{server.url}/calendar/?view=list")
        page.goto(server.url + str(page.locator("a[href^='/calendar/bookings/']").first.get_attribute("href")))
        before = page.locator("#id_day").input_value()
        page.goto(f"{server.url}/calendar/?view=month&on={before}")
        chip = page.locator("a[data-booking]").first
        chip.focus()
        page.keyboard.press("b")
        assert "Taken up" in str(page.locator("#calendar-said").text_content())
        page.keyboard.press("Escape")
        assert page.locator(".held").count() == 0
        page.keyboard.press("b")
        page.keyboard.press("ArrowRight" if page.locator("td.aimed + td").count() else "ArrowLeft")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/calendar/" in page.url


def test_a_phone_gets_the_list_first(playwright: Playwright, server: Server):
    with launch(playwright) as browser:
        page = browser.new_page(viewport=PHONE)
        signed_in(page, server)
        page.goto(f"{server.url}/calendar/")
        page.wait_for_url("**view=list**")
