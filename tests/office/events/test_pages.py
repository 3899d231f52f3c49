"""The pages of other systems: made, looked at, tested, paused, taken over and removed by who follows the whole trust."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.office.events import delivering, secrets
from backend.office.models import Webhook
from tests.office.events.test_feed import reported


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_system_is_let_follow_in_one_form_and_its_secret_is_shown_once(world, lead, receiver):
    typed = {"name": "Helpdesk", "address": receiver.address, "kinds": ["defect.reported"], "sites": [str(world.oakfield.pk)]}
    page = lead.post("/events/new/", typed)
    secret = re.search(r"whsec_[0-9a-f]{64}", page.content.decode())
    webhook = Webhook.objects.get()
    assert secret
    assert "no-store" in page["Cache-Control"]
    assert "whsec_" not in text(lead.get(f"/events/{webhook.pk}/"))
    assert (webhook.kinds, webhook.sites) == (["defect.reported"], [world.oakfield.pk])
    assert "A problem was reported" in text(lead.get(f"/events/{webhook.pk}/"))


def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(world, lead):
    page = lead.post("/events/new/", {"name": "Mine", "address": "https://169.254.169.254/", "kinds": ["asset.added"]})
    assert page.status_code == 422
    assert "private or local network" in text(page)
    assert 'value="Mine"' in text(page)
    assert re.search(r'value="asset.added"\s+checked', page.content.decode())
    assert not Webhook.objects.exists()


def test_who_signed_in_long_ago_shows_first_that_it_is_them(world, browse, hook):
    webhook, _ = hook()
    browser = browse(world.lead)
    assert browser.get("/events/new/")["Location"] == "/sign-in/again/?next=%2Fevents%2Fnew%2F"
    answer = browser.post(f"/events/{webhook.pk}/secret/")
    assert answer["Location"] == f"/sign-in/again/?next=%2Fevents%2F{webhook.pk}%2F"
    assert secrets.secret_of(Webhook.objects.get()) == secrets.secret_of(webhook)


def test_a_new_secret_is_shown_once(world, lead, hook):
    webhook, old = hook()
    page = text(lead.post(f"/events/{webhook.pk}/secret/"))
    new = secrets.secret_of(Webhook.objects.get())
    assert new != old
    assert new and new in page


def test_a_test_is_sent_and_shown_with_how_it_ended(world, lead, hook, receiver):
    webhook, _ = hook()
    receiver.answers = [404]
    page = lead.post(f"/events/{webhook.pk}/do/", {"act": "test"}, follow=True)
    assert "To be sent" in text(page)
    assert page["Refresh"] == "3"
    delivering.deliver_now()
    page = lead.get(f"/events/{webhook.pk}/")
    assert "It answered 404." in text(page)
    assert "Refresh" not in page


def test_it_is_paused_resumed_and_removed_by_buttons(world, lead, hook, receiver):
    webhook, _ = hook()
    address = f"/events/{webhook.pk}/do/"
    assert "told nothing for now" in text(lead.post(address, {"act": "pause"}, follow=True))
    assert "is told what happens" in text(lead.post(address, {"act": "resume"}, follow=True))
    assert "No other system" in text(lead.post(address, {"act": "remove"}, follow=True))
    assert lead.get(f"/events/{webhook.pk}/").status_code == 404
    assert lead.post(address, {"act": "pause"}).status_code == 404
    assert lead.post(address, {"act": "dance"}).status_code == 404


def test_a_delivery_is_sent_again_by_its_button_and_one_of_another_webhook_is_not_found(world, lead, hook, receiver):
    webhook, _ = hook()
    other, _ = hook(name="Another")
    reported(world.lead, world.oakfield)
    delivering.deliver_now()
    mine = webhook.deliveries.get()
    assert lead.post(f"/events/{other.pk}/again/{mine.pk}/").status_code == 404
    lead.post(f"/events/{webhook.pk}/again/{mine.pk}/")
    delivering.deliver_now()
    assert len(receiver.got) == 3


def test_the_page_costs_the_same_for_a_long_list(world, lead, hook, receiver):
    webhook, _ = hook()
    counts = []
    lead.get(f"/events/{webhook.pk}/")
    for number in (1, 20):
        for _ in range(number):
            reported(world.lead, world.oakfield)
            delivering.deliver_now()
        with CaptureQueriesContext(connection) as asked:
            assert "Taken" in text(lead.get(f"/events/{webhook.pk}/"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_does_not_follow_the_whole_trust_has_no_part_in_it(world, browse, hook, receiver):
    hook()
    for person in (world.caretaker, world.person("site-manager"), world.person("estates-lead", school=world.oakfield.school)):
        assert browse(person).get("/events/").status_code == 403
        assert "/events/" not in text(browse(person).get("/"))
    assert "/events/" in text(browse(world.lead).get("/"))
