"""Lists: filters in the address, search, order, pages, and the same rows as CSV."""

import csv
import datetime as dt
import io

import pytest

from backend.assets.actions import ensure_tags
from backend.core.days import today
from backend.core.spreadsheets import cell
from tests.office.conftest import done

LONG_AGO = dt.timedelta(days=400)


def rows_of(answer) -> list[dict[str, str]]:
    """A CSV answer as rows by their headings."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def estate(world):
    """Oakfield with an overdue lift examination and an alarm test in date; Riverside with an overdue one of its own."""
    alarm = world.plan()
    done(alarm, world.caretaker)
    lift = world.plan(
        "loler-passenger-lift", asset=world.asset("passenger-lift", name="Lift in the hall"), since=today() - LONG_AGO
    )
    other = world.plan(asset=world.asset(site=world.riverside, name="Panel at Riverside"), since=today() - LONG_AGO)
    return {"alarm": alarm, "lift": lift, "other": other}


def test_the_overdue_list_holds_what_is_overdue_and_nothing_else(world, estate, browse):
    text = browse(world.lead).get("/plans/?status=overdue").content.decode()
    assert "Lift in the hall" in text
    assert "Panel at Riverside" in text
    assert f"/plans/{estate['alarm'].pk}/" not in text


def test_filters_work_together(world, estate, browse):
    browser = browse(world.lead)
    text = browser.get(f"/plans/?status=overdue&site={world.oakfield.pk}&discipline=lifting-pressure").content.decode()
    assert "Lift in the hall" in text
    assert "Panel at Riverside" not in text
    assert "No check fits this choice" in browser.get(f"/plans/?site={world.riverside.pk}&status=paused").content.decode()


def test_a_search_finds_the_asset_or_the_check(world, estate, browse):
    browser = browse(world.lead)
    for text in ("hall lift", "LIFT IN", "thorough"):
        page = browser.get("/plans/", {"q": text}).content.decode()
        assert "Lift in the hall" in page, text
        assert "Panel at Riverside" not in page, text


def test_a_label_code_finds_its_checks_and_its_asset(world, estate, browse):
    tag = ensure_tags([estate["lift"].asset])[estate["lift"].asset_id]
    browser = browse(world.lead)
    assert "Lift in the hall" in browser.get("/plans/", {"q": tag.code.lower()}).content.decode()
    assert "Lift in the hall" in browser.get("/assets/", {"q": f"{tag.code[:4]} {tag.code[4:]}"}).content.decode()
    assert browser.get("/search/", {"q": tag.code})["Location"] == f"/assets/{estate['lift'].asset_id}/"


def test_search_opens_the_one_thing_with_that_serial_number(world, browse):
    asset = world.asset(serial="XK-42/7")
    world.asset(name="Another", serial="XK-42/8")
    assert browse(world.lead).get("/search/", {"q": "xk-42/7"})["Location"] == f"/assets/{asset.pk}/"
    assert "Nothing is called" in browse(world.stranger).get("/search/", {"q": "xk-42/7"}).content.decode()


WRONG = ("site=rubbish", "status=fish", "sort=;drop", "site=%00", "discipline=zz", "q=%00", "unknown=1")
ODD = ("page=-4", "page=999999", "page=x", "q=%27%22%3C%26", "q=%F0%9F%94%A5")


def test_whatever_stands_in_the_address_gets_a_page(world, estate, browse):
    browser = browse(world.lead)
    for page in ("/plans/", "/assets/", "/records/", "/lapses/", "/problems/", "/labels/"):
        for query in ODD:
            assert browser.get(f"{page}?{query}").status_code == 200, (page, query)
        for query in WRONG:
            assert browser.get(f"{page}?{query}").status_code in (200, 400, 404, 422), (page, query)


def test_a_filter_that_was_not_understood_is_said_and_exports_nothing(world, estate, browse):
    browser = browse(world.lead)
    assert "“fish” is not something to choose here" in browser.get("/plans/?status=fish").content.decode()
    refused = browser.get("/plans.csv?status=fish")
    assert refused.status_code == 400
    assert "fish" in refused.content.decode()


def test_every_order_holds_the_same_rows(world, estate, browse):
    browser = browse(world.lead)
    for sort in ("due", "-due", "risk", "check", "-check", "place", "last", "-last"):
        rows = rows_of(browser.get("/plans.csv", {"sort": sort}))
        assert {row["Asset"] for row in rows} == {"Fire alarm panel", "Lift in the hall", "Panel at Riverside"}, sort


def test_the_order_asked_for_is_the_order_given(world, estate, browse):
    names = [row["Check"] for row in rows_of(browse(world.lead).get("/plans.csv?sort=check"))]
    assert names == sorted(names)
    back = [row["Check"] for row in rows_of(browse(world.lead).get("/plans.csv?sort=-check"))]
    assert back == sorted(names, reverse=True)


def test_csv_gives_the_rows_of_the_same_filter(world, estate, browse):
    rows = rows_of(browse(world.lead).get(f"/plans.csv?status=overdue&site={world.oakfield.pk}"))
    assert [row["Asset"] for row in rows] == ["Lift in the hall"]
    assert rows[0]["Status"] == "Overdue"
    assert rows[0]["School"] == "Oakfield"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "  ="])
def test_no_cell_can_start_a_formula(start):
    assert str(cell(f"{start}HYPERLINK(1)")).startswith("'")


def test_numbers_and_dates_stay_what_they_are():
    assert cell(-3) == -3
    assert str(cell(dt.date(2026, 11, 27))) == "2026-11-27"
    assert cell(None) == ""


def test_an_asset_named_like_a_formula_leaves_as_text(world, browse):
    world.asset(name="=cmd|' /C calc'!A0")
    rows = rows_of(browse(world.lead).get("/assets.csv"))
    assert rows[0]["Name"] == "'=cmd|' /C calc'!A0"


def test_long_lists_come_in_pages(world, browse):
    for number in range(60):
        world.asset(name=f"Panel {number:02}")
    browser = browse(world.lead)
    first, second = (browser.get(f"/assets/?page={page}").content.decode() for page in (1, 2))
    assert "Panel 00" in first
    assert "Panel 59" not in first
    assert "Panel 59" in second
    assert "Page 2 of 2" in second


def test_names_are_shown_as_text_never_as_html(world, browse):
    asset = world.asset(name="<script>alert(1)</script>", serial='"><img src=x>')
    browser = browse(world.lead)
    for page in ("/assets/", f"/assets/{asset.pk}/", "/search/?q=script", f"/sites/{world.oakfield.pk}/"):
        text = browser.get(page, follow=True).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in browser.get("/assets/").content.decode()


def test_retired_assets_are_listed_only_when_asked_for(world, browse):
    world.asset(name="Old panel", status="retired")
    browser = browse(world.lead)
    assert "Old panel" not in browser.get("/assets/").content.decode()
    assert "Old panel" in browser.get("/assets/?status=any").content.decode()


def test_missed_checks_can_be_listed_by_place_and_time(world, estate, browse):
    browser = browse(world.lead)
    rows = rows_of(browser.get(f"/lapses.csv?site={world.riverside.pk}"))
    assert rows
    assert {row["Site"] for row in rows} == {"Riverside site"}
    assert {row["Status"] for row in rows} == {"Missed"}
    since = today() - dt.timedelta(days=30)
    late = rows_of(browser.get(f"/lapses.csv?site={world.riverside.pk}&since={since}"))
    assert 0 < len(late) < len(rows)
    assert all(row["Was due on"] >= since.isoformat() for row in late)
