"""Trends: month by month from the records, every figure leading to its rows, and readings against their limits."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.checks.actions import seal_lapses
from backend.checks.months import keep_month_ends
from backend.checks.queries.compliance import standing_lapses
from backend.core.days import LONDON, today
from backend.maintenance.models import Defect
from backend.office.maps.trends import Where, open_ages, trends
from tests.office.conftest import done

TODAY = today()


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.fixture
def history(world):
    """Half a year at Oakfield with misses and problems; a check at Riverside."""
    plan = world.plan(since=ago(180))
    for days in (175, 120, 60, 2):
        done(plan, world.caretaker, days_ago=days)
    done(world.plan(asset=world.asset(site=world.riverside), since=TODAY), world.stranger)
    seal_lapses(today=TODAY)
    for summary, found, closed in (("Old", 400, None), ("Mended", 100, 20), ("New", 3, None)):
        at = timezone.now().astimezone(LONDON) - dt.timedelta(days=closed) if closed else None
        status = "closed" if closed else "open"
        said = {"severity": "low", "discipline": "fire", "status": status, "closed_at": at, "reported_at": timezone.now()}
        Defect.objects.create(site=world.oakfield, summary=summary, found_on=ago(found), **said)
    keep_month_ends(today=TODAY, now=timezone.now())
    return plan


def test_the_months_add_up_to_the_rows(world, history):
    months = trends(world.lead, Where(), months=12, today=TODAY)
    assert len(months) == 12 and months[-1].running
    assert sum(each.missed for each in months) == standing_lapses().filter(plan=history).count() > 10
    assert sum(each.opened for each in months) == 2 and sum(each.closed for each in months) == 1
    assert months[0].open_then == 1 and months[-1].open_then == 2
    assert months[-1].plans == 2 and months[0].share is None
    ages = {words: number for words, number, _ in open_ages(world.lead, Where(), TODAY)}
    assert sum(ages.values()) == 2 and ages["over a year"] == 1


def test_a_place_and_a_discipline_cut_them(world, history):
    there = trends(world.lead, Where(school=world.riverside.school), months=12, today=TODAY)
    assert sum(each.missed + each.opened for each in there) == 0 and there[-1].plans == 1
    other = trends(world.lead, Where(site=world.oakfield, discipline="gas-heating"), months=12, today=TODAY)
    assert other[-1].plans == 0 and sum(each.missed for each in other) == 0


def test_a_stranger_is_told_nothing_of_it(world, history, browse):
    months = trends(world.stranger, Where(), months=12, today=TODAY)
    assert sum(each.missed + each.opened + each.open_then for each in months) == 0 and months[-1].plans == 1
    for page in ("/trends/", "/trends.csv", "/trends/readings/", "/trends/readings.csv"):
        assert browse(world.stranger).get(page, {"school": world.oakfield.school_id}).status_code == 404, page


def test_every_figure_leads_to_as_many_rows(world, history, browse):
    browser = browse(world.lead)
    page = browser.get("/trends/").content.decode()
    assert "In date, per cent" in page and "style=" not in page
    rows = re.findall(r'<a href="(/lapses/\?[^"]+|/problems/\?[^"]+)">(\d+)(?: problems?)?</a>', page)
    assert len(rows) >= 40
    for link, number in rows[:14]:
        listed = browser.get(link.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert listed.context["page"].paginator.count == int(number), link


def test_a_month_leads_to_what_was_open_and_in_date_at_its_end(world, history, browse):
    page = browse(world.lead).get("/trends/")
    for month in trends(world.lead, Where(), months=12, today=TODAY):
        there = f"/problems/?status=all&open_on={month.day}"
        assert there.replace("&", "&amp;") in page.content.decode()
        assert len(browse(world.lead).get(there).context["page"].object_list) == month.open_then
        if month.share is None:
            continue
        then = f"/compliance/?as_of={month.day}&known=now"
        assert then.replace("&", "&amp;") in page.content.decode()
        total = browse(world.lead).get(then).context["board"].total
        assert (total.proved, total.plans - total.paused) == (month.proved, month.plans)


def test_the_figures_are_handed_out_and_what_is_not_understood_is_said(world, history, browse):
    browser = browse(world.lead)
    lines = browser.get("/trends.csv", {"months": "24"}).getvalue().decode().strip().splitlines()
    assert len(lines) == 25
    for page in ("/trends/", "/trends.csv", "/trends/readings/", "/trends/readings.csv"):
        assert browser.get(page, {"months": "7"}).status_code == 400, page
        assert browser.get(page, {"ghost": "7"}).status_code == 400, page


def test_more_rows_take_no_more_queries(world, history, browse):
    browser = browse(world.lead)
    pages = ("/trends/", "/trends/readings/", f"/schools/{world.oakfield.school_id}/")

    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(page).status_code == 200
        return len(asked)

    def more(name: str) -> None:
        plan = world.plan("water-sentinel-temperatures", asset=world.asset("water-outlet", name=name), since=ago(100))
        done(plan, world.caretaker, days_ago=40)

    more("The first tap")
    browser.get("/trends/")
    before = {page: queries(page) for page in pages}
    assert before["/trends/"] <= 16
    for number in range(4):
        more(f"Tap {number}")
    assert {page: queries(page) for page in pages} == before


@pytest.fixture
def tap(world):
    """A cold tap that grows warmer by about a degree in two months."""
    asset = world.asset("water-outlet", name="Tap in the hall", facts={"role": "sentinel"})
    plan = world.plan("water-sentinel-temperatures", asset=asset, since=ago(300))
    for number, days in enumerate((270, 240, 210, 180, 150, 120, 90, 60, 30)):
        more = {"cold_c": 14.0 + number * 0.5, "hot_c": 46.0 if number == 3 else 55.0, "outlet": str(asset.pk)}
        done(plan, world.caretaker, days_ago=days, answers=more)
    return asset


def test_readings_are_drawn_with_their_limits_and_what_they_come_to(world, tap, browse):
    browser = browse(world.lead)
    page = text(browser.get("/trends/readings/", {"site": world.oakfield.pk}))
    assert "Tap in the hall" in page and "at most 20 °C" in page and "at least 50 °C" in page
    assert re.search(r"Rising 6(\.1)? °C a year; reaches 20 °C in about 3 months", page)
    assert "1 of 9 readings outside the limit" in page and 'class="wrong"' in page
    one = text(browser.get("/trends/readings/", {"asset": tap.pk}))
    assert "Tap in the hall" in one
    small = text(browser.get(f"/assets/{tap.pk}/"))
    assert "How its readings move" in small and "reaches 20 °C" in small
    lines = browser.get("/trends/readings.csv", {"site": world.oakfield.pk}).getvalue().decode()
    assert lines.count("Tap in the hall") == 18


def test_the_school_page_says_how_it_went(world, history, browse):
    page = text(browse(world.lead).get(f"/schools/{world.oakfield.school_id}/"))
    assert re.search(r"In date</a>: [\d.]+% in date, (up from|down from|as in)", page)


def test_the_site_whose_readings_are_shown_is_the_site_that_is_chosen(world, tap, browse):
    page = text(browse(world.lead).get("/trends/readings/"))
    shown = re.search(r'<option value="([^"]+)" selected[^>]*>[^<]*', page[page.index('name="site"') :])
    assert shown and shown[1] == str(world.oakfield.pk)
    assert f"/trends/readings.csv?site={world.oakfield.pk}" in page and "Every site" not in page
    assert "°C" in browse(world.lead).get("/trends/readings.csv").getvalue().decode()
