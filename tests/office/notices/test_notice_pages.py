"""Home for each role, what waits, what I was told, how I am told."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from backend.checks.models import Plan
from backend.core.days import today
from backend.office.demo.notices import fill
from backend.office.demo.people import Team
from backend.office.models import Notice, NoticeChoice, TakenOn
from backend.office.notices.running import tell
from tests.office.notices.conftest import at, defect, order, run, working_day

PIECE = {"HX-Request": "true"}


def page(browser, path: str, **more) -> str:
    answer = browser.get(path, **more)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.content.decode())


def test_home_begins_with_what_waits_and_its_first_act_is_one_tap(staffed, browse):
    problem = defect(staffed, unsafe=True)
    head = browse(staffed.person("headteacher", school=staffed.oakfield.school))
    home = page(head, "/")
    assert "1 thing is marked unsafe." in home
    assert 'hx-get="/waiting/"' in home
    piece = page(head, "/waiting/", headers=PIECE)
    assert "1 thing is waiting for you; 1 past its day or unsafe." in piece
    assert f'href="/problems/{problem.pk}/"' in piece
    assert "<html" not in piece


def test_a_headteacher_is_told_when_nothing_is_dangerous(staffed, browse):
    assert "Nothing is marked unsafe." in page(browse(staffed.person("headteacher", school=staffed.oakfield.school)), "/")


def test_two_appointments_combine(staffed, browse):
    person = staffed.person("headteacher", school=staffed.oakfield.school)
    person.appointments.create(role="contractor-manager", school=staffed.oakfield.school, starts_on="2020-01-01")
    home = page(browse(person), "/")
    assert "Nothing is marked unsafe." in home
    assert "0 visits planned for today." in home


def test_on_the_first_day_home_leads_to_setting_up(world, browse):
    assert 'href="/set-up/"' in page(browse(world.lead), "/")


@pytest.mark.parametrize("role", ["site-manager", "sbm", "headteacher", "contractor-manager", "caretaker", "staff", "governor"])
def test_each_home_and_what_waits_can_be_opened(staffed, browse, role):
    browser = browse(staffed.person(role, school=staffed.oakfield.school))
    for path in ("/", "/waiting/", "/notices/", "/account/notices/"):
        page(browser, path)
    page(browser, "/waiting/", headers=PIECE)


def test_what_waits_costs_the_same_when_there_is_more(staffed, browse, django_assert_max_num_queries):
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    browser = browse(manager)

    def fill():
        plan = staffed.plan()
        Plan.objects.filter(pk=plan.pk).update(due_on=today() - dt.timedelta(days=3), overdue_from=today())
        defect(staffed, unsafe=True)
        order(staffed, manager)

    fill()
    page(browser, "/waiting/")
    with django_assert_max_num_queries(38) as first:
        page(browser, "/waiting/")
    for _ in range(5):
        fill()
    with django_assert_max_num_queries(len(first)):
        page(browser, "/waiting/")


def test_what_is_put_off_leaves_the_list_until_its_day_and_is_never_lost(staffed, browse):
    work = order(staffed, staffed.caretaker)
    browser = browse(staffed.caretaker)
    assert "Mend the railing" in page(browser, "/waiting/", headers=PIECE)
    until = today() + dt.timedelta(days=3)
    answer = browser.post("/notices/take-on/", {"key": f"work:{work.pk}:do", "act": "later", "until": until.isoformat()})
    assert answer.status_code == 302
    assert "Mend the railing" not in page(browser, "/waiting/", headers=PIECE)
    assert "comes back" in page(browser, "/waiting/")
    TakenOn.objects.update(until=today())
    assert "Mend the railing" in page(browser, "/waiting/", headers=PIECE)


def test_what_guards_lives_is_not_put_off_past_its_day(staffed, browse):
    problem = defect(staffed, unsafe=True)
    browser = browse(staffed.caretaker)
    until = (today() + dt.timedelta(days=1)).isoformat()
    answer = browser.post("/notices/take-on/", {"key": f"defect:{problem.pk}:unsafe", "act": "later", "until": until})
    assert answer.status_code in {400, 422}
    assert "This guards lives" in answer.content.decode()
    assert not TakenOn.objects.exists()


def test_the_page_of_notices_is_searched_and_forgets_places_that_are_no_longer_ones_own(staffed, browse):
    defect(staffed, unsafe=True)
    run(working_day())
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    browser = browse(manager)
    assert "Loose railing" in page(browser, "/notices/")
    assert "You were told of nothing like that" in page(browser, "/notices/?q=zebra")
    assert "Loose railing" in page(browser, f"/notices/?kind=unsafe&site={staffed.oakfield.pk}&sort=worst")
    assert "Loose railing" not in page(browser, "/notices/?kind=work")
    assert b"Loose railing" in b"".join(browser.get("/notices.csv"))
    assert browser.get(f"/notices/?site={staffed.riverside.pk}").status_code == 404
    assert browser.get("/notices/?kind=made-up").status_code == 400
    manager.appointments.update(school=staffed.riverside.school)
    assert "Loose railing" not in page(browser, "/notices/")


def test_the_bell_counts_what_was_not_answered(staffed, browse):
    defect(staffed, unsafe=True)
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    tell(at(working_day()))
    Notice.objects.update(day=today())
    assert "Notices&nbsp;<b>1</b>" in page(browse(manager), "/plans/")


def test_wishes_are_kept_and_nonsense_is_said(staffed, browse):
    browser = browse(staffed.caretaker)
    good = {"digest": "on", "hour": "6", "days": ["0", "2"], "quiet_from": "20", "quiet_until": "6", "kinds": ["work"]}
    assert browser.post("/account/notices/", good).status_code == 302
    held = NoticeChoice.objects.get(person=staffed.caretaker)
    assert (held.hour, held.days, held.in_holidays) == (6, [0, 2], False)
    assert set(held.without) == {"deadline", "step", "quiet"}
    assert browser.post("/account/notices/", good | {"hour": "25"}).status_code == 422
    assert "within your quiet hours" in browser.post("/account/notices/", good | {"hour": "22"}).content.decode()
    assert browser.post("/account/notices/", {**good, "hour": "22", "digest": ""}).status_code == 302


def test_one_click_stops_the_daily_letter_without_signing_in(staffed, mailoutbox):
    order(staffed, staffed.caretaker, given_at=None)
    run(working_day())
    letter = next(each for each in mail.outbox if each.to == [staffed.caretaker.email])
    found = re.search(r"/notices/stop/[^>]+", letter.extra_headers["List-Unsubscribe"])
    assert found
    link = found[0]
    outside = Client(enforce_csrf_checks=True)
    assert "No more letters of this kind: the daily letter?" in page(outside, link)
    assert not NoticeChoice.objects.exists()
    assert outside.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not NoticeChoice.objects.get(person=staffed.caretaker).digest
    assert outside.get("/notices/stop/made-up/").status_code == 404


def test_the_invented_trust_has_been_told_things_and_nothing_was_sent(staffed, browse, mailoutbox):
    plan = staffed.plan()
    since = today() - dt.timedelta(days=40)
    Plan.objects.filter(pk=plan.pk).update(due_on=since, overdue_from=since)
    fill(Team({"estates@trust.demo": staffed.lead}, {}), today())
    assert Notice.objects.filter(sort="step", person=staffed.lead).exists()
    assert TakenOn.objects.filter(person=staffed.lead).count() == 1
    assert "nobody had acted" in page(browse(staffed.lead), "/notices/")
    assert not mailoutbox
