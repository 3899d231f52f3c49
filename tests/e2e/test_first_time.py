"""The first minutes with the app, and saying where one stands: only when asked, and in the words that are sent."""

from pathlib import Path

from playwright.sync_api import Geolocation, Playwright, expect

from tests.e2e.phone import Phone
from tests.e2e.servers import Server

SOMEWHERE: Geolocation = {"latitude": 52.631234, "longitude": -1.134567, "accuracy": 8}


def test_whoever_is_new_is_told_three_things_once(playwright: Playwright, server: Server, tmp_path: Path):
    phone = Phone(playwright, server, tmp_path / "profile")
    page = phone.sign_in(server.world["caretaker"])
    expect(page.get_by_text("New here? Three things")).to_be_visible()
    page.get_by_role("button", name="Got it").click()
    expect(page.get_by_text("New here? Three things")).not_to_be_visible()
    phone.home()
    expect(page.get_by_text("New here? Three things")).not_to_be_visible()
    assert phone.faults == []
    phone.close()


def test_where_somebody_stands_is_written_down_only_when_they_press_for_it(
    playwright: Playwright, server: Server, tmp_path: Path
):
    phone = Phone(playwright, server, tmp_path / "profile")
    page = phone.sign_in(server.world["caretaker"])
    phone.context.grant_permissions(["camera", "geolocation"])
    phone.context.set_geolocation(SOMEWHERE)
    asked = "SELECT summary FROM maintenance_defect WHERE summary LIKE %s"
    for words, press in (("Fence panel loose", True), ("Gate drags", False)):
        page.goto(f"{server.url}/field/report")
        page.get_by_text("A room or a place").first.click()
        page.get_by_role("combobox", name="Building").select_option(label="Main block")
        page.get_by_label("What is wrong?").fill(words)
        if press:
            page.get_by_role("button", name="Write where I am").click()
            expect(page.get_by_text("It stands in the words above.")).to_be_visible()
        page.get_by_role("group", name="How bad is it?").get_by_text("Needs mending soon").click()
        page.get_by_role("button", name="Save").last.click()
        expect(page.get_by_role("heading", name="Saved").first).to_be_visible()
        phone.home()
    phone.wait_until_sent()
    [fence] = server.rows(asked, "Fence panel loose%")
    assert fence["summary"] == "Fence panel loose (at 52.63123, -1.13457, within 8 m)"
    [gate] = server.rows(asked, "Gate drags%")
    assert gate["summary"] == "Gate drags"
    assert phone.faults == []
    phone.close()
