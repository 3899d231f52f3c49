"""The operators' page in a real browser, at both sizes."""

import re

import pytest
from playwright.sync_api import Playwright, ViewportSize, expect

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_screens import overflow, serious


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_operators_page_is_accessible_and_fits(playwright: Playwright, server: Server, size: ViewportSize):
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        page.goto(f"{server.url}/sign-in/")
        page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["administrator"])
        page.get_by_label("Password", exact=True).fill(server.world["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{server.url}/")
        page.goto(f"{server.url}/status/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("wrong with this installation")
        assert (serious(page), overflow(page)) == ([], 0)
