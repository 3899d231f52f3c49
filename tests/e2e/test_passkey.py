"""A passkey in a real browser, with the browser's own make-believe authenticator: set up, asked for, and the only way in."""

import re

from playwright.sync_api import Page, Playwright

from tests.e2e.conftest import DESK, launch
from tests.e2e.servers import Server

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def type_password(page: Page, server: Server) -> None:
    """The first step."""
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
    page.get_by_label("Password", exact=True).fill(server.world["password"])
    page.get_by_role("button", name="Sign in").click()


def test_a_passkey_is_made_and_then_asked_for_when_signing_in(playwright: Playwright, server: Server):
    with launch(playwright) as browser:
        page = browser.new_page(viewport=DESK)
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        tool = page.context.new_cdp_session(page)
        tool.send("WebAuthn.enable")
        made = tool.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        type_password(page, server)
        page.wait_for_url(f"{server.url}/")

        page.goto(f"{server.url}/account/second-step/passkey/")
        page.get_by_label("Name").fill("Work laptop")
        page.get_by_role("button", name="Add it").click()
        page.wait_for_selector("ul.codes")
        assert page.locator("ul.codes li").count() == 10
        assert len(tool.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})["credentials"]) == 1
        code = page.locator("ul.codes li").first.inner_text()

        page.context.clear_cookies()
        type_password(page, server)
        page.wait_for_url(re.compile("/sign-in/second-step/"))
        page.get_by_role("button", name="Use your passkey").click()
        page.wait_for_url(f"{server.url}/")
        page.goto(f"{server.url}/account/second-step/")
        assert "Work laptop" in page.inner_text("main")

        page.context.clear_cookies()
        tool.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
        type_password(page, server)
        page.wait_for_url(re.compile("/sign-in/second-step/"))
        page.goto(f"{server.url}/plans/")
        assert "/sign-in/" in page.url
        page.goto(f"{server.url}/sign-in/second-step/")
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"{server.url}/")
    assert not [line for line in said if "Content Security Policy" in line or "Uncaught" in line]
