"""Working with lists by keyboard alone: find, keep a view, change many, take it back; axe at both sizes."""

import re

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious


def signed_in(page: Page, server: Server) -> None:
    """Sign in as the estates lead."""
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
    page.get_by_label("Password", exact=True).fill(server.world["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_lists_are_worked_with_by_keyboard(playwright: Playwright, server: Server, size: ViewportSize):
    faults: dict[str, object] = {}
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        signed_in(page, server)

        def look(name: str) -> None:
            if wrong := serious(page):
                faults[name] = wrong
            if over := overflow(page):
                faults[f"{name}, wide"] = over

        page.locator("#find").focus()
        page.keyboard.type("panel")
        page.locator("#suggested [role=option]").first.wait_for()
        look("suggestions")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#find")).to_have_attribute("aria-activedescendant", re.compile("found-"))
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/assets/[0-9a-f-]{36}/"))

        page.goto(f"{server.url}/assets/?status=in-use")
        page.locator(".menu.views summary").focus()
        page.keyboard.press("Enter")
        page.locator("#view-name").fill("In use")
        look("views menu")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("saved="))
        look("kept")

        page.locator("input[data-pick]").first.focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-chosen]")).to_have_text("1")
        look("chosen")
        page.locator("#bulk-do").select_option("make")
        page.get_by_role("button", name="Go on").focus()
        page.keyboard.press("Enter")
        page.locator("#id_to-make").fill("Gent of Leicester")
        look("asked")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("1 asset would change.")
        look("preview")
        page.get_by_role("button", name="Change 1 asset").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/change/done/"))
        look("done")
        page.get_by_role("button", name="Take it back").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Taken back")

        for path in ("/views/", "/assets/?fish=1", "/assets.csv?choose=1", "/search/?q=panel", "/search/?q=xyzzy", "/search/"):
            page.goto(server.url + path)
            look(path)
    assert not faults


def test_many_are_changed_without_javascript(playwright: Playwright, server: Server):
    with launch(playwright) as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        signed_in(page, server)
        page.goto(f"{server.url}/assets/?q=")
        page.locator("input[data-pick]").first.check()
        page.locator("#bulk-do").select_option("make")
        page.get_by_role("button", name="Go on").click()
        page.locator("#id_to-make").fill("Gent of Leicester")
        page.get_by_role("button", name="See what would change").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("1 asset would change.")
        page.get_by_role("button", name="Change 1 asset").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Done")
