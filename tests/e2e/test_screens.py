"""Every kind of screen at both sizes: axe finds nothing serious, nothing overflows sideways, the first screen stays small."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, ViewportSize

from tests.e2e.conftest import DESK, PHONE, launch
from tests.e2e.phone import Phone
from tests.e2e.servers import Server

OFFICE = ["/", "/compliance/", "/plans/?status=overdue", "/assets/", "/problems/", "/lapses/", "/held/", "/labels/", "/help/",
          "/map/", "/map/?what=quiet", "/trends/", "/trends/readings/", "/risk/", "/risk/exposures/", "/risk/forecast/",
          "/risk/assumptions/", "/risk/papers/", "/risk/papers/freeze/", "/condition/", "/condition/add/",
          "/condition/items/", "/risk/register/", "/risk/register/add/", "/risk/return/",
          "/risk/return/raac/answer/", "/risk/places/", "/risk/lives/", "/risk/lives/?advice=all", "/risk/what-if/",
          "/risk/what-if/?if=joins&phase=primary&pupils=300", "/capital/", "/capital/add/", "/capital/scenarios/",
          "/capital/scenarios/add/"]  # fmt: skip
ACCOUNT = [
    "/account/", "/account/password/", "/account/email/", "/account/second-step/", "/account/second-step/app/",
    "/account/second-step/passkey/", "/account/sign-ins/", "/account/tokens/", "/help/signing-in/",
]  # fmt: skip
DOORS = ["/sign-in/", "/sign-in/forgotten/", "/sign-in/reset/made-up/", "/invitation/made-up/"]
PEOPLE = ["/people/", "/people/?status=all", "/people/invite/"]
FIELD = ["", "scan", "report", "outbox", "account", "others", "find"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIRST_SCREEN_LIMIT = 90_000  # bytes gzipped, the bar


def serious(page: Page) -> list[str]:
    """What axe finds that matters: rule and the elements."""
    found: list[dict[str, Any]] = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [
        f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_office_pages_are_accessible(playwright: Playwright, server: Server, size: ViewportSize):
    faults: dict[str, object] = {}
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        page.goto(f"{server.url}/sign-in/")
        faults["/sign-in/"] = serious(page)
        page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
        page.get_by_label("Password", exact=True).fill(server.world["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{server.url}/")
        single = [
            f"/assets/{server.world['panel']}/",
            f"/plans/{server.world['weekly']}/",
            f"/sites/{server.world['site']}/",
            "/none/",
            *ACCOUNT,
        ]
        for path in [*OFFICE, *single]:
            page.goto(server.url + path)
            faults[path] = serious(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
    assert not {path: found for path, found in faults.items() if found}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_doors_and_the_people_pages_are_accessible(playwright: Playwright, server: Server, size: ViewportSize):
    faults: dict[str, object] = {}
    with launch(playwright) as browser:
        page = browser.new_page(viewport=size)
        for path in DOORS:
            page.goto(server.url + path)
            faults[path] = serious(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
        page.goto(f"{server.url}/sign-in/")
        page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["hr"])
        page.get_by_label("Password", exact=True).fill(server.world["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{server.url}/")
        for path in [*PEOPLE, f"/people/{server.world['caretaker_id']}/"]:
            page.goto(server.url + path)
            faults[path] = serious(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
    assert not {path: found for path, found in faults.items() if found}


SMALL_TARGETS = """() => [...document.querySelectorAll('main button, main a.btn, main a.row, main label.choice, footer button')]
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width && box.height < 44 && !one.closest('.unseen'))
    .map(([one, box]) => `${one.textContent.trim().slice(0, 30)} is ${Math.round(box.height)} px high`)"""
LARGE = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; })"


@pytest.mark.parametrize("look", ["light", "dark", "large"])
def test_field_screens_are_accessible(playwright: Playwright, server: Server, tmp_path: Path, look: str):
    """By day, in the dark with reduced motion, and with text twice as large; every target is large enough for a glove."""
    phone = Phone(playwright, server, tmp_path / "profile")
    if look == "dark":
        phone.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    if look == "large":
        phone.page.add_init_script(LARGE)
    page = phone.sign_in(server.world["caretaker"])
    faults: dict[str, object] = {}
    single = [f"asset/{server.world['panel']}", f"check/{server.world['weekly']}", f"check/{server.world['monthly']}"]
    for path in [*FIELD, *single, f"could-not/{server.world['weekly']}"]:
        page.goto(f"{server.url}/field/{path}")
        page.wait_for_selector("h1")
        faults[path] = serious(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
        faults[f"{path} by a thumb"] = page.evaluate(SMALL_TARGETS)
        page.screenshot(path=str(tmp_path / f"{look}-{path.partition('/')[0] or 'today'}.png"))
    assert not {path: found for path, found in faults.items() if found}
    assert phone.faults == []
    phone.close()


def test_the_first_screen_is_small():
    import gzip

    dist = Path(__file__).resolve().parents[2] / "fieldapp" / "dist"
    names = re.findall(r'(?:src|href)="/field/([^"]+\.(?:js|css))"', (dist / "index.html").read_text())
    assert names
    assert sum(len(gzip.compress((dist / name).read_bytes(), 9)) for name in names) < FIRST_SCREEN_LIMIT
