"""A caretaker's commonest jobs on the phone, from the first screen to "Saved on this phone", each tap and each field counted.

The counts stand in fieldapp/README.md, beside those of others. The twelve outlets are counted in test_walk.py.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.e2e.phone import Phone
from tests.e2e.servers import Server
from tests.e2e.test_caretakers_day import picture
from tests.e2e.test_walk import Fingers

Job = Callable[[Fingers, Server], None]
CAMERA = 2
"""Taps that a photo takes: its button, and the shutter. (Here a file stands for the camera.)"""


def scan(hand: Fingers, server: Server) -> None:
    """The label is before the camera. The first time the phone asks whether it may look: that is no part of a day."""
    hand.tap("link", "Scan a label")
    opened = hand.page.get_by_role("button", name="Open the camera")
    if opened.count():
        opened.click()
    hand.page.wait_for_url(f"**/asset/{server.world['panel']}", timeout=30_000)


def photo(hand: Fingers, colour: str) -> None:
    """A photo is taken."""
    hand.page.locator("input[type=file]").first.set_input_files(picture(colour))
    expect(hand.page.get_by_role("button", name=re.compile("Remove"))).to_be_visible()
    hand.taps += CAMERA


def weekly_alarm_test(hand: Fingers, server: Server) -> None:
    scan(hand, server)
    hand.tap("link", "[Ww]eekly")
    if hand.page.get_by_role("button", name="Use this one").count():
        hand.tap("button", "Use this one")
    for group in hand.page.get_by_role("group").all():
        if (wanted := group.get_by_text("Pass", exact=True)).count():
            wanted.first.click()
            hand.taps += 1
    hand.tap("button", "Save check")


def fault_with_a_photo(hand: Fingers, server: Server) -> None:
    scan(hand, server)
    hand.tap("link", "Report a problem")
    hand.type("What is wrong", "The cover is cracked")
    hand.page.get_by_role("group", name="How bad is it?").get_by_text("Needs mending soon").click()
    hand.taps += 1
    photo(hand, "firebrick")
    hand.tap("button", "^(Save|Report|Send)")


def new_thing_with_label_and_plate(hand: Fingers, server: Server) -> None:
    """The label is typed, on a phone without a camera: with one it is a field and a tap less."""
    hand.tap("link", "Scan a label")
    hand.type("code", server.world["spare_tag"])
    hand.page.keyboard.press("Enter")
    hand.taps += 1
    hand.tap("link", "It goes on something new")
    hand.type("Find a kind", "extinguisher")
    hand.tap("button", "^Fire extinguisher")
    hand.type("What do people call it", "Extinguisher by the hall door")
    hand.page.locator("[data-question=place] select").first.select_option(index=1)
    hand.taps += 2  # the list, and the building
    photo(hand, "seagreen")
    hand.tap("button", "Save thing")


def put_on(server: Server, tag: str) -> list[dict[str, str]]:
    """What a label is on."""
    return server.rows("SELECT a.name FROM assets_tag t JOIN assets_asset a ON a.id = t.asset_id WHERE t.code = %s", tag)


def counts(phone: Phone, page: Page, server: Server, *jobs: Job) -> dict[Job, tuple[int, int]]:
    """Taps and fields of each job, done one after the other and sent."""
    counted = {}
    for job in jobs:
        hand = Fingers(page)
        job(hand, server)
        expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
        counted[job] = (hand.taps, hand.typed)
        phone.home()
    phone.wait_until_sent()
    assert phone.faults == []
    phone.close()
    return counted


def test_a_test_and_a_fault_take_no_more_than_is_written_down(
    playwright: Playwright, server: Server, camera_flags: list[str], tmp_path: Path
):
    phone = Phone(playwright, server, tmp_path / "profile", *camera_flags)
    page = phone.sign_in(server.world["caretaker"])
    counted = counts(phone, page, server, weekly_alarm_test, fault_with_a_photo)
    assert counted == {weekly_alarm_test: (8, 0), fault_with_a_photo: (6, 1)}


def test_a_new_thing_takes_no_more_than_is_written_down(playwright: Playwright, server: Server, tmp_path: Path):
    phone = Phone(playwright, server, tmp_path / "profile")
    page = phone.sign_in(server.world["caretaker"])
    counted = counts(phone, page, server, new_thing_with_label_and_plate)
    assert counted == {new_thing_with_label_and_plate: (9, 3)}
    assert server.rows("SELECT kind FROM assets_assetpaper") == [{"kind": "plate"}]
    assert put_on(server, server.world["spare_tag"]) == [{"name": "Extinguisher by the hall door"}]
