"""Twenty random kills, cuts and repeats: every problem that a caretaker saved arrives, once. The seed is printed on failure."""

import contextlib
import io
import os
import random
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error, FilePayload, Page, Playwright, Route, expect

from tests.e2e.phone import Phone
from tests.e2e.servers import Server

ROUNDS = int(os.environ.get("SITEWARD_KILLS", "20"))
PHOTOS = 0.4
PHOTOS_HERE = "SELECT p.sha256, f.sha256 AS here FROM maintenance_defectphoto p LEFT JOIN core_storedfile f USING (sha256)"
SEED = int(os.environ.get("SITEWARD_SEED", random.SystemRandom().randrange(10**6)))


def do_and_hang_up(route: Route) -> None:
    """Let the server do its work, and lose the answer on the way (or never reach it, when it is down)."""
    with contextlib.suppress(Error):
        route.fetch()
    with contextlib.suppress(Error):
        route.abort()


def picture(colour: int, number: int) -> bytes:
    """A photo of its own."""
    out = io.BytesIO()
    Image.new("RGB", (900, 600 + number), f"#{colour:06x}").save(out, "JPEG")
    return out.getvalue()


class Day:
    """A bad day: a phone, a server, and what goes wrong next."""

    def __init__(self, phone: Phone, server: Server, chance: random.Random) -> None:
        self.phone, self.server, self.chance = phone, server, chance
        self.saved: list[str] = []
        self.done: list[str] = []
        self.photos = 0

    def write_one(self) -> str:
        """Report a problem by hand, sometimes with a photo, as far as the press of Save; answers what was written."""
        page = self.phone.page
        summary = f"Drip number {len(self.saved) + 1} of day {SEED}"
        page.goto(f"{self.server.url}/field/report")
        page.get_by_text("A room or a place").first.click()
        page.get_by_role("combobox", name="Building").select_option(label="Main block")
        page.get_by_label("What is wrong?").fill(summary)
        page.get_by_role("group", name="How bad is it?").get_by_text("Needs mending soon").click()
        if self.chance.random() < PHOTOS:
            self.take_photo(page)
        page.get_by_role("button", name="Save").last.click()
        return summary

    def take_photo(self, page: Page) -> None:
        """Add a photo; a phone that is full says that there is no room for it."""
        content = picture(self.chance.randrange(2**24), self.photos)
        photo = FilePayload(name="drip.jpg", mimeType="image/jpeg", buffer=content)
        page.locator("input[type=file]").first.set_input_files(files=[photo])
        no_room = page.locator("main").get_by_text("There is no room for the photo")
        expect(page.locator("main img").or_(no_room).first).to_be_visible()
        self.photos += not no_room.count()

    def save_one(self) -> None:
        """Report a problem, and wait for the app to say that it is saved."""
        summary = self.write_one()
        expect(self.phone.page.get_by_role("heading", name="Saved").first).to_be_visible()
        self.saved.append(summary)

    def sign_in_runs_out(self) -> None:
        """The office ends every session: what is saved goes on by the phone's signature alone."""
        self.server.rows("DELETE FROM django_session RETURNING session_key")
        self.save_one()

    def no_room(self) -> None:
        """The phone is full: either it is saved all the same, or it says that it is not, and then once there is room."""
        page = self.phone.page
        page.goto(f"{self.server.url}/field/")
        session = self.phone.context.new_cdp_session(page)
        origin = {"origin": self.server.url}
        session.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": 1})
        summary = self.write_one()
        told = page.get_by_role("heading", name="Saved").or_(page.get_by_role("alert")).first
        expect(told).to_be_visible()
        full = page.get_by_role("heading", name="Saved").count() == 0
        session.send("Storage.overrideQuotaForOrigin", origin)
        if full:
            page.get_by_role("button", name="Save").last.click()
            expect(page.get_by_role("heading", name="Saved").first).to_be_visible()
        self.saved.append(summary)
        session.detach()

    def cut_photos(self) -> None:
        """Every second piece of a photo is lost on the way."""
        pieces = [0]

        def lose(route: Route) -> None:
            pieces[0] += 1
            with contextlib.suppress(Error):
                route.abort() if pieces[0] % 2 else route.continue_()

        self.phone.context.route("**/api/v1/field/files/**", lose)
        self.save_one()
        self.phone.page.wait_for_timeout(600)
        self.phone.context.unroute("**/api/v1/field/files/**")

    def kill_phone(self) -> None:
        """The battery dies; the phone is switched on again."""
        self.phone.kill()
        self.phone.open()

    def kill_server(self) -> None:
        """kill -9 of the web process and all its workers, and it comes back."""
        self.server.kill()
        if self.chance.random() < 0.5:
            self.save_one()
        self.server.start()

    def lose_signal(self) -> None:
        """No signal while one more is saved; then it is back."""
        self.phone.context.set_offline(True)
        self.save_one()
        self.phone.context.set_offline(False)

    def lose_answers(self) -> None:
        """The server does its work and the answer never arrives: the phone must send again, and nothing may double."""
        self.phone.context.route("**/api/v1/field/ops", do_and_hang_up)
        self.save_one()
        self.phone.page.wait_for_timeout(600)
        self.phone.context.unroute("**/api/v1/field/ops")

    def hotel_page(self) -> None:
        """A hotel's sign-in page answers 200 to everything."""
        page = "<html><body>Welcome to our wifi</body></html>"
        self.phone.context.route(
            "**/api/v1/field/**", lambda route: route.fulfill(status=200, content_type="text/html", body=page)
        )
        self.save_one()
        self.phone.page.wait_for_timeout(300)
        self.phone.context.unroute("**/api/v1/field/**")

    def go_wrong(self) -> None:
        """One of them, by chance."""
        troubles = [self.kill_phone, self.kill_server, self.lose_signal, self.lose_answers, self.hotel_page]
        trouble = self.chance.choice([*troubles, self.sign_in_runs_out, self.no_room, self.cut_photos])
        self.done.append(trouble.__name__)
        trouble()


def test_nothing_is_lost_and_nothing_doubled(playwright: Playwright, server: Server, tmp_path: Path):
    phone = Phone(playwright, server, tmp_path / "profile")
    phone.sign_in(server.world["caretaker"])
    day = Day(phone, server, random.Random(SEED))
    for _ in range(ROUNDS):
        if day.chance.random() < 0.4:
            day.save_one()
        day.go_wrong()
    if not day.saved:
        day.save_one()
    phone.home()
    phone.wait_until_sent(90)
    kept = [row["summary"] for row in server.rows("SELECT summary FROM maintenance_defect ORDER BY reported_at")]
    assert sorted(kept) == sorted(day.saved), (SEED, day.done)
    named = server.rows(PHOTOS_HERE)
    assert all(row["here"] for row in named) and len(named) == day.photos, (SEED, day.done, day.photos, named)
    assert server.rows("SELECT count(*) AS n FROM sync_op WHERE outcome <> 'applied'")[0]["n"] == 0, SEED
    phone.close()
