"""Labels on the screen: shown before printing, a room's label made and scanned; axe and width at both sizes."""

import re

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious
from tests.e2e.test_work import signed_in


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_labels_are_shown_first_and_a_lost_one_is_replaced(playwright: Playwright, server: Server, size: ViewportSize):
    faults: dict[str, object] = {}

    def look(page: Page, name: str) -> None:
        wide = overflow(page)
        faults[name] = serious(page) + ([f"{wide} px too wide"] if wide > 0 else [])

    with launch(playwright) as browser:
        page = browser.new_context(viewport=size).new_page()
        signed_in(page, server)
        page.goto(f"{server.url}/labels/?status=any")
        page.get_by_role("button", name="Show it first").press("Enter")
        expect(page.get_by_role("img", name="The first page of labels")).to_be_visible()
        look(page, "preview")
        page.goto(f"{server.url}/labels/places/")
        page.get_by_role("button", name="Show its rooms").press("Enter")
        page.get_by_label(re.compile("The building itself")).first.focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Show it first").press("Enter")
        expect(page.get_by_role("img", name="The first page of labels")).to_be_visible()
        look(page, "places")
        page.goto(f"{server.url}/labels/roll/")
        page.locator("select[name=site]").select_option(index=1)
        page.get_by_label("How many").fill("3")
        page.get_by_role("button", name="Make these labels").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("3 labels for")
        look(page, "run")
        for name in ("printed", "printer", "sheets", "roll"):
            page.goto(f"{server.url}/labels/{name}/")
            look(page, name)
        old = server.world["tap_tag"]
        page.goto(f"{server.url}/labels/?status=any")
        page.goto(f"{server.url}/{old}")
        if page.get_by_role("heading", name=re.compile("taken out of use")).count() == 0:
            page.goto(f"{server.url}/labels/tags/{old}/")
            look(page, "label")
            page.get_by_role("button", name="Replace it").press("Enter")
            expect(page.get_by_text("Print the new one now")).to_be_visible()
            page.goto(f"{server.url}/{old}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("was taken out of use")
        look(page, "replaced")
    assert faults == {name: [] for name in faults}
