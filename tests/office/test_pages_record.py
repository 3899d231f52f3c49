"""A record's, a plan's and a problem's page: what happened, in words, with its proof."""

import hashlib
import re
import uuid

import pytest
from django.utils import timezone

from backend.checks.actions import NewPhoto
from backend.checks.models import CheckType
from backend.core.days import today
from backend.core.files import keep, person_owner, vouch
from backend.core.models import AuditEntry
from backend.hr.models import Competence
from backend.maintenance.models import Defect
from tests.office.conftest import done

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def text_of(browser, page: str) -> str:
    """The page's text with its blanks evened out."""
    answer = browser.get(page)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def photo(content: bytes, field: str = "photo") -> NewPhoto:
    """A photo as a record names it."""
    return NewPhoto(hashlib.sha256(content).hexdigest(), "image/png", len(content), field)


def test_readings_are_shown_with_unit_and_limit(world, browse):
    kinds = CheckType.objects.select_related("current").filter(current__content__rule__isnull=False)
    asked = {each.pk: each.current.questions() for each in kinds if each.current and simple(each.current)}
    code = next(code for code, questions in asked.items() if degrees(questions))
    plan, question = world.plan(code), degrees(asked[code])
    wrong = 5 if "at_least" in question["pass"] else 99
    record = done(plan, world.caretaker, answers={question["key"]: wrong})
    text = text_of(browse(world.lead), f"/records/{record.pk}/")
    assert f"{wrong} °C" in text
    assert "Not in order" in text
    assert re.search(r"(at least|at most|between) \d+", text)


def degrees(questions):
    """A question for a temperature with a limit."""
    return next((each for each in questions if each.get("unit") == "degC" and each.get("pass")), None)


def test_a_failed_answer_leads_to_its_problem(world, browse):
    record = done(world.plan(), world.caretaker, answers={"panel_response": "fail"})
    defect = Defect.objects.get()
    text = text_of(browse(world.lead), f"/records/{record.pk}/")
    assert "Not satisfactory" in text
    assert f"/problems/{defect.pk}/" in text
    assert "Panel named the right zone or device: failed" in text_of(browse(world.lead), f"/problems/{defect.pk}/")


def test_the_record_shows_its_audit_entry(world, browse):
    record = done(world.plan(), world.caretaker)
    entry = AuditEntry.objects.get(subject=f"record:{record.pk}")
    text = text_of(browse(world.lead), f"/records/{record.pk}/")
    assert entry.hash in text
    assert f"number {entry.number}" in text


def test_the_record_shows_the_competence_held_that_day(world, browse):
    Competence.objects.create(
        person=world.caretaker, name="Fire alarm user course", covers=["fire"], held_from="2020-01-01", expires_on="2099-05-04"
    )
    record = done(world.plan(), world.caretaker)
    assert "Fire alarm user course, until Mon 4 May 2099" in text_of(browse(world.lead), f"/records/{record.pk}/")


def test_a_check_that_is_not_verified_says_so_on_every_page_that_shows_it(world, browse):
    kind = CheckType.objects.filter(verified=False, current__content__on="asset", current__content__rule__isnull=False)
    code = next(each.pk for each in kind.select_related("current") if simple(each.current))
    plan = world.plan(code)
    record = done(plan, world.caretaker, answers={})
    browser = browse(world.lead)
    pages = ["/plans/", "/records/", f"/plans/{plan.pk}/", f"/records/{record.pk}/", f"/assets/{plan.asset_id}/"]
    for page in [*pages, f"/sites/{world.oakfield.pk}/"]:
        assert "not verified" in text_of(browser, page).lower(), page


def simple(revision) -> bool:
    """Whether the check can be answered without photos and files."""
    return not any(each["type"] in {"photo", "file"} and each.get("required") for each in revision.questions())


def arrived(author) -> None:
    """The picture is here, and its author sent it."""
    stored = keep(PICTURE, "image/png")
    vouch([(stored.pk, person_owner(author.pk))])


def test_photos_are_shown_when_they_are_here_and_awaited_until_then(world, browse):
    plan = world.plan()
    here, missing = photo(PICTURE, "notes"), photo(b"not sent yet", "notes")
    arrived(world.caretaker)
    record = done(plan, world.caretaker, photos=[here, missing])
    browser = browse(world.lead)
    text = text_of(browser, f"/records/{record.pk}/")
    assert "Awaiting 1 photo" in text
    assert f"/photos/{here.sha256}/" in text
    assert f"/photos/{missing.sha256}/" not in text
    original = browser.get(f"/photos/{here.sha256}/")
    assert b"".join(original.streaming_content) == PICTURE
    assert "sandbox" in original["Content-Security-Policy"]


def test_a_photo_is_shown_to_those_who_see_the_record_and_to_nobody_else(world, browse):
    arrived(world.caretaker)
    done(world.plan(), world.caretaker, photos=[photo(PICTURE, "notes")])
    name = hashlib.sha256(PICTURE).hexdigest()
    assert browse(world.caretaker).get(f"/photos/{name}/").status_code == 200
    for page in (f"/photos/{name}/", f"/photos/{name}/small/"):
        assert browse(world.stranger).get(page).status_code == 404
    assert browse(world.caretaker).get(f"/photos/{'0' * 64}/").status_code == 404


def test_until_the_copy_for_showing_is_made_a_picture_says_so(world, browse):
    arrived(world.caretaker)
    done(world.plan(), world.caretaker, photos=[photo(PICTURE, "notes")])
    answer = browse(world.caretaker).get(f"/photos/{hashlib.sha256(PICTURE).hexdigest()}/small/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("photo.svg")


def test_corrections_lead_to_one_another(world, browse):
    plan = world.plan()
    first = done(plan, world.caretaker, days_ago=1)
    second = done(plan, world.caretaker, supersedes=first, reason="Wrong call point")
    browser = browse(world.lead)
    old, new = (text_of(browser, f"/records/{each.pk}/") for each in (first, second))
    assert f"/records/{second.pk}/" in old
    assert "This record was corrected" in old
    assert "Wrong call point" in old
    assert f"/records/{first.pk}/" in new
    assert "This is a correction: Wrong call point" in new


def test_html_in_answers_and_notes_is_text(world, browse):
    record = done(world.plan(), world.caretaker, answers={"notes": "<b onclick=x>hello</b>", "panel_response": "fail"})
    browser = browse(world.lead)
    for page in (f"/records/{record.pk}/", f"/problems/{Defect.objects.get().pk}/"):
        assert "<b onclick" not in text_of(browser, page)
    assert "&lt;b onclick=x&gt;hello&lt;/b&gt;" in text_of(browser, f"/records/{record.pk}/")


def test_the_plan_gives_its_reasons_in_words_and_as_data(world, browse):
    plan = world.plan()
    done(plan, world.caretaker)
    text = text_of(browse(world.lead), f"/plans/{plan.pk}/")
    assert "weekly, last done" in text
    assert "&quot;code&quot;: &quot;interval&quot;" in text
    assert "When work counts" in text
    assert "Regulatory Reform (Fire Safety) Order 2005" in text


def test_missed_weeks_are_listed_with_what_was_said(world, browse):
    from backend.checks.actions import excuse_lapse

    plan = world.plan()
    excuse_lapse(lapse=plan.lapses.first(), person=world.lead, reason="Snow: the site was shut")
    text = text_of(browse(world.lead), f"/plans/{plan.pk}/")
    assert "Snow: the site was shut" in text
    assert text.count("Missed</span>") == plan.lapses.count() - 1


def test_a_problem_is_closed_with_words(world, browse):
    done(world.plan(), world.caretaker, answers={"panel_response": "fail"})
    defect = Defect.objects.get()
    browser = browse(world.person("site-manager", school=world.oakfield.school))
    answer = browser.post(f"/problems/{defect.pk}/close/", {"note": "Loop card replaced"}, follow=True)
    defect.refresh_from_db()
    assert defect.status == "closed"
    assert "Loop card replaced" in answer.content.decode()


@pytest.mark.parametrize("note", ["", "   ", "\x00"])
def test_a_problem_cannot_be_closed_without_words(world, browse, note):
    done(world.plan(), world.caretaker, answers={"panel_response": "fail"})
    defect = Defect.objects.get()
    answer = browse(world.lead).post(f"/problems/{defect.pk}/close/", {"note": note})
    defect.refresh_from_db()
    assert answer.status_code == 422
    assert defect.status == "open"


def test_a_problem_closed_meanwhile_keeps_what_was_typed(world, browse):
    done(world.plan(), world.caretaker, answers={"panel_response": "fail"})
    defect = Defect.objects.get()
    Defect.objects.filter(pk=defect.pk).update(status="closed", closed_at=timezone.now())
    answer = browse(world.lead).post(f"/problems/{defect.pk}/close/", {"note": "My long note"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "closed already" in text
    assert "My long note" in text


def test_an_unsafe_asset_says_so_first(world, browse):
    from backend.maintenance.actions import report_defect

    asset = world.asset()
    report_defect(
        id=uuid.uuid4(), site=asset.site, asset=asset, person=world.caretaker, summary="Live wire", severity="high", unsafe=True,
        found_on=today(), reported_at=timezone.now(), made_safe="Isolated at the board",
    )  # fmt: skip
    text = text_of(browse(world.lead), f"/assets/{asset.pk}/")
    assert text.index("Live wire") < text.index("What it is")
    assert "Isolated at the board" in text
    assert "Live wire" in text_of(browse(world.lead), "/")


def test_a_record_that_was_answered_with_others_says_so_and_how_presence_was_proved(world, browse):
    group = uuid.uuid4()
    one, two, three = (
        done(world.plan(), world.caretaker, together=group, presence=presence) for presence in ("tag", "typed", "typed")
    )
    alone = done(world.plan(), world.caretaker)
    browser = browse(world.lead)
    text = text_of(browser, f"/records/{two.pk}/")
    assert "Answered together with 2 others; presence here: typed in, place not proved." in text
    assert f'href="/records/{one.pk}/"' in text
    assert f'href="/records/{three.pk}/"' in text
    assert "Answered together" not in text_of(browser, f"/records/{alone.pk}/")
