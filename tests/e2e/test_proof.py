"""A site manager makes an evidence pack by the keyboard, reads a log book, looks at a past day; axe and width at both sizes."""

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious
from tests.e2e.test_work import signed_in


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_pack_is_asked_for_by_the_keyboard(playwright: Playwright, server: Server, size: ViewportSize):
    faults: dict[str, object] = {}

    def look(page: Page, name: str) -> None:
        wide = overflow(page)
        faults[name] = serious(page) + ([f"{wide} px too wide"] if wide > 0 else [])

    with launch(playwright) as browser:
        page = browser.new_context(viewport=size).new_page()
        signed_in(page, server)
        page.goto(f"{server.url}/proof/")
        look(page, "packs")
        page.get_by_role("link", name="Make an evidence pack").press("Enter")
        look(page, "for whom")
        page.get_by_role("link", name="Fire and rescue authority").press("Enter")
        look(page, "what is in it")
        page.get_by_role("button", name="See what would be in it").press("Enter")
        expect(page.locator("#preview")).to_contain_text("record")
        look(page, "preview")
        page.get_by_label("Period").select_option("own")
        page.get_by_role("button", name="Make the pack").press("Enter")
        expect(page.get_by_text("Give the first day.")).to_be_visible()
        look(page, "in error")
        page.get_by_label("Period").select_option("year")
        page.get_by_role("button", name="Make the pack").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("is being made")
        look(page, "being made")
        page.goto(f"{server.url}/proof/books/")
        look(page, "log book")
        page.goto(f"{server.url}/compliance/")
        page.get_by_label("As it stood on").fill("2026-01-15")
        page.get_by_role("button", name="Show").press("Enter")
        expect(page.get_by_text("from what was known that day")).to_be_visible()
        look(page, "a past day")
    assert not {name: found for name, found in faults.items() if found}
