"""Whoever follows every link and sends every form of the invented trust, as a browser would, is never told that it is not there.

Links and forms are taken from the pages themselves: a page that sends its form where nothing answers, or a line that leads to a
list that refuses its own address, is found here, whatever the tests of that page believe.
"""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client

from backend.trust.models import Person
from tests.office.demo_trust import load_small

pytestmark = [pytest.mark.xdist_group("every way"), pytest.mark.django_db]
MOST_PAGES = 320
LEFT_OUT = re.compile(r"/sign-out/|/photos/|/field/|/api/|/file/|\.(csv|xlsx|pdf|ics|zip)\b|/download|/account/")
NOT_SENT = re.compile(r"/sign-out/|/account/|/hand-in/")
ASK_FOR_MORE = {"/views/keep/"}
"""Filled by a program of the page before they are sent; empty they are malformed."""


class Page(HTMLParser):
    """The links of a page, and its forms with what they would send as they stand."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path = self.action = path
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.sends = False
        self.form: dict[str, list[str]] | None = None
        self.select = self.area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Links, forms, and what stands in their boxes."""
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href", "").startswith(("/", "?")):
            self.links.append(urljoin(self.path, said["href"]))
        elif tag == "form" and said.get("method", "").lower() == "post":
            self.form, self.action, self.sends = {}, urljoin(self.path, said.get("action") or self.path), False
        elif self.form is not None:
            self.box(tag, said)

    def box(self, tag: str, said: dict[str, str]) -> None:
        """One box or button of a form."""
        assert self.form is not None
        name, kind = said.get("name", ""), said.get("type", "text")
        self.sends |= tag == "button" and said.get("type", "submit") == "submit"
        if tag == "option" and self.select and ("selected" in said or self.select not in self.form):
            self.form[self.select] = [said.get("value", "")]
        if not name:
            return
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.form.setdefault(name, [""])
        elif tag == "button" or kind == "submit":
            self.form.setdefault(name, [said.get("value", "")])
        elif kind in ("checkbox", "radio"):
            if "checked" in said:
                self.form.setdefault(name, []).append(said.get("value") or "on")
        elif kind != "file":
            self.form.setdefault(name, []).append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """The end of a form or a list of choices."""
        if tag == "form" and self.form is not None:
            if self.sends:
                self.forms.append((self.action, self.form))
            self.form = None
        if tag == "select":
            self.select = ""


def shape(address: str) -> str:
    """An address without its ids and values: one of each is enough."""
    at = urlsplit(address)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|[0-9A-Z]{8}(?=/)", "<id>", at.path)
    return path + "?" + "&".join(sorted({each.partition("=")[0] for each in at.query.split("&") if each}))


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    """The invented trust with two schools."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_small()
        yield
        transaction.set_rollback(True)


WHO = (
    "site.manager@oakfield.demo", "estates@trust.demo", "sbm@oakfield.demo", "caretaker@oakfield.demo", "head@oakfield.demo",
    "cfo@trust.demo", "hr@trust.demo", "teacher@oakfield.demo", "governor@oakfield.demo", "auditor@external.demo",
    "admin@trust.demo",
)  # fmt: skip


@pytest.mark.parametrize("email", WHO)
def test_every_link_and_every_form_is_answered(small, email):
    browser = Client()
    browser.force_login(Person.objects.get(email=email))
    todo, seen, sent = deque(["/"]), {shape("/")}, set()
    wrong: list[str] = []
    number = 0
    while todo and number < MOST_PAGES:
        path = todo.popleft()
        answer = browser.get(path, follow=True)
        number += 1
        if answer.status_code >= 400:
            wrong.append(f"GET {path}: {answer.status_code}")
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        page = Page(path, answer.text)
        for link in page.links:
            link = link.partition("#")[0]
            if not LEFT_OUT.search(link) and shape(link) not in seen:
                seen.add(shape(link))
                todo.append(link)
        for action, boxes in page.forms:
            if shape(action) in sent or NOT_SENT.search(action):
                continue
            sent.add(shape(action))
            with transaction.atomic():
                told = browser.post(action, boxes)
                transaction.set_rollback(True)
            refused = told.status_code in (403, 404, 405) or told.status_code >= 500
            if refused or (told.status_code == 400 and urlsplit(action).path not in ASK_FOR_MORE):
                wrong.append(f"POST {action} from {path}: {told.status_code}")
    assert not wrong
    assert number > 5
