"""The pages of proof, as a browser sees them: making a pack, taking it, sharing it, log books, a past day."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from backend.checks.actions.packs import forget_expired_packs, path_of
from backend.checks.models import CheckRecord, EvidencePack, PackRequest
from backend.checks.packs_held import PACKS
from backend.checks.queries.compliance import compliance
from backend.checks.queries.past import Known
from backend.checks.waiting_packs import packs_ready
from backend.core.days import today
from backend.core.models import Act
from backend.maintenance.models import OnePurposeLink
from backend.office.proof.making import make_pack
from tests.office.conftest import done


@pytest.fixture
def manager(world):
    """Oakfield's site manager."""
    return world.person("site-manager", school=world.oakfield.school)


def read_whole(answer: Any) -> bytes:
    """What a download holds."""
    return b"".join(answer.streaming_content)


def typed(world, **more) -> dict[str, object]:
    """The form as it is sent."""
    said = {"site": world.oakfield.pk, "recipient": "insurer", "period": "year", "disciplines": ["fire"], "photos": "on"}
    return {**said, "do": "make", **more}


def text(answer) -> str:
    """A page's text, squeezed."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_pack_is_asked_for_made_and_taken_and_its_taking_is_shown(world, worked, manager, browse):
    browser = browse(manager)
    assert "No evidence pack has been made yet" in text(browser.get("/proof/"))
    answer = browser.post("/proof/new/", typed(world))
    asked = PackRequest.objects.get()
    assert answer["Location"] == f"/proof/{asked.pk}/"
    page = browser.get(answer["Location"])
    assert page["Refresh"] == "2"
    assert "is being made" in text(page)
    make_pack(str(asked.pk))
    [waiting] = packs_ready(manager, today())
    assert waiting.words == "The evidence pack for Oakfield site is ready"
    page = browser.get(answer["Location"])
    assert "Refresh" not in page
    assert not list(packs_ready(manager, today()))
    sent = browser.get(f"/proof/{asked.pk}.zip")
    assert b"".join(sent.streaming_content)[:2] == b"PK"
    assert browser.get(f"/proof/{asked.pk}.pdf").content[:5] == b"%PDF-"
    reference = EvidencePack.objects.get().reference
    for wanted in ("", f"?q={reference}", f"?site={world.oakfield.pk}&sort=-period", "?recipient=insurer"):
        assert reference in text(browser.get(f"/proof/{wanted}"))
    assert "No evidence pack is like that" in text(browser.get("/proof/?recipient=hse"))
    assert browser.get(f"/proof/?site={world.riverside.pk}").status_code == 404
    assert reference.encode() in read_whole(browser.get("/proof.csv"))
    said = text(browser.get(answer["Location"]))
    assert f"{manager.name}, took the ZIP" in said.replace(" ,", ",")
    assert Act.objects.filter(kind="pack-handed-out", about=f"evidence-pack:{asked.pk}").count() == 2


def test_what_would_be_in_it_is_shown_and_nothing_is_made(world, worked, manager, browse):
    said = text(browse(manager).post("/proof/new/", typed(world, do="see")))
    assert "This is what would be in it" in said
    assert "3 records" in said
    assert not PackRequest.objects.exists()


def test_each_recipient_begins_with_what_they_ask_for(world, worked, manager, browse):
    page = browse(manager).get("/proof/new/?recipient=fire-authority").content.decode()
    assert re.search(r'value="fire"[^>]*checked', page)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"disciplines": []}, "Choose at least one."),
        ({"period": "own", "first_day": "2026-03-01", "last_day": "2026-02-01"}, "The last day lies before the first."),
        ({"period": "since"}, "Give the first day."),
    ],
)
def test_a_form_that_cannot_be_is_answered_at_its_field(world, worked, manager, browse, wrong, words):
    answer = browse(manager).post("/proof/new/", typed(world, **wrong))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not PackRequest.objects.exists()


def test_another_schools_site_cannot_be_chosen(world, worked, manager, browse):
    answer = browse(manager).post("/proof/new/", typed(world, site=world.riverside.pk))
    assert answer.status_code == 422
    assert "Riverside" not in text(browse(manager).get("/proof/new/?recipient=hse"))


def test_strangers_and_colleagues_without_the_permit_get_nothing(world, pack, browse):
    stranger = browse(world.person("site-manager", school=world.riverside.school))
    colleague = browse(world.caretaker)
    for path in (f"/proof/{pack.pk}/", f"/proof/{pack.pk}.zip", f"/proof/{pack.pk}.pdf"):
        assert stranger.get(path).status_code == 404
        assert colleague.get(path).status_code == 403
        assert Client().get(path).status_code == 302
    assert stranger.post(f"/proof/{pack.pk}/share/", {"whom": "A", "days": 7}).status_code == 404
    assert not OnePurposeLink.objects.exists()
    assert not Act.objects.filter(kind="pack-handed-out").exists()


def shared(browser, pack, **more) -> str:
    """The address of a new link."""
    page = browser.post(f"/proof/{pack.pk}/share/", {"whom": "Fire officer", "days": 30, **more}).content.decode()
    found = re.search(r"http://testserver(/proof/open/[^<]+)", page)
    assert found, text(page)
    return found[1]


def test_an_outsider_opens_one_pack_by_a_link_until_it_is_taken_back(world, pack, manager, browse):
    browser, outsider = browse(manager), Client()
    address = shared(browser, pack)
    assert "Oakfield" in text(outsider.get(address))
    assert read_whole(outsider.get(f"{address}pack.zip"))[:2] == b"PK"
    assert outsider.get(f"{address}pack.pdf").status_code == 200
    said = text(browser.get(f"/proof/{pack.pk}/"))
    assert "Fire officer, by a link, took the ZIP" in said
    assert Act.objects.filter(kind="pack-opened").count() == 3
    link = OnePurposeLink.objects.get()
    browser.post(f"/proof/{pack.pk}/links/{link.pk}/end/")
    assert outsider.get(address).status_code == 410
    assert outsider.get(f"{address}pack.zip").status_code == 410
    assert outsider.get("/proof/open/anything-else/").status_code == 404


def test_a_link_that_has_expired_opens_nothing(pack, manager, browse):
    address = shared(browse(manager), pack)
    OnePurposeLink.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert Client().get(address).status_code == 410


def test_a_link_with_a_password_asks_for_it_first(pack, manager, browse):
    address, outsider = shared(browse(manager), pack, password="eight-letters"), Client()
    assert "has a password" in text(outsider.get(address))
    assert outsider.get(f"{address}pack.zip")["Location"] == address
    assert outsider.post(address, {"password": "something"}).status_code == 422
    assert not Act.objects.filter(kind="pack-opened").exists()
    assert outsider.post(address, {"password": "eight-letters"}).status_code == 302
    assert outsider.get(f"{address}pack.pdf").status_code == 200
    assert Client().get(f"{address}pack.pdf").status_code == 302


def test_passwords_are_not_guessed_for_ever(pack, manager, browse):
    address, outsider = shared(browse(manager), pack, password="eight-letters"), Client()
    said = [outsider.post(address, {"password": "something"}).status_code for _ in range(11)]
    assert said == [422] * 10 + [429]


def test_a_packs_file_that_is_changed_or_gone_is_a_fault(pack):
    files, heads = PACKS
    assert not list(files.faults(lambda _n: None))
    assert not list(heads.faults(lambda _n: None))
    path = path_of(pack.sha256)
    default_storage.delete(path)
    assert "is missing" in next(iter(files.faults(lambda _n: None)))


def test_the_file_of_a_pack_expires_and_the_row_stays(pack, manager, browse):
    assert forget_expired_packs(today()) == 0
    later = pack.kept_until + dt.timedelta(days=1)
    assert forget_expired_packs(later) == 1
    assert forget_expired_packs(later) == 0
    assert browse(manager).get(f"/proof/{pack.pk}.zip").status_code == 410
    assert EvidencePack.objects.filter(pk=pack.pk).exists()
    assert browse(manager).get(f"/proof/{pack.pk}/").status_code == 200


def test_the_log_book_has_every_record_of_its_year_and_no_blank_line(world, worked, manager, browse, tmp_path):
    page = browse(manager).get(f"/proof/books/?site={world.oakfield.pk}&discipline=fire&year={today().year}")
    said = text(page)
    records = CheckRecord.objects.filter(site=world.oakfield, done_on__year=today().year)
    for record in records:
        assert f"/records/{record.pk}/" in page.content.decode()
    assert f"{records.count()} test" in said
    pdf = browse(manager).get(f"/proof/books.pdf?site={world.oakfield.pk}&discipline=fire&year={today().year}")
    (tmp_path / "book.pdf").write_bytes(pdf.content)
    pages = [" ".join(each.extract_text().split()) for each in PdfReader(tmp_path / "book.pdf").pages]
    assert "Fire safety log book" in pages[0]
    assert " ".join(pages).count("Fire alarm weekly") >= records.count()
    assert f"page 1 of {len(pages)}" in pages[0]


def test_the_log_book_asks_no_more_queries_for_more_records(world, worked, manager, browse, django_assert_max_num_queries):
    browser = browse(manager)
    address = f"/proof/books/?site={world.oakfield.pk}&discipline=fire&year={today().year}"
    browser.get(address)
    for days in range(1, 5):
        done(worked, world.caretaker, days_ago=days)
    with django_assert_max_num_queries(45):
        browser.get(address)


def test_another_sites_log_book_looks_as_if_it_did_not_exist(world, manager, browse):
    for path in ("/proof/books/", "/proof/books.pdf"):
        assert browse(manager).get(f"{path}?site={world.riverside.pk}").status_code == 404
        assert browse(manager).get(f"{path}?site=nothing").status_code == 404
        assert browse(world.caretaker).get(path).status_code == 403


def test_a_past_day_is_told_from_what_was_known_then_and_from_what_is_known_now(world, manager, browse):
    plan = world.plan(since=today() - dt.timedelta(days=60))
    made = done(plan, world.caretaker, days_ago=21)
    day = made.done_on + dt.timedelta(days=1)
    late = timezone.now() - dt.timedelta(days=2)
    copy = {each.attname: getattr(made, each.attname) for each in CheckRecord._meta.concrete_fields}
    copy |= {"id": None, "done_on": day, "done_at": made.done_at + dt.timedelta(days=1), "received_at": late, "late_entry": True}
    copy["outcome"] = "unsatisfactory"
    copy.pop("id")
    entered = CheckRecord.objects.create(**copy)
    page = browse(manager).get(f"/compliance/?as_of={day}")
    said = text(page)
    assert "from what was known that day" in said
    assert "1 record came in since" in said
    assert f"/records/{entered.pk}/" in page.content.decode()
    now = text(browse(manager).get(f"/compliance/?as_of={day}&known=now"))
    assert "from what is known now" in now
    [then], [since] = (compliance(manager, today=today(), as_of=day, known=known) for known in (Known.THEN, Known.NOW))
    assert (then.counts.unsatisfactory, since.counts.unsatisfactory) == (0, 1)


@pytest.mark.parametrize("asked", ["as_of=soon", "as_of=2199-01-01", "as_of=0001-01-01", "as_of=2026-01-01&known=perhaps"])
def test_a_day_that_is_none_is_refused_in_words(world, manager, browse, asked):
    for path in ("/compliance/", f"/schools/{world.oakfield.school_id}/", "/compliance.csv"):
        assert browse(manager).get(f"{path}?{asked}").status_code == 400
