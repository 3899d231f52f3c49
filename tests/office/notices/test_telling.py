"""People are told once, at the right time, by the right step, and nobody of what is not theirs."""

import datetime as dt
from collections import Counter

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from backend.checks.actions.rounds import set_cover
from backend.checks.models import Plan
from backend.core.days import today
from backend.hr.actions import note_absence
from backend.office.models import Letter, Notice, NoticeChoice, TakenOn
from backend.office.notices import answering
from backend.office.notices.over import mark_over
from backend.office.notices.post import post_letters
from backend.office.notices.quiet import quiet_sites
from backend.office.notices.running import tell, tell_now
from backend.trust.models import Appointment, Site
from tests.office.conftest import done
from tests.office.notices.conftest import at, defect, order, run, working_day


def late_plan(world, days: int, **more) -> Plan:
    """A life-safety check at Oakfield that has been overdue for so many days on the next working day."""
    plan: Plan = world.plan(**more)
    overdue = working_day() - dt.timedelta(days=days - 1)
    Plan.objects.filter(pk=plan.pk).update(due_on=overdue - dt.timedelta(days=1), overdue_from=overdue, soon_from=overdue)
    plan.check_type.weight = 5
    plan.check_type.save(update_fields=["weight"])
    return plan


def told(**about) -> set[str]:
    return set(Notice.objects.filter(**about).values_list("person__email", flat=True))


def test_the_daily_letter_answers_first_and_leads_to_each_thing(staffed, mailoutbox):
    plan = late_plan(staffed, 2)
    run(working_day())
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    letters = [each for each in mailoutbox if each.to == [manager.email]]
    assert letters
    body = "".join(each.body for each in letters)
    assert f"/plans/{plan.pk}/" in body
    assert all(each.alternatives[0].mimetype == "text/html" for each in letters)


def test_a_second_run_of_a_day_tells_nobody_anything(staffed, mailoutbox):
    late_plan(staffed, 8)
    defect(staffed, unsafe=True)
    order(staffed, staffed.caretaker)
    run(working_day())
    before, sent = Notice.objects.count(), len(mailoutbox)
    assert sent
    run(working_day())
    run(working_day(), hour=15)
    assert (Notice.objects.count(), len(mailoutbox)) == (before, sent)


def test_nobody_is_told_twice_of_one_thing_on_any_day_of_a_week(staffed, mailoutbox):
    late_plan(staffed, 1)
    order(staffed, staffed.caretaker, target_on=working_day(2))
    defect(staffed, unsafe=True)
    for ahead in (1, 2, 3, 5, 8):
        for hour in (6, 9):
            run(today() + dt.timedelta(days=ahead), hour)
    times = Counter(Notice.objects.values_list("person", "key", "day"))
    assert set(times.values()) == {1}
    listed = Counter((each.to[0], each.date if hasattr(each, "date") else each.subject, each.body) for each in mailoutbox)
    assert set(listed.values()) == {1}


@pytest.mark.parametrize(
    ("days", "roles"),
    [
        (1, {"site-manager"}),
        (2, {"site-manager"}),
        (3, {"site-manager", "sbm"}),
        (7, {"site-manager", "sbm", "estates-lead"}),
        (14, {"site-manager", "sbm", "estates-lead", "headteacher", "cfo"}),
    ],
)
def test_an_overdue_check_climbs_step_by_step(staffed, days, roles):
    plan = late_plan(staffed, days)
    tell(at(working_day()))
    rows = Notice.objects.filter(sort="step", key__startswith=f"plan:{plan.pk}")
    assert {each.person.appointments.get().role for each in rows} == roles


def test_a_step_that_nobody_holds_goes_to_the_next_above(world):
    school = world.oakfield.school
    sbm = world.person("sbm", school=school)
    late_plan(world, 1)
    tell(at(working_day()))
    assert told(sort="step") == {sbm.email}


def test_steps_stop_when_it_is_done(staffed):
    plan = late_plan(staffed, 2)
    tell(at(working_day()))
    before = Notice.objects.filter(sort="step").count()
    done(plan, staffed.caretaker)
    tell(at(working_day(14)))
    later = Notice.objects.filter(sort="step", day__gt=working_day(), key__startswith=f"plan:{plan.pk}:{plan.due_on}")
    assert before
    assert not later.filter(key__in=Notice.objects.filter(day=working_day()).values("key")).exists()


def test_who_has_seen_it_holds_the_next_step_back_until_their_day(staffed):
    plan = late_plan(staffed, 2)
    tell(at(working_day()))
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    key = Notice.objects.filter(sort="step", person=manager).get().key
    until = min(working_day() + dt.timedelta(days=3), today() + dt.timedelta(days=7))
    answering.take_on(person=manager, key=key, act="seen", until=until, today=today())
    tell(at(working_day((until - today()).days)) if working_day((until - today()).days) == until else at(until))
    assert told(sort="step", key=key) == {manager.email}
    tell(at(working_day((until - today()).days + 1)))
    sbm = staffed.person("sbm", school=staffed.oakfield.school)
    assert sbm.email in told(sort="step", key=key)
    assert str(plan.pk) in key


def test_on_a_closed_day_only_what_is_unsafe_is_told(staffed, closed, mailoutbox):
    late_plan(staffed, 30)
    order(staffed, staffed.caretaker, target_on=closed)
    run(closed)
    assert not mailoutbox
    problem = defect(staffed, unsafe=True)
    run(closed)
    assert mailoutbox
    assert {each.key for each in Notice.objects.exclude(letter=None)} == {f"defect:{problem.pk}:unsafe"}


def test_what_is_unsafe_goes_out_at_night_and_other_things_wait_for_the_morning(staffed, mailoutbox):
    order(staffed, staffed.caretaker)
    defect(staffed, unsafe=True)
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    run(working_day(), hour=3)
    assert {each.to[0] for each in mailoutbox} >= {manager.email}
    assert staffed.caretaker.email not in {each.to[0] for each in mailoutbox}
    run(working_day(), hour=9)
    assert staffed.caretaker.email in {each.to[0] for each in mailoutbox}


def test_what_is_put_off_comes_back_on_its_day(staffed, mailoutbox):
    order(staffed, staffed.caretaker)
    start = working_day()
    run(start)
    key = Notice.objects.filter(person=staffed.caretaker, key__startswith="work:").get().key
    until = working_day(4)
    answering.take_on(person=staffed.caretaker, key=key, act="later", until=until, today=today())
    run(until - dt.timedelta(days=1))
    assert not Notice.objects.filter(person=staffed.caretaker, key=key, day__gt=start, day__lt=until).exists()
    run(until)
    assert Notice.objects.filter(person=staffed.caretaker, key=key, day=until).exists()


def test_somebody_who_has_left_gets_nothing_not_even_what_was_written_before(staffed, mailoutbox):
    defect(staffed, unsafe=True)
    late_plan(staffed, 20)
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    tell(at(working_day()))
    assert Letter.objects.filter(person=manager, state="waiting").exists()
    Appointment.objects.filter(person=manager).update(ends_on=today() - dt.timedelta(days=1))
    post_letters(at(working_day()))
    run(working_day(1))
    assert manager.email not in {each.to[0] for each in mailoutbox}
    assert not Letter.objects.filter(person=manager, state="sent").exists()


def test_people_are_told_of_their_own_places_only(staffed):
    late_plan(staffed, 20)
    defect(staffed, unsafe=True)
    other = staffed.person("site-manager", school=staffed.riverside.school)
    run(working_day())
    assert not Notice.objects.filter(person=other, site=staffed.oakfield).exists()
    assert Notice.objects.filter(site=staffed.oakfield).exists()


def test_a_quiet_site_is_an_alarm_and_a_record_ends_it(staffed):
    plan = staffed.plan(since=today() - dt.timedelta(days=60))
    sites = Site.objects.filter(pk__in=(staffed.oakfield.pk, staffed.riverside.pk))
    assert [each.name for each in quiet_sites(sites, today())] == ["Oakfield site"]
    tell(at(working_day()))
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    assert {manager.email, staffed.lead.email} == told(sort="quiet")
    done(plan, staffed.caretaker)
    assert quiet_sites(sites, today()) == []


def test_mail_that_fails_is_tried_again_and_said_on_the_status_page(staffed, settings):
    order(staffed, staffed.caretaker)
    settings.NOTICES_ON = True
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    now = at(working_day())
    tell(now)
    assert post_letters(now)[0] == 0
    letter = Letter.objects.filter(person=staffed.caretaker).exclude(state="nothing").first()
    assert letter
    assert (letter.state, letter.tries) == ("waiting", 1)
    assert post_letters(now + dt.timedelta(minutes=1)) == (0, 0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert post_letters(now + dt.timedelta(minutes=6))[0] >= 1
    assert [each for each in mail.outbox if each.to == [staffed.caretaker.email]]


def test_a_kind_is_switched_off_and_safety_is_not(staffed, mailoutbox):
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    NoticeChoice.objects.create(person=manager, digest=False, without=["step", "work", "quiet", "deadline"])
    defect(staffed, target_on=today() - dt.timedelta(days=9))
    run(working_day())
    assert manager.email not in {each.to[0] for each in mailoutbox}
    defect(staffed, unsafe=True)
    run(working_day())
    sent = [each for each in mailoutbox if each.to == [manager.email]]
    assert len(sent) == 1
    assert "List-Unsubscribe" not in sent[0].extra_headers


def test_the_dry_run_says_who_would_be_told_what_and_keeps_nothing(staffed, capsys):
    late_plan(staffed, 4)
    call_command("notices", "send", "--dry-run", "--on", str(working_day()))
    said = capsys.readouterr().out
    assert "Site manager of Oakfield" in said
    assert "Nobody had acted, step 1" in said
    assert not Notice.objects.exists()
    assert not Letter.objects.exists()


def test_in_the_demo_nobody_is_written_to(staffed, settings, mailoutbox):
    defect(staffed, unsafe=True)
    settings.NOTICES_ON = False
    assert tell_now() == "switched off here"
    assert not mailoutbox
    assert not Notice.objects.exists()


def test_an_answer_is_refused_for_what_is_not_ones_own(staffed):
    late_plan(staffed, 2)
    tell(at(working_day()))
    told = Notice.objects.filter(sort="step").first()
    assert told
    key = told.key
    other = staffed.person("site-manager", school=staffed.riverside.school)
    with pytest.raises(Exception, match="notice"):
        answering.take_on(person=other, key=key, act="seen", until=today() + dt.timedelta(days=1), today=today())
    assert not TakenOn.objects.exists()


def test_telling_asks_no_more_when_there_is_more_to_tell(staffed, django_assert_max_num_queries):
    late_plan(staffed, 20)
    NoticeChoice.objects.bulk_create(
        NoticeChoice(person=each, digest=False) for each in {one.person for one in Appointment.objects.all()}
    )
    with django_assert_max_num_queries(60) as first:
        tell(at(working_day(), 10))
    for _ in range(6):
        late_plan(staffed, 20)
        defect(staffed, unsafe=True, reported_at=timezone.now() - dt.timedelta(days=9))
    with django_assert_max_num_queries(len(first) + 4):
        tell(at(working_day(), 11))


def test_several_of_one_check_are_one_line_of_a_letter_and_one_row_of_what_waits(staffed, client, mailoutbox):
    plans = [late_plan(staffed, 2, asset=asset) for asset in (staffed.asset(), staffed.asset(name="Second panel"))]
    run(working_day())
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    body = next(each.body for each in mailoutbox if each.to == [manager.email])
    whole = f"/plans/?check={plans[0].check_type_id}&site={staffed.oakfield.pk}&due_by={working_day()}"
    assert body.count(whole) == 1
    assert f"{plans[0].check_type.title}, {staffed.oakfield}: 2, the oldest owed 2 days ago" in body
    assert not any(f"/plans/{plan.pk}/" in body for plan in plans)
    assert Notice.objects.filter(person=manager, together_path=whole).count() == 2
    client.force_login(staffed.caretaker)
    page = client.get("/waiting/").content.decode()
    assert page.count(f'<a href="{whole.replace("&", "&amp;")}">') == 1
    assert all(f"/plans/{plan.pk}/" in page for plan in plans)
    listed = client.get(whole)
    assert listed.status_code == 200 and all(f"/plans/{plan.pk}/" in listed.text for plan in plans)


def away_with(world, person, stand_in=None) -> None:
    absence = note_absence(person=person, first_day=today(), last_day=working_day(5), actor=person, today=today())
    if stand_in:
        set_cover(absence=absence, stand_in=stand_in, site=world.oakfield, actor=world.lead)


def test_who_stands_in_hears_for_who_is_away_and_else_the_next_above(staffed):
    late_plan(staffed, 1)
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    sbm = staffed.person("sbm", school=staffed.oakfield.school)
    away_with(staffed, manager)
    tell(at(working_day()))
    assert told(sort="step") == {manager.email, sbm.email}


def test_work_given_to_who_is_away_is_told_to_who_stands_in(staffed):
    other = staffed.person("caretaker", site=staffed.oakfield)
    away_with(staffed, staffed.caretaker, other)
    order(staffed, staffed.caretaker)
    tell(at(working_day()))
    rows = Notice.objects.filter(kind="work")
    assert {each.person for each in rows} == {other}
    assert "for whom you stand in: Mend the railing" in rows.get().words


def test_a_notice_whose_cause_is_gone_asks_nothing_any_more(staffed):
    plan, problem, work = late_plan(staffed, 8), defect(staffed, unsafe=True), order(staffed, staffed.caretaker)
    day = working_day()
    run(day)
    told = Notice.objects.exclude(sort="digest").exclude(sort="quiet")
    assert {key.partition(":")[0] for key in told.values_list("key", flat=True)} == {"plan", "defect", "work"}
    assert mark_over(at(day)) == 0
    Plan.objects.filter(pk=plan.pk).update(due_on=day + dt.timedelta(days=7))
    problem.status = "closed"
    problem.closed_at = timezone.now()
    problem.save(update_fields=["status", "closed_at"])
    work.status = "done"
    work.save(update_fields=["status"])
    number = told.count()
    assert mark_over(at(day)) == number
    assert not told.filter(over=False).exists()
