"""Every figure leads to its rows: the list behind a link counts what the link says."""

import datetime as dt
import html
import re

import pytest

from backend.core.days import today
from backend.maintenance.models import Defect
from tests.office.conftest import done

FIGURE = re.compile(r'<a[^>]*href="(/(?:plans|problems|lapses)/\?[^"]*)"[^>]*>(.*?)</a>', re.S)
COUNT = re.compile(r'<div class="countline">\s*<span>([\d,]+) ')


@pytest.fixture
def estate(world):
    """Overdue, due, paused, missed, badly reported, unsafe: at both schools."""
    for site, author in ((world.oakfield, world.caretaker), (world.riverside, world.stranger)):
        done(world.plan(asset=world.asset(site=site)), author, days_ago=1)
        lift = world.asset("passenger-lift", site=site)
        world.plan("loler-passenger-lift", asset=lift, since=today() - dt.timedelta(days=400))
        world.plan("escape-routes-daily-check", site=site, building=site.buildings.get())
        world.plan(asset=world.asset(site=site, name="Second panel"), since=today() - dt.timedelta(days=60))
        for unsafe in (True, False):
            Defect.objects.create(
                site=site, summary="Broken", severity="high", unsafe=unsafe, found_on=today(), reported_by=author,
                discipline="fire" if unsafe else "", reported_at=dt.datetime.now(dt.UTC),
            )  # fmt: skip
    return world


def figures(page: str) -> list[tuple[str, int]]:
    """(link, number) of every link on a page that says a number; what is only read aloud is left out."""
    found = []
    for link, inside in FIGURE.findall(page):
        shown = re.sub(r"<[^>]+>", " ", re.sub(r'<span aria-hidden="true">[^<]*</span>|<small>.*?</small>', " ", inside))
        if number := re.search(r"(?<![\w/])✕?([\d,]+)(?![\w/])", shown):
            found.append((html.unescape(link), int(number[1].replace(",", ""))))
    return found


ROLES = (("estates-lead", ""), ("sbm", "Oakfield"), ("site-manager", "Riverside"), ("trustee", ""), ("headteacher", "Oakfield"))


@pytest.mark.parametrize(("role", "where"), ROLES)
def test_each_figure_of_the_boards_and_homes_leads_to_so_many_rows(estate, browse, role, where):
    schools = {"Oakfield": estate.oakfield.school, "Riverside": estate.riverside.school}
    browser = browse(estate.person(role, school=schools.get(where)))
    seen = 0
    site = estate.riverside if where == "Riverside" else estate.oakfield
    for address in ("/", "/compliance/", f"/schools/{site.school_id}/", f"/sites/{site.pk}/"):
        for link, number in figures(browser.get(address).content.decode()):
            counted = COUNT.search(browser.get(link).content.decode())
            assert counted, link
            assert int(counted[1].replace(",", "")) == number, (address, link)
            seen += 1
    assert seen > 30
