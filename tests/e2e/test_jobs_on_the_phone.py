"""A job on the phone: what is wrong and what to do, a marked photo of it done, saved without a signal, at the office once."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests.e2e.phone import Phone
from tests.e2e.servers import ROOT, Server
from tests.e2e.test_caretakers_day import picture


def give_out(server: Server) -> None:
    """A problem, and a job about it."""
    subprocess.run([sys.executable, "-m", "tests.e2e.jobs"], cwd=ROOT, env=server.env, check=True)


def test_a_job_is_done_without_a_signal_with_a_marked_photo(playwright: Playwright, server: Server, tmp_path: Path):
    give_out(server)
    phone = Phone(playwright, server, tmp_path / "profile")
    page = phone.sign_in(server.world["caretaker"])
    phone.home()
    page.get_by_role("link", name="1 job for you").click()
    page.get_by_role("link", name="New washer").click()
    expect(page.get_by_text("Tap drips")).to_be_visible()
    phone.context.set_offline(True)
    page.locator("input[type=file]").first.set_input_files(picture())
    page.get_by_role("button", name="Mark it").click()
    canvas = page.locator("canvas")
    canvas.focus()
    page.get_by_role("button", name="Arrow").click()
    canvas.press("ArrowRight")
    page.get_by_label("What did you do?").fill("New washer, no drip after ten minutes")  # Save takes the marks with it
    page.get_by_role("button", name="Save: it is done").click()
    expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
    page.goto(f"{server.url}/field/jobs")
    expect(page.get_by_role("heading", name="No jobs for you just now")).to_be_visible()
    phone.context.set_offline(False)
    phone.home()
    expect(page.get_by_text("All sent").first).to_be_visible(timeout=30_000)
    assert server.rows("SELECT status FROM maintenance_workorder WHERE title = 'New washer'") == [{"status": "done"}]
    assert server.rows("SELECT count(*) AS n FROM maintenance_defectphoto") == [{"n": 2}]


def test_a_check_that_leaves_the_list_while_it_is_filled_in_can_still_be_saved(
    playwright: Playwright, server: Server, tmp_path: Path
):
    phone = Phone(playwright, server, tmp_path / "profile")
    page = phone.sign_in(server.world["caretaker"])
    page.goto(f"{server.url}/field/check/{server.world['weekly']}")
    page.get_by_role("button", name="Use this one").click()
    passes = page.locator("label", has_text="Pass")
    passes.first.click()
    page.wait_for_timeout(500)  # what is typed is written a moment later
    phone.context.set_offline(True)
    server.rows(
        "UPDATE checks_plan SET active = false, ended_on = current_date WHERE id = %s RETURNING id", server.world["weekly"]
    )
    phone.context.set_offline(False)
    phone.home()
    page.get_by_role("button", name="Fetch").first.click()
    expect(page.get_by_text("Carry on where you stopped")).to_be_visible()
    page.get_by_role("link", name="half done").first.click()
    expect(page.get_by_text("The office has taken this off the list meanwhile")).to_be_visible()
    for number in range(passes.count()):
        passes.nth(number).click()
    page.get_by_role("button", name="Save check").click()
    expect(page.get_by_role("heading", name="Saved").first).to_be_visible()
    phone.home()
    phone.wait_until_sent(60)
    held = server.rows("SELECT outcome, code FROM sync_op")
    assert held == [{"outcome": "held", "code": "plan_ended"}]
    phone.close()
