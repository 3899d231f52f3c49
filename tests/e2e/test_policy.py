"""The content security policy in a real browser: every page there is, and the checks app, break it nowhere."""

import re
from pathlib import Path

from django.urls import Resolver404, resolve
from playwright.sync_api import ConsoleMessage, Page, Playwright

from tests.arch.sweep import Address, addresses
from tests.e2e.conftest import DESK, launch
from tests.e2e.phone import Phone
from tests.e2e.servers import Server

LISTEN = """addEventListener("securitypolicyviolation", (e) =>
    console.error("POLICY " + e.violatedDirective + " " + e.blockedURI + " at " + e.sourceFile + ":" + e.lineNumber))"""
NOWHERE = "01a203f2-330a-70c3-91a3-4fd1c98fbc6b"
FIELD = ["", "scan", "report", "outbox", "account", "others", "find"]


def listened(page: Page) -> list[str]:
    """A list that fills with each breach of the policy on the page from now on."""
    found: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if "POLICY" in said.text or "Content Security Policy" in said.text or "Permissions-Policy" in said.text:
            found.append(f"{page.url}: {said.text[:300]}")

    page.on("console", heard)
    page.add_init_script(LISTEN)
    return found


def sign_in(page: Page, server: Server, who: str) -> None:
    """Sign in by the page."""
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world[who])
    page.get_by_label("Password", exact=True).fill(server.world["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{server.url}/")


def pages() -> list[Address]:
    """Every address of a page (not of the API, a file or the checks app)."""
    left_out = re.compile(r"^(api/|field/|metrics|healthz|phone/authority|.*\.csv$|.*photos/|.*sign-out)")
    return [each for each in addresses() if not left_out.match(each.plain)]


def shown(page: Page, where: str) -> bool:
    """Open a page; whether there is one (an address that only takes forms answers 405)."""
    asked = page.context.request.get(where)
    assert asked.status < 500, where
    if asked.status == 405 or "attachment" in asked.headers.get("content-disposition", ""):
        return False
    page.goto(where)
    return True


def links(page: Page) -> list[str]:
    """Where the page's links lead, within Siteward."""
    found: list[str] = page.eval_on_selector_all("a[href^='/']", "all => all.map((a) => a.getAttribute('href'))")
    return [each.split("#")[0].split("?")[0] for each in found]


def route_of(path: str) -> str:
    """The route that answers a path; "" when none does."""
    try:
        return str(resolve(path).route)
    except Resolver404:
        return ""


def filled(address: Address) -> str:
    """A path of the route, of something that does not exist."""
    return "/" + re.sub(r"<[^>]+>", lambda found: NOWHERE if "slug" not in found[0] else "nowhere", address.plain)


def test_no_office_page_breaks_the_policy(playwright: Playwright, server: Server):
    """From link to link until every kind of page was opened once; kinds to which no link led are opened by hand."""
    with launch(playwright) as browser:
        page = browser.new_page(viewport=DESK)
        breaches = listened(page)
        for path in ("/sign-in/", "/help/", "/nothing-here/"):  # as anybody sees them
            page.goto(server.url + path)
        sign_in(page, server, "lead")
        waiting = ["/", *(f"/{each.plain}" for each in pages() if not each.parameters())]
        wanted, opened = {each.route for each in pages()}, set[str]()
        while waiting:
            path = waiting.pop(0)
            route = route_of(path)
            if route in opened or route not in wanted:
                continue
            opened.add(route)
            waiting += links(page) if shown(page, server.url + path) else []
        for address in pages():
            if address.route not in opened:
                shown(page, server.url + filled(address))
        assert not breaches
        assert len(opened) > 15
        page.evaluate("() => { const s = document.createElement('script'); s.textContent = '1'; document.body.append(s) }")
        page.wait_for_timeout(300)
        assert breaches, "the listening itself does not work"


def test_the_checks_app_does_not_break_the_policy(
    playwright: Playwright, server: Server, tmp_path: Path, camera_flags: list[str]
):
    phone = Phone(playwright, server, tmp_path / "profile", *camera_flags)
    breaches = listened(phone.page)
    page = phone.sign_in(server.world["caretaker"])
    for path in [*FIELD, f"asset/{server.world['panel']}", f"check/{server.world['weekly']}"]:
        page.goto(f"{server.url}/field/{path}")
        page.wait_for_selector("h1")
    page.goto(f"{server.url}/field/scan")
    page.wait_for_timeout(3000)  # the label reader compiles its WebAssembly and reads the camera
    phone.close()
    assert not breaches
    assert not phone.faults
