"""A floor plan in a real browser: sent in, things put on it by pointer and by keyboard alone, looked at nearer; and by axe."""

import re

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.servers import Server
from tests.e2e.test_applying import signed_in
from tests.e2e.test_screens import overflow, serious
from tests.sync.pictures import picture


def sent_in(page: Page, server: Server, name: str) -> str:
    """Send a picture in as a floor plan; the plan's address."""
    page.goto(f"{server.url}/sites/{server.world['site']}/floor-plans/add/")
    page.get_by_label("Name", exact=True).fill(name)
    files = [{"name": "floor.png", "mimeType": "image/png", "buffer": picture("PNG", 800, 500)}]
    page.get_by_label("The picture").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url(re.compile(r"/floor-plans/[0-9a-f-]+/$"))
    return page.url


def test_things_are_put_on_a_plan_by_keyboard_and_by_pointer(playwright: Playwright, server: Server):
    with launch(playwright) as browser:
        page = browser.new_page(viewport=DESK)
        signed_in(page, server)
        plan = sent_in(page, server, "Ground floor")
        page.goto(f"{plan}pins/add/")
        page.get_by_label("What is there").select_option("water")
        marker = page.get_by_label(re.compile("The place on the plan"))
        marker.focus()
        for _ in range(5):
            page.keyboard.press("ArrowLeft")
        page.keyboard.press("Shift+ArrowUp")
        expect(page.locator("[data-said]")).to_have_text("Square E5: 40% from the left, 49.8% from the top.")
        page.keyboard.press("Enter")
        page.wait_for_url(plan)
        expect(page.get_by_role("link", name="1. Water stopcock, square E5")).to_be_visible()

        page.get_by_role("link", name="Put something on it").click()
        page.get_by_label("What is there").select_option(f"asset:{server.world['panel']}")
        box = page.locator("svg.floor").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] * 0.85, box["y"] + box["height"] * 0.25)
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url(plan)
        expect(page.locator("svg.floor").get_by_role("link", name=re.compile("Fire alarm panel: .*square I3"))).to_be_visible()

        page.get_by_role("link", name="Nearer").click()
        expect(page.locator("svg.floor")).to_have_attribute("viewBox", re.compile(r"^250 .* 500 "))
        page.get_by_role("link", name="Right", exact=True).click()
        expect(page.locator("svg.floor")).to_have_attribute("viewBox", re.compile(r"^450 "))
        page.get_by_label("Show").select_option("emergency")
        expect(page.get_by_role("heading", name="1 of 2 things on it")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_of_floor_plans_are_accessible(playwright: Playwright, server: Server, size: ViewportSize):
    faults = {}
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        signed_in(page, server)
        site = f"/sites/{server.world['site']}"
        plan = sent_in(page, server, f"Floor seen at {size['width']}").removeprefix(server.url)
        page.goto(f"{server.url}{plan}pins/add/")
        page.get_by_label("What is there").select_option(f"asset:{server.world['call_point']}")
        page.get_by_role("textbox", name=re.compile("square")).fill("C4")
        page.get_by_role("button", name="next one").click()
        page.get_by_label("What is there").select_option("gas")
        page.get_by_role("textbox", name=re.compile("square")).fill("F6")
        page.get_by_role("button", name="Save", exact=True).click()
        paths = [
            plan, f"{plan}?zoom=4", f"{plan}?status=due", f"{plan}change/", f"{plan}pins/add/", f"{site}/floor-plans/add/",
            f"{site}/plan/", f"{site}/emergency/", f"/assets/{server.world['call_point']}/",
        ]  # fmt: skip
        for path in paths:
            page.goto(server.url + path)
            faults[path] = serious(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
    assert not {path: found for path, found in faults.items() if found}
