"""The ways in and out: signing in, a label's address, the checks app's files, help, and what is held for the office."""

import re
import uuid

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from backend.assets.actions import ensure_tags, make_tags, retire_tag
from backend.sync.models import KeptAside, Op
from backend.trust.models import Person
from tests.conftest import PASSWORD


@pytest.fixture(autouse=True)
def fresh_counts():
    """Tries to sign in are counted in the cache."""
    cache.clear()


def sign_in(email: str, password: str = PASSWORD, **more):
    """Somebody signs in on a fresh browser."""
    return Client().post("/sign-in/", {"email": email, "password": password, **more})


def test_signing_in_leads_to_the_page_that_was_asked_for(world):
    answer = sign_in(world.caretaker.email.upper(), next="/plans/?status=overdue")
    assert answer["Location"] == "/plans/?status=overdue"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "///evil.example", "plans"]
)
def test_signing_in_never_leads_elsewhere(world, elsewhere):
    assert sign_in(world.caretaker.email, next=elsewhere)["Location"] == "/"


def test_a_wrong_password_is_said_and_the_address_kept(world):
    answer = sign_in(world.caretaker.email, "wrong")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "do not go together" in text
    assert f'value="{world.caretaker.email}"' in text
    assert "wrong" not in re.findall(r'value="([^"]*)"', text)


def test_too_many_tries_are_stopped_for_a_while(world, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world.caretaker.set_password(PASSWORD)
    world.caretaker.save()
    with time_machine.travel(timezone.now().replace(second=1), tick=False):
        for _ in range(60):
            assert "do not go together" in sign_in("nobody@oakfield.example", "wrong").content.decode()
        answer = sign_in(world.caretaker.email)
    assert "Too many tries" in answer.content.decode()
    assert "_auth_user_id" not in answer.client.session


def test_signing_out_needs_the_button(world, browse):
    browser = browse(world.caretaker)
    assert browser.get("/sign-out/")["Location"] == "/"
    assert browser.get("/plans/").status_code == 200
    browser.post("/sign-out/")
    assert browser.get("/plans/").status_code == 302


def test_demo_mode_lists_its_accounts_and_says_that_all_is_invented(world, settings):
    Person.objects.filter(pk=world.caretaker.pk).update(email="caretaker@oakfield.demo")
    text = Client().get("/sign-in/").content.decode()
    assert "caretaker@oakfield.demo" in text
    assert "are invented" in text
    settings.DEMO = False
    text = Client().get("/sign-in/").content.decode()
    assert "caretaker@oakfield.demo" not in text
    assert "are invented" not in text


def test_a_labels_address_opens_the_asset_in_any_case(world, browse):
    asset = world.asset()
    code = ensure_tags([asset])[asset.pk].code
    browser = browse(world.caretaker)
    for path in (f"/{code}", f"/{code.lower()}", f"/{code}/"):
        assert browser.get(path)["Location"] == f"/assets/{asset.pk}/"


PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A145R) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"


def test_a_phones_own_camera_opens_the_checks_app_for_those_who_check(world, browse):
    asset = world.asset()
    code = ensure_tags([asset])[asset.pk].code
    for headers in ({"User-Agent": PHONE}, {"Sec-CH-UA-Mobile": "?1"}):
        assert browse(world.caretaker).get(f"/{code}", headers=headers)["Location"] == f"/field/label/{code}"
        governor = world.person("governor", school=world.oakfield.school)
        assert not browse(governor).get(f"/{code}", headers=headers).headers.get("Location", "").startswith("/field/")
    assert browse(world.stranger).get(f"/{code}", headers={"User-Agent": PHONE}).status_code == 404


def test_a_label_taken_out_of_use_elsewhere_is_nobodys_business(world, browse):
    asset = world.asset()
    code = ensure_tags([asset])[asset.pk].code
    retire_tag(code=code, why="lost", person=world.lead)
    assert "was taken out of use" in browse(world.caretaker).get(f"/{code}").content.decode()
    assert browse(world.stranger).get(f"/{code}").status_code == 404


def test_a_stranger_scanning_finds_nothing(world, browse):
    asset = world.asset()
    code = ensure_tags([asset])[asset.pk].code
    assert browse(world.stranger).get(f"/{code}").status_code == 404


def test_somebody_passing_by_may_report_a_fault_and_is_told_nothing_of_the_asset(world, browse):
    asset = world.asset(name="Safe behind the picture")
    used, unused = ensure_tags([asset])[asset.pk].code, make_tags(1)[0].code
    for browser in (browse(), browse(world.person("staff", school=world.oakfield.school))):
        pages = [browser.get(f"/{code}") for code in (used, unused)]
        assert [page.status_code for page in pages] == [200, 200]
        said = [page.content.decode() for page in pages]
        assert "Oakfield. Is something wrong with it?" in said[0]
        assert "Safe behind" not in said[0] and str(asset.pk) not in said[0]
        assert "Oakfield" not in said[1].replace("Member of staff of Oakfield", "")


def test_a_mistyped_code_is_not_a_label(world, browse):
    code = make_tags(1)[0].code
    wrong = code[:-1] + next(each for each in "0123456789" if each != code[-1])
    assert browse(world.caretaker).get(f"/{wrong}").status_code == 404
    assert browse().get(f"/{wrong}").status_code == 404


def test_a_label_that_is_on_nothing_yet_says_how_to_use_it(world, browse):
    tag = make_tags(1)[0]
    assert "is not on anything yet" in browse(world.caretaker).get(f"/{tag.code}").content.decode()
    tag.retired_at = timezone.now()
    tag.save()
    assert "was taken out of use" in browse(world.caretaker).get(f"/{tag.code}").content.decode()


def test_words_of_eight_letters_are_no_labels(world, browse):
    assert browse(world.caretaker).get("/problems")["Location"] == "/problems/"


@pytest.fixture
def built(tmp_path, settings):
    """A built checks app."""
    settings.FIELDAPP_DIST = tmp_path / "dist"
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    for name, text in {
        "index.html": "<p>app</p>", "sw.js": "// worker", "manifest.webmanifest": "{}", "assets/index-tAHynnLX.js": "1",
        "assets/reader-DkQ9zz2P.wasm": "00",
    }.items():  # fmt: skip
        (tmp_path / "dist" / name).write_text(text)
    return tmp_path / "dist"


def test_the_checks_app_is_served_with_its_types_and_ages(built, client):
    expected = {
        "/field/": ("text/html; charset=utf-8", "no-cache"),
        "/field/assets/1/check": ("text/html; charset=utf-8", "no-cache"),
        "/field/sw.js": ("text/javascript; charset=utf-8", "no-cache"),
        "/field/manifest.webmanifest": ("application/manifest+json", "no-cache"),
        "/field/assets/index-tAHynnLX.js": ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        "/field/assets/reader-DkQ9zz2P.wasm": ("application/wasm", "public, max-age=31536000, immutable"),
    }
    for path, (kind, kept) in expected.items():
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, kind, kept), path
    assert client.get("/field/sw.js")["Service-Worker-Allowed"] == "/field/"
    assert client.get("/field")["Location"] == "/field/"


def test_the_checks_app_gives_no_other_file(built, client):
    for path in ("/field/../secret.txt", "/field/%2e%2e/secret.txt", "/field/assets/missing.js", "/field/%00", "/field/old-1.js"):
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"secret" not in body
    assert client.get("/field/assets/missing.js").status_code == 404


def test_without_a_build_the_page_says_what_to_run(tmp_path, settings, client):
    settings.FIELDAPP_DIST = tmp_path / "none"
    answer = client.get("/field/")
    assert answer.status_code == 503
    assert "make build" in answer.content.decode()


def test_help_is_for_everybody_and_every_page_of_it_opens(db, client):
    index = client.get("/help/").content.decode()
    slugs = re.findall(r'href="/help/([a-z-]+)/"', index)
    assert {"caretakers", "site-managers", "business-managers", "due-dates", "missed", "labels", "privacy"} <= set(slugs)
    for slug in slugs:
        assert "<h1>" in client.get(f"/help/{slug}/").content.decode()
    assert client.get("/help/rubbish/").status_code == 404


@pytest.fixture
def held(world):
    """An operation held at Oakfield."""
    return Op.objects.create(
        id=uuid.uuid4(), push=uuid.uuid4(), digest="0" * 64, kind="check_done", author_id=str(world.caretaker.pk), device_id="d",
        sent='{"answers": {"notes": "<b>hello</b>"}}', received_at=timezone.now(), outcome="held", code="asset_retired",
        detail="The lift has been retired.", site=world.oakfield,
    )  # fmt: skip


def test_what_is_held_waits_in_the_menu_and_is_shown_word_for_word(world, held, browse):
    browser = browse(world.person("site-manager", school=world.oakfield.school))
    assert "1 item held for the office" in browser.get("/").content.decode()
    assert "The lift has been retired." in browser.get("/held/").content.decode()
    text = browser.get(f"/held/{held.pk}/").content.decode()
    assert "&lt;b&gt;hello&lt;/b&gt;" in text
    assert world.caretaker.name in text


def test_what_is_held_is_settled_with_a_reason_and_not_without(world, held, browse):
    browser = browse(world.person("site-manager", school=world.oakfield.school))
    assert browser.post(f"/held/{held.pk}/", {"what": "aside", "reason": " "}).status_code == 422
    assert browser.post(f"/held/{held.pk}/", {"what": "aside", "reason": "Entered on paper"}).status_code == 302
    held.refresh_from_db()
    assert held.settled_reason == "Entered on paper"
    assert "Nothing is held" in browser.get("/held/").content.decode()


def test_what_cannot_be_applied_says_so_and_keeps_what_was_typed(world, held, browse):
    browser = browse(world.person("site-manager", school=world.oakfield.school))
    answer = browser.post(f"/held/{held.pk}/", {"what": "apply", "reason": "It was done"})
    assert answer.status_code == 422
    assert "It was done" in answer.content.decode()
    held.refresh_from_db()
    assert held.settled_at is None


def test_what_could_not_be_read_is_kept_and_looked_at_by_who_settles_for_the_trust(world, browse):
    kept = KeptAside.objects.create(digest="1" * 64, code="unreadable", sent="[[[", received_at=timezone.now())
    browser = browse(world.lead)
    assert "Unreadable" in browser.get("/held/").content.decode()
    assert "[[[" in browser.get(f"/held/kept/{kept.pk}/").content.decode()
    browser.post(f"/held/kept/{kept.pk}/", {"reason": "A test phone"})
    assert f"/held/kept/{kept.pk}/" not in browser.get("/held/").content.decode()
    manager = world.person("site-manager", school=world.oakfield.school)
    assert browse(manager).get(f"/held/kept/{kept.pk}/").status_code == 404


def test_what_is_held_at_another_school_is_not_there(world, held, browse):
    manager = world.person("site-manager", school=world.riverside.school)
    assert browse(manager).post(f"/held/{held.pk}/", {"what": "aside", "reason": "x"}).status_code == 404


def test_no_page_holds_inline_script_or_style(world, browse):
    """The content security policy allows neither."""
    plan = world.plan()
    browser = browse(world.lead)
    pages = ["/", "/compliance/", "/plans/", "/assets/", f"/assets/{plan.asset_id}/", f"/plans/{plan.pk}/", "/labels/", "/help/"]
    for page in [*pages, "/nothing-here/"]:
        answer = browser.get(page)
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), page
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
