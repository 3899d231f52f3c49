"""The scanner's own buttons and hints, before a camera that shows a wall and one that shows a label."""

import re
import subprocess
from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests.e2e.phone import Phone
from tests.e2e.servers import Server

NFC = """
globalThis.NDEFReader = class {
  async scan() {
    const data = new TextEncoder().encode(globalThis.tagText);
    setTimeout(() => this.onreading({ message: { records: [{ recordType: "url", data }] } }), 50);
  }
};
"""


def test_a_dark_wall_gets_a_hint_zoom_is_kept_and_an_nfc_tag_opens_it(playwright: Playwright, server: Server, tmp_path: Path):
    wall = tmp_path / "wall.mjpeg"
    shown = ["-f", "lavfi", "-i", "color=c=0x101010:s=1280x720:r=30:d=1", "-pix_fmt", "yuvj420p", "-q:v", "4", str(wall)]
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", *shown], check=True)
    fake = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={wall}")
    phone = Phone(playwright, server, tmp_path / "profile", *fake)
    page = phone.sign_in(server.world["caretaker"])
    page.get_by_role("link", name="Scan a label").click()
    page.get_by_role("button", name="Open the camera").click()
    nearer = page.get_by_role("button", name="Nearer, 2 times")
    nearer.click()
    expect(nearer).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("It is dark here")).to_be_visible()
    expect(page.get_by_role("button", name="Read an NFC tag")).to_have_count(0)

    phone.context.add_init_script(NFC + f"globalThis.tagText = 'https://q.site.demo/{server.world['panel_tag']}';")
    phone.home()
    page.get_by_role("link", name="Scan a label").click()
    expect(nearer).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Read an NFC tag").click()
    expect(page).to_have_url(re.compile(f"/asset/{server.world['panel']}"))
    assert phone.faults == []
    phone.close()
