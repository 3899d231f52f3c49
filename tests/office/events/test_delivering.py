"""Webhooks: sent in order, until taken, under a signature; switched off with words; nothing lost."""

import datetime as dt
import hashlib
import hmac
import json

import pytest
import time_machine
from django.utils import timezone

from backend.core.agenda import waiting_for
from backend.core.days import today
from backend.core.invariants import all_invariants
from backend.core.problems import Forbidden, Problem
from backend.office.events import deeds, delivering, secrets
from backend.office.models import Delivery, Webhook
from backend.trust.models import Appointment
from tests.office.events.test_feed import reported

HOUR = dt.timedelta(hours=1)


def bodies(receiver):
    return [json.loads(body) for _, body in receiver.got]


def told(receiver, *statuses):
    """The ids of what the events were about, as received."""
    return [each["subject"]["id"] for body in bodies(receiver) for each in body["events"]]


def later(**by):
    return time_machine.travel(timezone.now() + dt.timedelta(**by), tick=True)


def test_what_happens_is_sent_once_signed_as_the_help_says(world, hook, receiver):
    webhook, secret = hook(kinds=["defect.reported"])
    defect = reported(world.lead, world.oakfield)
    delivering.deliver_now()
    delivering.deliver_now()
    ((headers, body),) = receiver.got
    assert told(receiver) == [str(defect.pk)]
    signed = hmac.new(secret.encode(), headers["Siteward-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Siteward-Signature"] == f"v1={signed}"
    assert headers["Siteward-Delivery"] == json.loads(body)["delivery"] == str(webhook.deliveries.get().pk)
    assert abs(int(headers["Siteward-Timestamp"]) - timezone.now().timestamp()) < 30
    assert b"broken door" not in body.lower()


def test_nothing_from_before_it_was_made_and_only_what_it_wants_is_sent(world, hook, receiver):
    reported(world.lead, world.oakfield)
    hook(kinds=["defect.reported"], sites=[world.riverside.pk])
    reported(world.lead, world.oakfield)
    world.plan()
    wanted = reported(world.lead, world.riverside)
    delivering.deliver_now()
    assert told(receiver) == [str(wanted.pk)]


def test_what_is_not_taken_is_sent_again_under_the_same_id_and_what_comes_after_waits(world, hook, receiver):
    webhook, _ = hook(kinds=["defect.reported"])
    first = reported(world.lead, world.oakfield)
    receiver.answers = [500, 0]
    delivering.deliver_now()
    second = reported(world.lead, world.oakfield)
    delivering.deliver_now()
    assert len(receiver.got) == 1, "not before its time"
    with later(hours=2):
        delivering.deliver_now()
    with later(hours=9):
        delivering.deliver_now()
    ids = [body["delivery"] for body in bodies(receiver)]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert told(receiver) == [str(first.pk)] * 3 + [str(second.pk)]
    assert [each.tries for each in webhook.deliveries.order_by("made_at")] == [3, 1]
    assert set(webhook.deliveries.values_list("state", flat=True)) == {"taken"}


def test_a_worker_that_was_killed_while_sending_leaves_what_is_sent_again(world, hook, receiver, monkeypatch):
    webhook, _ = hook(kinds=["defect.reported"])
    defect = reported(world.lead, world.oakfield)
    held = delivering.take(webhook.pk)
    assert held
    delivery = delivering.next_delivery(held)
    assert delivery
    assert delivering.take(webhook.pk) is None, "another worker leaves it alone"
    monkeypatch.setattr(delivering, "keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        delivering.send(held, delivery)
    monkeypatch.undo()
    delivering.deliver_now()
    assert len(receiver.got) == 1, "while it is taken nobody else sends"
    with later(minutes=3):
        delivering.deliver_now()
    assert told(receiver) == [str(defect.pk)] * 2
    assert len({body["delivery"] for body in bodies(receiver)}) == 1


def test_long_lists_go_in_several_deliveries_in_order(world, hook, receiver, monkeypatch):
    hook(kinds=["defect.reported"])
    monkeypatch.setattr(delivering, "USUAL", 4)
    made = [str(reported(world.lead, world.oakfield).pk) for _ in range(10)]
    delivering.deliver_now()
    assert told(receiver) == made
    assert [len(body["events"]) for body in bodies(receiver)] == [4, 4, 2]


def test_after_three_days_of_failing_it_is_switched_off_which_waits_for_whoever_follows_and_loses_nothing(world, hook, receiver):
    webhook, _ = hook(kinds=["defect.reported"])
    made = [str(reported(world.lead, world.oakfield).pk)]
    receiver.answers = [503] * 50
    for hours in range(0, 90, 3):
        with later(hours=hours):
            delivering.deliver_now()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.why) == ("off", "Nothing was taken for 3 days. It answered 503.")
    assert len(receiver.got) < 30
    words = [each.words for each in waiting_for(world.lead, today()) if each.kind == "webhook"]
    assert words == ["“Helpdesk” is told nothing any more: its webhook was switched off"]
    assert not [each for each in waiting_for(world.caretaker, today()) if each.kind == "webhook"]
    made.append(str(reported(world.lead, world.oakfield).pk))
    receiver.answers, receiver.got = [], []
    deeds.resume(webhook=webhook, person=world.lead)
    delivering.deliver_now()
    assert told(receiver) == made


def test_gone_switches_it_off_at_once(world, hook, receiver):
    webhook, _ = hook()
    reported(world.lead, world.oakfield)
    receiver.answers = [410]
    delivering.deliver_now()
    webhook.refresh_from_db()
    assert webhook.state == "off"


def test_paused_it_is_sent_nothing_but_a_test_and_goes_on_from_where_it_stopped_or_from_now(world, hook, receiver):
    webhook, _ = hook(kinds=["defect.reported"])
    deeds.pause(webhook=webhook, person=world.lead)
    first = reported(world.lead, world.oakfield)
    deeds.test(webhook=webhook, person=world.lead)
    delivering.deliver_now()
    assert [(body["test"], body["events"]) for body in bodies(receiver)] == [(True, [])]
    deeds.resume(webhook=webhook, person=world.lead)
    delivering.deliver_now()
    assert told(receiver) == [str(first.pk)]
    deeds.pause(webhook=webhook, person=world.lead)
    reported(world.lead, world.oakfield)
    deeds.resume(webhook=webhook, person=world.lead, from_now=True)
    last = reported(world.lead, world.oakfield)
    delivering.deliver_now()
    assert told(receiver) == [str(first.pk), str(last.pk)]


def test_sent_again_it_tells_the_same_events_under_a_new_id(world, hook, receiver):
    webhook, _ = hook(kinds=["defect.reported"])
    reported(world.lead, world.oakfield)
    delivering.deliver_now()
    deeds.send_again(delivery=webhook.deliveries.get(), person=world.lead)
    reported(world.lead, world.oakfield)
    delivering.deliver_now()
    again, first = bodies(receiver)[1], bodies(receiver)[0]
    assert again["events"] == first["events"]
    assert again["delivery"] != first["delivery"]


def test_who_no_longer_follows_ends_it_until_somebody_who_does_takes_it_over(world, hook, receiver):
    webhook, _ = hook(kinds=["defect.reported"])
    Appointment.objects.filter(person=world.lead).update(ends_on=today() - dt.timedelta(days=1))
    made = reported(world.person("site-manager"), world.oakfield)
    delivering.deliver_now()
    webhook.refresh_from_db()
    assert (webhook.state, receiver.got) == ("off", [])
    other = world.person("estates-lead", school=world.oakfield.school)
    with pytest.raises(Forbidden):
        deeds.resume(webhook=webhook, person=other)
    Appointment.objects.create(person=other, role="estates-lead", starts_on=today())
    other = type(other).objects.get(pk=other.pk)
    deeds.resume(webhook=webhook, person=other)
    delivering.deliver_now()
    assert told(receiver) == [str(made.pk)]


def test_a_new_secret_signs_from_then_on_and_another_server_key_is_noticed(world, hook, receiver, settings):
    webhook, old = hook(kinds=["defect.reported"])
    new = deeds.renew(webhook=webhook, person=world.lead)
    webhook.refresh_from_db()
    assert secrets.secret_of(webhook) == new != old
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    assert secrets.secret_of(webhook) == new
    settings.SECRET_KEY_FALLBACKS = []
    reported(world.lead, world.oakfield)
    delivering.deliver_now()
    webhook.refresh_from_db()
    assert (webhook.state, receiver.got) == ("off", [])
    assert "key was changed" in webhook.why


def test_a_database_put_back_from_a_backup_sends_nothing_until_somebody_says_from_where(world, hook, receiver):
    webhook, _ = hook()
    Webhook.objects.filter(pk=webhook.pk).update(upto=10**9, upto_hash="a" * 64)
    delivering.deliver_now()
    webhook.refresh_from_db()
    assert "backup" in webhook.why


def test_removed_it_is_sent_nothing_and_stays_only_as_what_was(world, hook, receiver):
    webhook, _ = hook()
    reported(world.lead, world.oakfield)
    deeds.remove(webhook=webhook, person=world.lead)
    delivering.deliver_now()
    assert receiver.got == []
    assert not Delivery.objects.exists()
    assert Webhook.objects.get().state == "removed"
    again, _ = hook()
    assert again.name == "Helpdesk"


def test_all_that_people_and_the_job_do_with_it_stands_in_the_chain(world, hook, receiver):
    webhook, _ = hook()
    for act in (deeds.pause, deeds.resume, deeds.renew):
        act(webhook=webhook, person=world.lead)
    receiver.answers = [410]
    reported(world.lead, world.oakfield)
    delivering.deliver_now()
    deeds.remove(webhook=webhook, person=world.lead)
    faults = [fault for each in all_invariants() for fault in each.faults(lambda _count: None)]
    assert not [fault for fault in faults if "webhook" in fault]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"kinds": ["defect.danced"]}, "kinds"),
        ({"address": "https://10.0.0.1/"}, "address"),
        ({"address": "ftp://example.org/"}, "address"),
        ({"sites": ["00000000-0000-0000-0000-000000000000"]}, "sites"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(world, hook, typed, field):
    with pytest.raises(Problem) as refused:
        hook(**typed)
    assert list(refused.value.fields) == [field]
    assert not Webhook.objects.exists()


def test_two_of_one_name_cannot_be(world, hook):
    hook()
    with pytest.raises(Problem) as refused:
        hook()
    assert refused.value.status == 409


def test_what_was_sent_is_forgotten_after_a_month_but_never_what_waits(world, hook, receiver):
    webhook, _ = hook(kinds=["defect.reported"])
    reported(world.lead, world.oakfield)
    delivering.deliver_now()
    receiver.answers = [500]
    reported(world.lead, world.oakfield)
    delivering.deliver_now()
    Webhook.objects.update(state="paused")
    with later(days=40):
        delivering.deliver_now()
    assert list(webhook.deliveries.values_list("state", flat=True)) == ["waiting"]


def test_what_a_delivery_told_can_be_looked_into(world, hook, receiver, browse):
    webhook, _ = hook(kinds=["defect.reported"])
    defect = reported(world.lead, world.oakfield)
    delivering.deliver_now()
    browser = browse(world.lead)
    path = f"/events/{webhook.pk}/"
    told = browser.get(path).content.decode()
    link = f"?delivery={webhook.deliveries.get().pk}"
    assert link in told
    inside = browser.get(path + link).content.decode()
    assert f"/problems/{defect.pk}/" in inside and "A problem was reported" in inside
    assert browser.get(path + "?delivery=nonsense").status_code == 404
