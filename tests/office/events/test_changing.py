"""A webhook that is there already: changed on its page and by the API; each has its turn; the doctor says what fails."""

import datetime as dt
import json
import time
from typing import Any

import pytest
from django.utils import timezone

from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, Problem
from backend.office.doctor import systems_told
from backend.office.events import deeds, delivering
from backend.office.events.kinds import KINDS
from backend.office.models import Webhook
from tests.office.events.test_delivering import later, told
from tests.office.events.test_feed import reported

API = "/api/v1/webhooks"
ELSEWHERE = "https://hooks.example.org/elsewhere"


def send(browser, path, body=None):
    return browser.post(f"{API}{path}", data=json.dumps(body or {}), content_type="application/json")


def kinds_of(webhook) -> list[str]:
    return list(AuditEntry.objects.filter(subject=f"webhook:{webhook.pk}").order_by("number").values_list("kind", flat=True))


def as_it_is(webhook) -> dict[str, Any]:
    return {"name": webhook.name, "address": webhook.address, "kinds": webhook.kinds, "sites": webhook.sites}


def test_what_it_is_told_is_changed_on_its_page(world, lead, hook):
    webhook, _ = hook(kinds=["defect.reported"], sites=[world.oakfield.pk])
    path = f"/events/{webhook.pk}/change/"
    page = lead.get(path).text
    assert 'value="Helpdesk"' in page
    assert page.count("checked") == 2
    kind = next(key for key in KINDS if key != "defect.reported")
    typed = {"name": "Service desk", "address": ELSEWHERE, "kinds": [kind], "sites": [str(world.riverside.pk)]}
    answer = lead.post(path, typed)
    assert answer.url == f"/events/{webhook.pk}/"
    held = Webhook.objects.get(pk=webhook.pk)
    assert as_it_is(held) == {**typed, "sites": [world.riverside.pk]}
    assert (held.mark, held.upto) == (webhook.mark, webhook.upto)
    assert kinds_of(webhook)[-1] == "webhook-changed"
    answer = lead.post(path, {**typed, "address": "https://10.0.0.1/"})
    assert answer.status_code == 422
    assert "private or local network" in answer.text
    assert Webhook.objects.get(pk=webhook.pk).address == ELSEWHERE


def test_changing_nothing_enters_nothing_and_two_of_one_name_cannot_be(world, hook):
    webhook, _ = hook()
    other, _ = hook(name="Dashboard")
    deeds.change_webhook(webhook=webhook, person=world.lead, **as_it_is(webhook))
    assert "webhook-changed" not in kinds_of(webhook)
    with pytest.raises(Problem, match="of this name"):
        deeds.change_webhook(webhook=webhook, person=world.lead, **{**as_it_is(webhook), "name": other.name})
    with pytest.raises(Forbidden):
        deeds.change_webhook(webhook=webhook, person=world.caretaker, **{**as_it_is(webhook), "name": "Mine"})


def test_what_was_not_taken_goes_to_the_new_address_at_once(world, hook, receiver):
    webhook, _ = hook(kinds=["defect.reported"])
    receiver.answers = [500]
    first = reported(world.lead, world.oakfield)
    delivering.deliver_now()
    delivering.deliver_now()
    assert len(receiver.got) == 1  # the next try is a minute away
    moved = {**as_it_is(webhook), "address": receiver.address + "/new"}
    deeds.change_webhook(webhook=webhook, person=world.lead, **moved)
    delivering.deliver_now()
    assert receiver.paths == ["/hook", "/hook/new"]
    assert told(receiver) == [str(first.pk)] * 2
    assert Webhook.objects.get().failing_since is None


def test_each_has_its_turn_and_a_slow_one_holds_up_no_other(world, hook, receiver, monkeypatch):
    monkeypatch.setattr(delivering, "USUAL", 1)
    hooks = [hook(name=name, kinds=["defect.reported"], address=f"{receiver.address}/{name}")[0] for name in ("a", "b", "slow")]
    for _ in range(3):
        reported(world.lead, world.oakfield)
    clock = [0.0]
    real = delivering.step

    def step(pk):
        went = real(pk)
        clock[0] += 30.0 if pk == hooks[2].pk else 0.1
        return went

    monkeypatch.setattr(delivering, "step", step)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    Webhook.objects.filter(pk=hooks[2].pk).update(served_at=timezone.now() - dt.timedelta(hours=1))
    Webhook.objects.exclude(pk=hooks[2].pk).update(served_at=timezone.now())
    delivering.deliver_now()
    paths = [each.removeprefix("/hook/") for each in receiver.paths]
    assert paths[0] == "slow"  # it had waited longest
    assert paths.count("slow") == 1
    assert paths.count("a") == paths.count("b") == 3
    assert paths[1:5] == ["a", "b", "a", "b"]


def test_who_was_not_reached_is_first_in_the_next_run(world, hook, receiver, monkeypatch):
    for name in ("a", "b"):
        hook(name=name, kinds=["defect.reported"], address=f"{receiver.address}/{name}")
    reported(world.lead, world.oakfield)
    clock = iter(range(0, 10_000, 100))  # each look at the clock is past the time that a run has
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(delivering, "BUDGET", 150)
    for _ in range(2):
        delivering.deliver_now()
    assert sorted(receiver.paths) == ["/hook/a", "/hook/b"]


def test_by_the_api_one_is_made_changed_paused_resumed_tested_and_retired(world, lead, receiver):
    answer = send(lead, "", {"name": "Helpdesk", "address": receiver.address, "kinds": ["defect.reported"]})
    assert answer.status_code == 201
    made = answer.json()
    assert made["secret"]
    assert "secret" not in lead.get(f"{API}/{made['id']}").json()
    assert [each["name"] for each in lead.get(API).json()["results"]] == ["Helpdesk"]
    changed = send(lead, f"/{made['id']}/change", {"sites": [str(world.oakfield.pk)]}).json()
    assert (changed["sites"], changed["kinds"]) == ([str(world.oakfield.pk)], ["defect.reported"])
    assert send(lead, f"/{made['id']}/pause").json()["state"] == "paused"
    assert send(lead, f"/{made['id']}/resume", {"from_now": True}).json()["state"] == "on"
    assert send(lead, f"/{made['id']}/test").status_code == 200
    assert send(lead, f"/{made['id']}/retire").status_code == 204
    assert lead.get(f"{API}/{made['id']}").status_code == 404
    assert lead.get(API).json()["count"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"address": "http://example.org/"}, "address"),
        ({"kinds": ["nothing.such"]}, "kinds"),
        ({"sites": ["01a2066d-0000-724d-a603-e2da94e72d5f"]}, "sites"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_the_api_refuses_what_cannot_be_with_its_field(world, lead, hook, body, field):
    webhook, _ = hook()
    answer = send(lead, f"/{webhook.pk}/change", body)
    assert answer.status_code == 400
    assert any(each.startswith(field) for each in answer.json()["fields"])
    assert as_it_is(Webhook.objects.get()) == as_it_is(webhook)


def test_by_the_api_too_it_is_for_who_follows_the_whole_trust(world, browse, hook):
    webhook, _ = hook()
    manager = browse(world.person("site-manager", school=world.oakfield.school))
    assert manager.get(API).status_code == 403
    assert send(manager, f"/{webhook.pk}/retire").status_code == 403
    assert send(manager, "", {"name": "Mine", "address": ELSEWHERE}).status_code == 403
    assert browse().get(API).status_code == 401


def test_the_doctor_says_when_one_has_failed_for_a_day(world, hook):
    webhook, _ = hook()
    assert systems_told(timezone.now()).level == "ok"
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=timezone.now())
    assert systems_told(timezone.now()).level == "ok"
    with later(hours=25):
        found = systems_told(timezone.now())
        assert found.level == "warning"
        assert "Helpdesk" in found.says
        deeds.pause(webhook=webhook, person=world.lead)
        assert systems_told(timezone.now()).level == "ok"
    delivering.switch_off(deeds.resume(webhook=webhook, person=world.lead), "It answered that it is there no more (410).")
    assert systems_told(timezone.now()).level == "warning"
