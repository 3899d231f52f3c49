"""Every link that a page of the invented trust offers leads somewhere, for each of the accounts of the contract."""

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
MANY = {"estates@trust.demo": 160, "site.manager@oakfield.demo": 130, "sbm@oakfield.demo": 60, "admin@trust.demo": 60}
"""How many kinds of page are opened for whom; a FEW for everybody else. SITEWARD_PAGES says another number for all."""
FEW = 25
ELSEWHERE = ("/field", "/static", "/sign-out", "/files/")
NAMES = [
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>"),
    (r"[0-9a-f]{40,64}", "<hash>"),
    (r"/\d+(?=/)", "/<n>"),
    (r"[A-Z0-9]{4}(-[A-Z0-9]{4})+", "<code>"),
]
"""What differs from one page to another of the same kind."""


class Links(HTMLParser):
    """Reads the addresses of the links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link's address."""
        if tag == "a" and (address := dict(attrs).get("href")):
            self.found.append(address)


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
    """Opens one page of each kind, breadth first from the home page; those that lead nowhere, with the page that offers them."""
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
        links = Links()
        links.feed(answer.content.decode())
        for link in links.found:
            there = urljoin(address, link.split("#")[0])
            if urlsplit(there).netloc or urlsplit(there).scheme or there.startswith(ELSEWHERE) or kind_of(there) in known:
                continue
            known.add(kind_of(there))
            waiting.append((there, address))
    return faults


@pytest.mark.parametrize("account", settings.DEMO_ACCOUNTS)
def test_every_link_that_is_offered_leads_somewhere(loaded, db, account):
    browser = Client()
    browser.force_login(Person.objects.get(email=account))
    assert not faults_of(browser, int(os.environ.get("SITEWARD_PAGES", MANY.get(account, FEW))))
