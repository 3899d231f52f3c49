"""Rounds by place: twelve taps one after the other without a signal, and fourteen kits answered at once as honest records."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.phone import Phone
from tests.e2e.servers import Server

TAPS = 12


@pytest.fixture
def server():
    """A server with a school to walk."""
    made = Server(f"siteward_e2e_walk_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}")
    made.fill("tests.e2e.walk_world")
    made.start()
    yield made
    made.kill()


class Fingers:
    """Does what a person does, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.typed = page, 0, 0

    def tap(self, role, name: str) -> None:
        """Tap the first button or link of that name."""
        self.page.get_by_role(role, name=re.compile(name)).first.click()
        self.taps += 1

    def type(self, label: str, words: str) -> None:
        """Type into the field of that name."""
        self.page.get_by_label(re.compile(label)).first.fill(words)
        self.typed += 1


def thing(page: Page) -> str:
    """The thing that the form on the screen is about."""
    return page.locator(".top-name").inner_text()


def test_twelve_taps_are_walked_offline_in_the_offices_order_and_one_that_was_put_off_comes_last(
    playwright: Playwright, server: Server, tmp_path: Path
):
    phone = Phone(playwright, server, tmp_path / "profile")
    page = phone.sign_in(server.world["caretaker"])
    phone.context.set_offline(True)
    hand, seen = Fingers(page), []
    hand.tap("link", "Walk by place: 26 checks")
    expect(page.get_by_role("button", name="Tap round 12", pressed=True)).to_be_visible()
    hand.tap("link", "Start: Tap 1, Room 4")
    for n in range(TAPS + 1):
        expect(page.get_by_role("button", name="Save check")).to_be_visible()
        expect(page.get_by_text(f"{min(n, 2) if n < 3 else n - 1} of 12 done today")).to_be_visible()
        if n == 2:
            assert thing(page) == "Tap 3"
            page.get_by_role("button", name="Skip for now").click()
            expect(page.locator(".top-name")).to_have_text("Tap 4")
            continue
        seen.append(thing(page))
        hand.tap("button", "Start 1:00")
        hand.type("Hot tap", "55.5")
        hand.tap("button", "Start 2:00")
        hand.type("Cold tap", "14")
        hand.tap("button", "Save check")
        expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
        if n < TAPS:
            hand.tap("link", "^Next: Tap")
    assert seen == [f"Tap {n}" for n in (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 3)]
    assert (hand.taps, hand.typed) == (2 + 12 * 3 + 11, 24)
    expect(page.get_by_text("The walk is done.")).to_be_visible()
    hand.tap("link", "Leave the walk")
    expect(page.get_by_role("link", name="Scan a label")).to_be_visible()
    phone.context.set_offline(False)
    phone.home()
    phone.wait_until_sent()
    rows = server.rows("SELECT answers, presence, together FROM checks_checkrecord WHERE done_on = CURRENT_DATE")
    assert [(each["answers"]["hot_c"], each["presence"], each["together"]) for each in rows] == [(55.5, "typed", None)] * TAPS
    assert phone.faults == []
    phone.close()


def test_a_walk_is_carried_on_after_the_app_was_closed_with_its_timer_running_and_the_trend_beside_the_field(
    playwright: Playwright, server: Server, tmp_path: Path
):
    phone = Phone(playwright, server, tmp_path / "profile")
    page = phone.sign_in(server.world["caretaker"])
    page.get_by_role("link", name=re.compile("Walk by place")).click()
    page.get_by_role("link", name=re.compile("^Tap 5:")).click()
    page.get_by_role("button", name="Start 2:00").click()
    page.get_by_role("button", name="Skip for now").click()
    expect(page.locator(".top-name")).to_have_text("Tap 6")
    expect(page.get_by_role("link", name=re.compile(r"1:\d\d ?Tap 5: Cold tap"))).to_be_visible()
    page.get_by_label(re.compile("Hot tap")).fill("49")
    expect(page.get_by_text("Too low")).to_be_visible()
    page.wait_for_timeout(400)
    phone.context.close()
    page = phone.open()
    phone.home()
    page.get_by_role("link", name=re.compile("Walk by place")).click()
    expect(page.get_by_text("Put off until the end")).to_be_visible()
    expect(page.get_by_text(re.compile("Tap 5: Cold tap"))).to_be_visible()
    page.get_by_role("link", name="Next: Tap 6, Room 3").click()
    expect(page.get_by_label(re.compile("Hot tap"))).to_have_value("49")
    page.goto(f"{server.url}/field/walk")
    page.get_by_role("link", name=re.compile("^Tap 1:")).click()
    expect(page.get_by_text("Was 56.5, 54, 52.5 °C: falling")).to_be_visible()
    assert phone.faults == []
    phone.close()


def test_all_fine_except_two_are_records_of_their_own_each_saying_how_presence_was_proved(
    playwright: Playwright, server: Server, camera_flags: list[str], tmp_path: Path
):
    phone = Phone(playwright, server, tmp_path / "profile", *camera_flags)
    page = phone.sign_in(server.world["caretaker"])
    page.goto(f"{server.url}/field/walk")
    page.get_by_role("button", name="Whole school 26").click()
    expect(page.get_by_role("link", name=re.compile("Tap temperatures.*fine, except"))).to_have_count(0)
    page.get_by_role("link", name="First aid kits check: All 7 fine, except …").first.click()
    page.get_by_role("button", name="Show the other 7 in Main block too").click()
    page.get_by_role("checkbox", name=re.compile(r"^Kit 2\b")).check()
    page.get_by_role("checkbox", name=re.compile(r"^Kit 9\b")).check()
    page.get_by_role("button", name="Scan it").click()
    expect(page.get_by_text("1 of 12 labels scanned")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Save: 12 fine").click()
    expect(page.get_by_text("12 records, one for each").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Next: Kit 9")).click()
    expect(page.locator(".top-name")).to_have_text("Kit 9")
    phone.home()
    phone.wait_until_sent()
    rows = server.rows("SELECT id, asset_id, presence, tag, together, answers FROM checks_checkrecord WHERE together IS NOT NULL")
    assert Counter(each["presence"] for each in rows) == {"typed": 11, "tag": 1}
    assert {str(each["asset_id"]) for each in rows if each["presence"] == "tag"} == {server.world["kit"]}
    assert len({each["together"] for each in rows}) == 1
    assert all(each["answers"]["complete"] == "pass" for each in rows)
    assert phone.faults == []
    phone.close()
