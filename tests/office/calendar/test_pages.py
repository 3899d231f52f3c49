"""The calendar's pages: what is owed and booked, booking with a look first, rounds, who is away, the year, the feed."""

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.checks.actions import NewBooking, book, end_feed, make_round, new_feed, set_cover
from backend.checks.models import Booking, CalendarFeed, CheckType, Round
from backend.core.days import today
from backend.hr.actions import note_absence, set_working_week
from backend.maintenance.models import Contractor
from backend.trust.models import Appointment, School, Site

TODAY = today()
DAY = dt.timedelta(days=1)


def ahead(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def part(pattern: str, page: str) -> str:
    """What the pattern's group finds in a page, which must hold it."""
    found = re.search(pattern, page)
    assert found
    return found.group(1)


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def lift(world):
    return world.plan("loler-passenger-lift", asset=world.asset("passenger-lift", name="Lift in the hall"), since=ahead(20))


@pytest.fixture
def alarm(world):
    return world.plan()


def test_every_view_shows_what_is_owed_and_what_is_booked(world, lift, alarm, browse):
    book(NewBooking(world.oakfield, [alarm], ahead(1), person=world.caretaker), actor=world.lead, today=TODAY)
    browser = browse(world.lead)
    for view in ("month", "week", "list"):
        page = text(browser.get("/calendar/", {"view": view, "on": str(ahead(1))}))
        assert "Caretaker of Oakfield" in page, view
    page = text(browser.get("/calendar/", {"view": "month", "on": str(ahead(20))}))
    assert "Lift in the hall" in page and f"/plans/{lift.pk}/" in page
    assert "Lift in the hall" not in text(browser.get("/calendar/", {"on": str(ahead(20)), "show": "booked"}))


def test_a_stranger_sees_nothing_of_it_and_a_wrong_filter_is_said(world, lift, browse):
    page = text(browse(world.stranger).get("/calendar/", {"view": "list"}))
    assert "Lift in the hall" not in page and "Nothing is waiting" in page
    answer = browse(world.stranger).get("/calendar/", {"site": str(world.oakfield.pk)})
    assert answer.status_code == 404
    assert browse(world.lead).get("/calendar/", {"on": "never"}).status_code == 400


def test_a_check_is_booked_in_one_step_when_there_is_nothing_to_say(world, alarm, browse):
    day = ahead((4 - TODAY.weekday()) % 7 or 7)
    on = min(day, alarm.due_on) if alarm.due_on >= TODAY else day
    answer = browse(world.lead).post("/calendar/book/", {"plan": str(alarm.pk), "day": str(on), "act": "book"})
    if answer.status_code == 200:  # the day is closed, or after what is tolerated: said once, then done
        sign = re.search(r'name="shown" value="(\w+)"', answer.content.decode())
        assert sign
        answer = browse(world.lead).post(
            "/calendar/book/", {"plan": str(alarm.pk), "day": str(on), "act": "book", "shown": sign.group(1)}
        )
    assert answer.status_code == 302 and Booking.objects.get().day == on


def test_a_warning_is_shown_once_and_what_was_typed_stays(world, lift, browse):
    browser, firm = browse(world.lead), Contractor.objects.create(name="Acme Lifts")
    sent = {"plan": str(lift.pk), "day": str(ahead(5)), "contractor": str(firm.pk), "note": "Ring first", "act": "book"}
    answer = browser.post("/calendar/book/", sent)
    page = text(answer)
    assert answer.status_code == 200 and "nothing is held" in page and "Ring first" in page and "Book all the same" in page
    assert not Booking.objects.exists()
    sign = re.search(r'name="shown" value="(\w+)"', page)
    assert sign and browser.post("/calendar/book/", {**sent, "shown": sign.group(1)}).status_code == 302
    assert Booking.objects.get().contractor == firm


def test_after_the_law_the_page_asks_for_a_reason(world, lift, browse):
    browser, after = browse(world.lead), lift.overdue_from + dt.timedelta(days=1)
    sent = {"plan": str(lift.pk), "day": str(after), "act": "book"}
    answer = browser.post("/calendar/book/", sent)
    assert answer.status_code == 422 and "say why none can be had" in text(answer)
    sent["late_reason"] = "No inspector before"
    answer = browser.post("/calendar/book/", sent)
    if answer.status_code == 200:
        sent["shown"] = part(r'name="shown" value="(\w+)"', answer.content.decode())
        answer = browser.post("/calendar/book/", sent)
    assert answer.status_code == 302
    assert "Later than allowed" in text(browser.get(f"/plans/{lift.pk}/"))


def test_many_checks_are_booked_at_once_a_visit_for_each_site(world, lift, browse):
    other = world.plan("loler-passenger-lift", asset=world.asset("passenger-lift", site=world.riverside), since=ahead(20))
    sent = {"plan": [str(lift.pk), str(other.pk)], "day": str(ahead(10)), "act": "book"}
    answer = browse(world.lead).post("/calendar/book/", sent)
    if answer.status_code == 200:
        sent["shown"] = part(r'name="shown" value="(\w+)"', answer.content.decode())
        answer = browse(world.lead).post("/calendar/book/", sent)
    assert answer.status_code == 302
    assert set(Booking.objects.values_list("site__name", flat=True)) == {"Oakfield site", "Riverside site"}


def test_one_of_another_school_among_the_chosen_books_none(world, lift, browse):
    manager = world.person("site-manager", school=world.riverside.school)
    own = world.plan(asset=world.asset(site=world.riverside))
    sent = {"plan": [str(lift.pk), str(own.pk)], "day": str(ahead(10)), "act": "book"}
    assert browse(manager).post("/calendar/book/", sent).status_code == 404
    assert not Booking.objects.exists()


def test_put_on_a_day_it_is_moved_or_asked_about(world, lift, browse):
    browser = browse(world.lead)
    open_day = next(ahead(n) for n in range(3, 20) if ahead(n).weekday() == 2)
    answer = browser.post("/calendar/drop/", {"plan": str(lift.pk), "day": str(open_day)})
    assert answer.status_code == 302
    if "book" in answer["Location"]:
        pytest.skip("that Wednesday is closed")
    booking = Booking.objects.get()
    late = lift.overdue_from + dt.timedelta(days=2)
    answer = browser.post("/calendar/drop/", {"booking": str(booking.pk), "day": str(late)})
    assert f"/calendar/bookings/{booking.pk}/" in answer["Location"]
    assert "Later than allowed" in text(browser.get(answer["Location"]))
    booking.refresh_from_db()
    assert booking.day == open_day


def keep(browser, booking, **typed):
    """Move a booking, having read what there is to say of it."""
    answer = browser.post(f"/calendar/bookings/{booking.pk}/move/", typed)
    if answer.status_code == 200:
        mark = part(r'name="shown" value="(\w+)"', text(answer))
        answer = browser.post(f"/calendar/bookings/{booking.pk}/move/", {**typed, "shown": mark})
    assert answer.status_code == 302


def test_what_a_move_would_make_late_is_shown_before_it_is_kept(world, lift, browse):
    browser = browse(world.lead)
    booking = book(NewBooking(world.oakfield, [lift], ahead(5)), actor=world.lead, today=TODAY)
    sunday = next(ahead(n) for n in range(6, 14) if ahead(n).weekday() == 6)
    first = browser.post(f"/calendar/bookings/{booking.pk}/move/", {"day": str(sunday), "part": "day"})
    assert first.status_code == 200
    assert "Not kept yet" in text(first)
    booking.refresh_from_db()
    assert booking.day == ahead(5)
    mark = part(r'name="shown" value="(\w+)"', text(first))
    other = browser.post(f"/calendar/bookings/{booking.pk}/move/", {"day": str(sunday + 7 * DAY), "part": "day", "shown": mark})
    assert other.status_code == 200, "what was read of one day is not taken for another's"
    keep(browser, booking, day=str(sunday), part="day")
    booking.refresh_from_db()
    assert booking.day == sunday


def test_bookings_that_cannot_be_given_are_named_and_the_others_given(world, lift, browse):
    browser = browse(world.lead)
    taps = world.plan("water-sentinel-temperatures", site=world.riverside)
    near = book(NewBooking(world.oakfield, [lift], ahead(5)), actor=world.lead, today=TODAY)
    far = book(NewBooking(world.riverside, [taps], ahead(5)), actor=world.lead, today=TODAY)
    sent = {"booking": [str(near.pk), str(far.pk)], "person": str(world.caretaker.pk)}
    page = text(browser.post("/calendar/reassign/", sent))
    assert "1 cannot" in page
    assert "does not do checks at" in page
    answer = browser.post("/calendar/reassign/", {**sent, "sure": "1"})
    assert answer.status_code == 409
    near.refresh_from_db()
    assert near.person is None
    assert browser.post("/calendar/reassign/", {}).status_code == 302


def test_how_long_a_check_takes_is_said_for_a_school_and_counts(world, browse):
    check = CheckType.objects.get(code="fire-risk-assessment-review", minutes=None)
    plan = world.plan(check.code)
    browser, school = browse(world.lead), str(world.oakfield.school_id)
    page = text(browser.get("/calendar/year/", {"school": school}))
    assert f'name="minutes-{check.code}"' in page
    assert "at least" in page
    wrong = browser.post("/calendar/minutes/", {"school": school, f"minutes-{check.code}": "soon"})
    assert wrong.status_code == 422
    assert 'value="soon"' in text(wrong)
    assert browser.post("/calendar/minutes/", {"school": school, f"minutes-{check.code}": "25"}).status_code == 302
    plan.refresh_from_db()
    assert plan.minutes == 25
    assert "How long is not known" not in text(browser.get("/calendar/year/", {"school": school}))
    assert browse(world.caretaker).post("/calendar/minutes/", {"school": school}).status_code == 403


def test_the_hours_said_stand_in_their_form_as_they_were_said(world, alarm, browse):
    browser, school = browse(world.lead), str(world.oakfield.school_id)
    browser.post(f"/calendar/hours/{world.caretaker.pk}/", {"hours": "7.5", "school": school})
    page = " ".join(text(browser.get("/calendar/year/", {"school": school})).split())
    form = page[page.index(f'action="/calendar/hours/{world.caretaker.pk}/"') :].split("</form>")[0]
    assert 'value="7.5"' in form
    assert "checked" not in form


def test_moving_cancelling_and_reassigning_by_plain_forms(world, lift, browse):
    browser = browse(world.lead)
    booking = book(NewBooking(world.oakfield, [lift], ahead(5)), actor=world.lead, today=TODAY)
    weekday = next(ahead(n) for n in range(6, 12) if ahead(n).weekday() == 2)
    keep(browser, booking, day=str(weekday), part="am")
    sent = {"booking": str(booking.pk), "person": str(world.caretaker.pk), "day": str(TODAY)}
    assert "1 booking would go to Caretaker of Oakfield" in text(browser.post("/calendar/reassign/", sent))
    booking.refresh_from_db()
    assert booking.person is None
    assert browser.post("/calendar/reassign/", {**sent, "sure": "1"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.day, booking.part, booking.person) == (weekday, "am", world.caretaker)
    assert browser.post(f"/calendar/bookings/{booking.pk}/cancel/", {"reason": ""}).status_code == 422
    assert browser.post(f"/calendar/bookings/{booking.pk}/cancel/", {"reason": "Ill"}).status_code == 302
    assert "Ill" in text(browser.get(f"/calendar/bookings/{booking.pk}/"))


def test_the_plan_says_what_is_booked(world, lift, browse):
    firm = Contractor.objects.create(name="Acme Lifts")
    assert "Book it" in text(browse(world.lead).get(f"/plans/{lift.pk}/"))
    book(NewBooking(world.oakfield, [lift], ahead(5), contractor=firm), actor=world.lead, today=TODAY)
    page = text(browse(world.caretaker).get(f"/plans/{lift.pk}/"))
    assert re.search(r"Booked \w{3} \d+ \w{3}[^<]*, Acme Lifts", page) and "Book it" not in page


def test_rounds_are_proposed_made_ordered_and_printed(world, alarm, browse):
    monthly = world.plan("emergency-lighting-monthly-test")
    browser = browse(world.lead)
    page = text(browser.get("/calendar/rounds/new/", {"site": str(world.oakfield.pk)}))
    assert "Weekly round" in page and "Monthly round" in page
    browser.post("/calendar/rounds/new/", {"site": str(world.oakfield.pk), "often": ["week", "month"]})
    weekly = Round.objects.get(often="week")
    browser.post(f"/calendar/rounds/{weekly.pk}/order/", {"add": str(monthly.pk)})
    browser.post(f"/calendar/rounds/{weekly.pk}/order/", {"move": f"{monthly.pk}:up"})
    weekly.refresh_from_db()
    assert weekly.stops == [monthly.pk, alarm.pk]
    sent = {"name": "Alarms", "often": "week", "days": ["2"], "person": str(world.caretaker.pk)}
    assert browser.post(f"/calendar/rounds/{weekly.pk}/", sent).status_code == 302
    sheet = text(browse(world.caretaker).get(f"/calendar/rounds/{weekly.pk}/sheet/"))
    assert "Alarms, Oakfield site" in sheet and "Boiler room" in sheet
    assert browse(world.caretaker).post(f"/calendar/rounds/{weekly.pk}/end/").status_code == 403
    assert browse(world.stranger).get(f"/calendar/rounds/{weekly.pk}/").status_code == 404


def test_anybody_notes_their_own_days_and_a_manager_says_who_stands_in(world, browse):
    teacher = world.person("staff", school=world.oakfield.school)
    sent = {"person": str(teacher.pk), "first_day": str(ahead(1)), "last_day": str(ahead(2))}
    assert browse(teacher).post("/calendar/away/", sent).status_code == 302
    sent["person"] = str(world.caretaker.pk)
    assert browse(teacher).post("/calendar/away/", sent).status_code == 422
    gone = note_absence(person=world.caretaker, first_day=ahead(1), last_day=ahead(2), actor=world.caretaker, today=TODAY)
    assert browse(world.caretaker).post(f"/calendar/away/{gone.pk}/cover/", {"stand_in": str(world.lead.pk)}).status_code == 403
    assert browse(world.lead).post(f"/calendar/away/{gone.pk}/cover/", {"stand_in": str(world.lead.pk)}).status_code == 302
    page = text(browse(world.caretaker).get("/calendar/away/"))
    assert "Estates lead of trust stands in for everything" in page
    assert "Caretaker of Oakfield away" in text(browse(world.lead).get("/calendar/", {"on": str(ahead(1))}))
    assert "Caretaker of Oakfield" not in text(browse(world.stranger).get("/calendar/away/"))


def test_the_year_says_that_hours_are_not_known_then_compares(world, alarm, browse):
    browser, school = browse(world.lead), str(world.oakfield.school_id)
    for number in range(8):
        world.plan("emergency-lighting-monthly-test", note=f"Lights {number}")
    assert "Nobody's hours are known" in text(browser.get("/calendar/year/", {"school": school})).replace("&#x27;", "'")
    world.person("caretaker", school=world.oakfield.school)
    sent = {"hours": "4", "in_holidays": "1", "school": school}
    assert browser.post(f"/calendar/hours/{world.caretaker.pk}/", sent).status_code == 302
    page = text(browser.get("/calendar/year/", {"school": school}))
    assert "more than there are hours for" in page and "Book all" in page
    before = int(part(r"(\d+) weeks? hold", page))
    assert browser.post("/calendar/year/accept/", {"school": school, "move": "all"}).status_code == 302
    assert Booking.objects.exists()
    after = re.search(r"(\d+) weeks? hold", text(browser.get("/calendar/year/", {"school": school})))
    assert after is None or int(after.group(1)) < before
    monday = part(r"monday=(\d{4}-\d\d-\d\d)", page)
    assert browser.get("/calendar/year/week/", {"school": school, "monday": monday}).status_code == 200


def test_the_year_names_who_everything_hangs_on(world, alarm, browse):
    page = text(browse(world.lead).get("/calendar/year/", {"school": str(world.oakfield.school_id)}))
    assert "Nobody</strong> holds" in page


@pytest.fixture
def reader(client):
    return lambda secret: client.get(f"/calendar/feed/{secret}.ics")


def events(answer) -> list[dict[str, Any]]:
    from icalendar import Calendar

    return [dict(each) for each in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_the_feed_holds_what_is_theirs_and_the_same_under_the_same_name(world, lift, alarm, reader):
    secret = new_feed(person=world.caretaker)
    booking = book(NewBooking(world.oakfield, [lift], ahead(5), person=world.caretaker), actor=world.lead, today=TODAY)
    make_round(
        site=world.oakfield, name="Daily", often="day", stops=[alarm.pk], actor=world.lead, days=[1, 2], person=world.caretaker
    )
    first = events(reader(secret))
    kinds = {str(each["UID"]).split("-")[0] for each in first}
    assert kinds == {"booking", "round", "owed"} and f"booking-{booking.pk}@siteward" in {str(each["UID"]) for each in first}
    from backend.checks.actions import cancel_booking

    cancel_booking(booking, actor=world.lead, reason="Ill")
    (gone,) = [each for each in events(reader(secret)) if str(each["UID"]).startswith("booking")]
    assert (int(gone["SEQUENCE"]), str(gone["STATUS"])) == (1, "CANCELLED")
    assert world.lead.name not in reader(secret).content.decode()


def test_the_feed_stops_when_it_is_renewed_switched_off_or_its_owner_leaves(world, reader):
    old = new_feed(person=world.caretaker)
    secret = new_feed(person=world.caretaker)
    assert (reader(old).status_code, reader(secret).status_code, reader("guess").status_code) == (404, 200, 404)
    assert secret not in str(list(CalendarFeed.objects.values()))
    Appointment.objects.filter(person=world.caretaker).update(ends_on=ahead(-1))
    assert reader(secret).status_code == 404
    Appointment.objects.filter(person=world.caretaker).update(ends_on=None)
    end_feed(person=world.caretaker)
    assert reader(secret).status_code == 404


def test_the_feed_is_not_asked_too_often(world, reader):
    secret = new_feed(person=world.caretaker)
    answers = {reader(secret).status_code for _ in range(62)}
    assert answers == {200, 429}


def test_who_stands_in_has_the_bookings_in_their_feed_on_those_days(world, lift, alarm, reader):
    secret = new_feed(person=world.lead)
    book(NewBooking(world.oakfield, [lift], ahead(5), person=world.caretaker), actor=world.lead, today=TODAY)
    book(NewBooking(world.oakfield, [alarm], ahead(9), person=world.caretaker), actor=world.lead, today=TODAY)
    assert events(reader(secret)) == []
    gone = note_absence(person=world.caretaker, first_day=ahead(5), last_day=ahead(5), actor=world.caretaker, today=TODAY)
    set_cover(absence=gone, stand_in=world.lead, actor=world.lead)
    assert len(events(reader(secret))) == 1


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_the_calendar_asks_as_many_questions_at_sixty_schools_as_at_two(world, alarm, browse, view):
    browser = browse(world.lead)
    lights = world.plan("emergency-lighting-monthly-test").asset.type_id

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get("/calendar/", {"view": view}).status_code == 200
        return len(queries)

    book(NewBooking(world.oakfield, [alarm], TODAY, person=world.caretaker), actor=world.lead, today=TODAY)
    browser.get("/calendar/")
    before = asked()
    for number in range(58):
        school = School.objects.create(trust=world.trust, name=f"School {number}", urn=910000 + number, phase="primary")
        site = Site.objects.create(school=school, name=f"Site {number}")
        site.buildings.create(name="Main").spaces.create(name="Hall")
        if number % 6 == 0:
            plan = world.plan(asset=world.asset(site=site, name=f"Panel {number}"))
            book(NewBooking(site, [plan], TODAY), actor=world.lead, today=TODAY)
            world.plan("emergency-lighting-monthly-test", asset=world.asset(lights, site=site))
    assert asked() == before


def test_the_hours_of_somebody_are_set_by_who_manages_them(world, browse):
    set_working_week(person=world.caretaker, minutes=600, in_holidays=True, actor=world.lead)
    assert browse(world.caretaker).post(f"/calendar/hours/{world.caretaker.pk}/", {"hours": "9"}).status_code == 403
    assert browse(world.stranger).post(f"/calendar/hours/{world.caretaker.pk}/", {"hours": "9"}).status_code == 404


def test_who_stands_in_has_the_rounds_too_and_whoever_is_away_has_them_not(world, alarm, reader):
    days = list(range(1, 8))
    make_round(
        site=world.oakfield, name="Daily", often="day", stops=[alarm.pk], actor=world.lead, days=days, person=world.caretaker
    )
    theirs, mine = new_feed(person=world.lead), new_feed(person=world.caretaker)
    first = TODAY + DAY * ((7 - TODAY.weekday()) % 7 + 7)  # a Monday to come, outside half terms or not: the test trust has none
    gone = note_absence(person=world.caretaker, first_day=first, last_day=first, actor=world.caretaker, today=TODAY)
    set_cover(absence=gone, stand_in=world.lead, actor=world.lead)
    assert [each["DTSTART"].dt for each in events(reader(theirs))] == [first]
    (daily,) = [each for each in events(reader(mine)) if "RRULE" in each]
    assert first in [each.dt for each in daily["EXDATE"].dts]


def test_what_is_booked_is_not_owed_as_well_in_the_feed(world, reader):
    alarm = world.plan(since=TODAY)
    secret = new_feed(person=world.caretaker)
    make_round(
        site=world.oakfield, name="Daily", often="day", stops=[alarm.pk], actor=world.lead, days=[1], person=world.caretaker
    )
    assert any(str(each["UID"]).startswith("owed") for each in events(reader(secret)))
    assert alarm.due_on
    book(NewBooking(world.oakfield, [alarm], alarm.due_on, person=world.caretaker), actor=world.lead, today=TODAY)
    assert not any(str(each["UID"]).startswith("owed") for each in events(reader(secret)))


def test_a_day_beyond_the_calendar_is_refused_in_words(world, alarm, browse):
    browser = browse(world.lead)
    far = browser.get("/calendar/book/", {"plan": alarm.pk, "day": "9999-12-31"})
    assert far.status_code == 400 and "within three years" in far.content.decode()
    assert browser.get("/calendar/", {"on": "2099-01-01"}).status_code == 400


def test_bookings_can_be_given_to_a_person_from_the_list(world, alarm, browse):
    book(NewBooking(world.oakfield, [alarm], TODAY, person=world.caretaker), actor=world.lead, today=TODAY)
    page = browse(world.lead).get("/calendar/", {"view": "list"}).content.decode()
    chooser = page[page.index('id="re-person"') :]
    assert f'value="{world.caretaker.pk}"' in chooser[: chooser.index("</select>")]


def test_an_address_made_twice_by_a_reload_stays_good(world, browse, reader):
    browser = browse(world.caretaker)
    session = browser.session
    session["confirmed_at"] = time.time()
    session.save()
    page = browser.post("/account/calendar/", {"act": "new"}).content.decode()
    secret = page.split("/calendar/feed/")[1].split(".ics")[0]
    browser.post("/account/calendar/", {"act": "new"})
    assert reader(secret).status_code == 200
