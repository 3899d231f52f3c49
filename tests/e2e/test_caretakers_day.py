"""The caretaker's day, as the whole of Siteward is judged by it: scan, check, kill, reopen, send; once, with its photo."""

import datetime as dt
import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload, Page, Playwright, expect

from tests.e2e.phone import Phone
from tests.e2e.servers import Server


def picture(colour: str = "firebrick") -> FilePayload:
    """A photo file as a person would choose it."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG", quality=80)
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def answer_weekly_test(page: Page) -> None:
    """Answer the weekly alarm test: the call point in turn, everything passed."""
    use = page.get_by_role("button", name="Use this one")
    if use.count():
        use.first.click()
    for group in page.get_by_role("group").all():
        wanted = group.get_by_text("Pass", exact=True)
        if wanted.count():
            wanted.first.click()


def test_the_whole_day_offline_with_a_kill_in_the_middle(
    playwright: Playwright, server: Server, camera_flags: list[str], tmp_path: Path
):
    before = server.rows("SELECT due_on FROM checks_plan WHERE id = %s", server.world["weekly"])[0]
    phone = Phone(playwright, server, tmp_path / "profile", *camera_flags)
    page = phone.sign_in(server.world["caretaker"])
    server.kill()
    phone.context.set_offline(True)
    phone.home()

    page.get_by_role("link", name="Scan a label").click()
    page.get_by_role("button", name="Open the camera").click()
    page.wait_for_url(f"**/asset/{server.world['panel']}", timeout=30_000)
    page.get_by_role("link", name=re.compile("weekly", re.I)).first.click()
    answer_weekly_test(page)
    page.locator("input[type=file]").first.set_input_files(picture())
    expect(page.get_by_role("button", name=re.compile("Remove Photo 1"))).to_be_visible()
    page.wait_for_timeout(500)

    phone.kill()
    page = phone.open()
    phone.context.set_offline(True)
    phone.home()
    page.get_by_role("link", name=re.compile("half done", re.I)).first.click()
    expect(page.get_by_text("Carried on from where you were")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Remove Photo 1"))).to_be_visible()
    page.get_by_role("button", name="Save check").click()
    expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()

    server.start()
    phone.context.set_offline(False)
    phone.home()
    phone.wait_until_sent()

    records = server.rows("SELECT * FROM checks_checkrecord")
    assert len(records) == 1
    assert records[0]["presence"] in {"tag", "tag_photo"}
    assert records[0]["outcome"] == "satisfactory"
    expected = server.rows("SELECT sha256, size FROM checks_recordphoto WHERE record_id = %s", records[0]["id"])
    held = server.rows("SELECT sha256, size FROM core_storedfile")
    assert len(expected) == 1
    assert expected == held
    after = server.rows("SELECT due_on, overdue_from FROM checks_plan WHERE id = %s", server.world["weekly"])[0]
    assert after["due_on"] > before["due_on"]
    assert after["overdue_from"] > dt.date.today()
    assert phone.faults == []
    phone.close()
    office_shows_the_record(playwright, server, str(records[0]["id"]))


def office_shows_the_record(playwright: Playwright, server: Server, record: str) -> None:
    """The estates lead opens the asset's page and finds the record."""
    from tests.e2e.conftest import DESK, launch

    with launch(playwright) as browser:
        page = browser.new_page(viewport=DESK)
        page.goto(f"{server.url}/sign-in/")
        page.get_by_label(re.compile("e-?mail", re.I)).fill(server.world["lead"])
        page.get_by_label("Password", exact=True).fill(server.world["password"])
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{server.url}/assets/{server.world['panel']}/")
        expect(page.locator(f"a[href*='{record}']").first).to_be_visible()
