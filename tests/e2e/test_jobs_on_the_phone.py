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
    page.get_by_role("button", name="Keep the marked photo").click()
    expect(page.get_by_role("button", name="Remove Photo 2")).to_be_visible()
    page.get_by_label("What did you do?").fill("New washer, no drip after ten minutes")
    page.get_by_role("button", name="Save: it is done").click()
    expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
    page.goto(f"{server.url}/field/jobs")
    expect(page.get_by_role("heading", name="No jobs for you just now")).to_be_visible()
    phone.context.set_offline(False)
    phone.home()
    expect(page.get_by_text("All sent").first).to_be_visible(timeout=30_000)
    assert server.rows("SELECT status FROM maintenance_workorder WHERE title = 'New washer'") == [{"status": "done"}]
    assert server.rows("SELECT count(*) AS n FROM maintenance_defectphoto") == [{"n": 2}]
