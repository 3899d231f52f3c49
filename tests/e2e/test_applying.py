"""A site manager's walk in a real browser: answer a question by keyboard, look at what is proposed, accept it in one go."""

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
def test_the_pages_of_what_applies_are_accessible(playwright: Playwright, server: Server, size: ViewportSize):
    site, plan = server.world["site"], server.world["weekly"]
    paths = [
        "/applying/", f"/sites/{site}/facts/", f"/sites/{site}/facts/buildings/", f"/sites/{site}/facts/heating/",
        f"/sites/{site}/proposal/", "/not-applicable/", f"/not-applicable/new/?site={site}", "/library/", "/library/changes/",
        "/library/gas-boiler-service/", f"/plans/{plan}/interval/", f"/plans/{plan}/enter/", f"/plans/new/?site={site}",
    ]  # fmt: skip
    faults = {}
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        signed_in(page, server)
        for path in paths:
            page.goto(server.url + path)
            faults[path] = serious(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
    assert not {path: found for path, found in faults.items() if found}


def test_a_question_is_answered_by_keyboard_and_the_plans_are_accepted(playwright: Playwright, server: Server):
    site = server.world["site"]
    with launch(playwright) as browser:
        page = browser.new_page(viewport=DESK)
        signed_in(page, server)
        page.goto(f"{server.url}/sites/{site}/facts/pool/")
        no = page.get_by_role("group", name="Is there a swimming or hydrotherapy pool?").get_by_label("No", exact=True)
        no.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/facts/security/"))
        page.goto(f"{server.url}/sites/{site}/proposal/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("to be planned")
        button = page.get_by_role("button", name="Accept what is ticked")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile(r"\d+ checks? planned"))).to_be_visible()
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("to be planned")
