"""Every link that a page of the invented trust offers leads somewhere and every form is answered, for each of the accounts.

Links and forms are taken from the pages as they stand, whatever the tests of a page believe that it sends.
"""

import os
import re
from collections import deque
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from backend.trust.models import Person
from tests.office.demo_trust import load_small

pytestmark = pytest.mark.xdist_group("demo-pages")
MANY = {
    "estates@trust.demo": 320, "site.manager@oakfield.demo": 320, "sbm@oakfield.demo": 120, "caretaker@oakfield.demo": 120,
    "admin@trust.demo": 60,
}  # fmt: skip
"""How many kinds of page are opened for whom; a FEW for everybody else. SITEWARD_PAGES says another number for all."""
FEW = 25
ELSEWHERE = ("/field", "/static", "/sign-out", "/files/")
NOT_SENT = ("/sign-out/", "/account/")
"""Forms that would end the session, or lock out who is signed in."""
BY_SCRIPT = ("/views/keep/",)
"""Filled by the page's own script before it is sent: empty, it is malformed (400)."""
NAMES = [
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>"),
    (r"[0-9a-f]{40,64}", "<hash>"),
    (r"/\d+(?=/)", "/<n>"),
    (r"[A-Z0-9]{4}(-[A-Z0-9]{4})+", "<code>"),
]
"""What differs from one page to another of the same kind."""


class Page(HTMLParser):
    """The links of a page, and its forms with what a browser would send of them as they stand."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.boxes: dict[str, list[str]] | None = None
        self.action, self.select, self.sends = address, "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link's address, a form, or something in a form."""
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href"):
            self.links.append(said["href"])
        elif tag == "form" and said.get("method", "").lower() == "post":
            self.boxes, self.action, self.sends = {}, urljoin(self.address, said.get("action") or self.address), False
        elif self.boxes is not None:
            self.filled(self.boxes, tag, said)

    def filled(self, boxes: dict[str, list[str]], tag: str, said: dict[str, str]) -> None:
        """What a box or a button of a form would send."""
        name, kind = said.get("name", ""), said.get("type", "text")
        self.sends |= tag == "button" and said.get("type", "submit") == "submit"
        if tag == "option" and self.select and ("selected" in said or self.select not in boxes):
            boxes[self.select] = [said.get("value", "")]
        elif tag == "select":
            self.select = name
        elif name and tag in ("textarea", "button"):
            boxes.setdefault(name, [said.get("value", "")])
        elif name and kind in ("checkbox", "radio"):
            boxes.setdefault(name, []).extend([said.get("value") or "on"] if "checked" in said else [])
        elif name and kind != "file":
            boxes.setdefault(name, []).append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """The end of a form, which counts when it has a button that sends it; of a list of choices."""
        if tag == "form" and self.boxes is not None:
            self.forms += [(self.action, self.boxes)] if self.sends else []
            self.boxes = None
        elif tag == "select":
            self.select = ""


def kind_of(address: str) -> str:
    """What an address and others like it have in common: the path without names, and which questions are asked."""
    parts = urlsplit(address)
    path = parts.path
    for name, word in NAMES:
        path = re.sub(name, word, path)
    return path + "?" + "&".join(sorted({key for key, _ in parse_qsl(parts.query)}))


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The invented trust with two schools."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_small()
        yield
        transaction.set_rollback(True)


def faults_of(browser: Client, limit: int) -> list[str]:
    """Opens one page of each kind, breadth first from the home page, and sends one form of each kind, which changes nothing.

    Answers what leads nowhere or is refused to whom it is offered, with the page that offers it.
    """
    waiting, known, faults, opened = deque([("/", "the browser")]), {"/?"}, [], 0
    while waiting and opened < limit:
        address, offered_by = waiting.popleft()
        answer: Any = browser.get(address, headers={"sec-fetch-site": "same-origin"})
        opened += 1
        if answer.status_code >= 400:
            faults.append(f"{answer.status_code} {address}, offered by {offered_by}")
        if answer.streaming:
            deque(answer.streaming_content, maxlen=0)  # a download is read to its end
            continue
        if not str(answer.get("content-type")).startswith("text/html"):
            continue
        page = Page(address, answer.content.decode())
        for link in page.links:
            there = urljoin(address, link.split("#")[0])
            if urlsplit(there).netloc or urlsplit(there).scheme or there.startswith(ELSEWHERE) or kind_of(there) in known:
                continue
            known.add(kind_of(there))
            waiting.append((there, address))
        for action, boxes in page.forms:
            sent = f"POST {kind_of(action)}"
            if sent not in known and not action.startswith(NOT_SENT):
                known.add(sent)
                faults += fault_of_form(browser, action, boxes, address)
    return faults


def fault_of_form(browser: Client, action: str, boxes: dict[str, list[str]], page: str) -> list[str]:
    """Sends a form as it stands and takes back what that did; what is wrong with the answer, if anything."""
    with transaction.atomic():
        status = browser.post(action, boxes, headers={"sec-fetch-site": "same-origin"}).status_code
        transaction.set_rollback(True)
    refused = status in (403, 404, 405) or status >= 500 or (status == 400 and not action.startswith(BY_SCRIPT))
    return [f"{status} POST {action}, sent by {page}"] if refused else []


@pytest.mark.parametrize("account", settings.DEMO_ACCOUNTS)
def test_every_link_and_form_that_is_offered_is_answered(loaded, db, account):
    browser = Client()
    browser.force_login(Person.objects.get(email=account))
    assert not faults_of(browser, int(os.environ.get("SITEWARD_PAGES", MANY.get(account, FEW))))


def test_a_page_is_read_as_a_browser_would_send_it():
    page = Page(
        "/here/?a=1",
        "<form method=post><input name=x value=1><select name=s><option value=2><option value=3 selected></select>"
        "<input type=checkbox name=c value=4 checked><input type=checkbox name=d><textarea name=t></textarea>"
        "<button name=do value=5>Go</button></form><form method=post action=/no-button/><input name=y></form><a href=/there/>",
    )
    assert page.links == ["/there/"]
    assert page.forms == [("/here/?a=1", {"x": ["1"], "s": ["3"], "c": ["4"], "d": [], "t": [""], "do": ["5"]})]
