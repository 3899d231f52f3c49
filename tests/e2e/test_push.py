"""A line pushed to the phone while the app is closed: shown once, and pressed it brings the app forward."""

import json
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.e2e.phone import SECONDS, Phone
from tests.e2e.servers import Server

SHOWN = "navigator.serviceWorker.ready.then(r => r.getNotifications()).then(all => all.map(each => [each.title, each.body]))"


def push(page: Page, origin: str, data: str) -> None:
    """Hand a message to the service worker as the browser's push service would."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(each["registrationId"] for each in said["registrations"]),
    )
    session.send("ServiceWorker.enable")
    for _ in range(50):
        if found:
            break
        page.wait_for_timeout(100)
    session.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": found[0], "data": data})
    session.detach()


def test_a_line_is_shown_while_the_app_is_closed_and_where_it_cannot_be_that_is_said(
    playwright: Playwright, server: Server, tmp_path: Path
):
    phone = Phone(playwright, server, tmp_path / "profile")
    phone.context.grant_permissions(["notifications"], origin=server.url)
    page = phone.sign_in(server.world["caretaker"])
    told = "Unsafe: kiln door switch, Oakfield Primary"
    for data, says in ((json.dumps({"line": told}), told), ("no JSON at all", "Something is waiting for you.")):
        push(page, server.url, data)
        page.wait_for_function(f"{SHOWN}.then(all => all.length === 1 && all[0][1] === '{says}')")  # a later one in its place
    assert page.evaluate(SHOWN) == [["Siteward", says]]

    page.goto(f"{server.url}/field/account")  # this browser has no push service to reach
    page.get_by_role("button", name="Tell me on this phone").click()
    alert = page.get_by_role("alert").filter(has_text="push service cannot be reached")
    expect(alert).to_be_visible(timeout=40 * SECONDS)
    expect(page.get_by_role("button", name="Tell me on this phone")).to_be_visible()
    phone.close()
