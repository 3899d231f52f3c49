"""The job that sends webhooks what happened: each in order, one delivery after the other, again until it is taken.

A worker takes a webhook for a short time by a row; the sending itself holds no transaction. Whoever is killed in between leaves a
delivery that waits: it is sent again under the same id. So everything is sent at least once.
"""

import datetime as dt
import json
import time
import uuid
from collections import deque
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from backend.core import audit, outgoing
from backend.core.days import london_date
from backend.office.events import cursors, secrets
from backend.office.events.feed import USUAL, Event, Wanted, follow
from backend.office.evidence import WEBHOOKS
from backend.office.models import Delivery, Webhook
from backend.trust import letters, permits
from backend.trust.scope import reach

TAKEN: Final = dt.timedelta(seconds=90)  # longer than one delivery can last
BUDGET: Final = 40.0  # seconds of a run in which deliveries are begun
SHARE: Final = 5.0  # of them for one webhook, then it waits for the next run: a slow receiver holds up no other
PAGES: Final = 200  # of events that are looked through for one delivery
FIRST_WAIT: Final = dt.timedelta(minutes=1)
LONGEST_WAIT: Final = dt.timedelta(hours=6)
GIVES_UP: Final = dt.timedelta(days=3)
KEPT: Final = dt.timedelta(days=30)
GONE: Final = 410
BY: Final = "Webhooks"


def deliver_now() -> str:
    """Send what is to be sent; in words, how much that was. May run twice, also at once.

    Each webhook has a turn, one delivery long, the one served longest ago first; then those that took it have another.
    """
    now, begun = timezone.now(), time.monotonic()
    Delivery.objects.filter(made_at__lt=now - KEPT).exclude(state=Delivery.State.WAITING).delete()
    told = failed = 0
    rows = Webhook.objects.exclude(state=Webhook.State.REMOVED).order_by(F("served_at").asc(nulls_first=True), "pk")
    turns = deque((pk, 0.0) for pk in rows.values_list("pk", flat=True))
    while turns and time.monotonic() - begun < BUDGET:
        pk, spent = turns.popleft()
        since = time.monotonic()
        went = step(pk)
        told, failed, spent = told + (went is True), failed + (went is False), spent + time.monotonic() - since
        if went and spent < SHARE:
            turns.append((pk, spent))
    return f"{told} deliveries taken, {failed} to be tried again"


def step(pk: uuid.UUID) -> bool | None:
    """Send a webhook its next delivery: whether it was taken; None when none is due, or another worker has it."""
    webhook = take(pk)
    if webhook is None:
        return None
    try:
        delivery = next_delivery(webhook)
        return None if delivery is None else send(webhook, delivery)
    finally:
        Webhook.objects.filter(pk=pk).update(taken_until=None, served_at=timezone.now())


@transaction.atomic
def take(pk: uuid.UUID) -> Webhook | None:
    """Take a webhook for a while; None when another worker has it."""
    now = timezone.now()
    free = Q(taken_until=None) | Q(taken_until__lt=now)
    if not Webhook.objects.filter(free, pk=pk).exclude(state=Webhook.State.REMOVED).update(taken_until=now + TAKEN):
        return None
    return Webhook.objects.select_related("made_by").get(pk=pk)


def next_delivery(webhook: Webhook) -> Delivery | None:
    """What is to be sent next: what was asked for by hand, then the events in their order; None when nothing is due."""
    now = timezone.now()
    waiting = webhook.deliveries.filter(state=Delivery.State.WAITING)
    by_hand = waiting.exclude(sort=Delivery.Sort.EVENTS).filter(next_try_at__lte=now).order_by("made_at", "pk").first()
    if by_hand is not None or webhook.state != Webhook.State.ON:
        return by_hand
    if why := stopped(webhook):
        switch_off(webhook, why)
        return None
    begun = waiting.filter(sort=Delivery.Sort.EVENTS).first()
    if begun is not None:
        return begun if begun.next_try_at is None or begun.next_try_at <= now else None
    return put_together(webhook, now)


def stopped(webhook: Webhook) -> str:
    """Why a webhook may not go on by itself; "" when it may."""
    person = webhook.made_by
    if not person.has_access(london_date(timezone.now())) or not reach(person, permits.EVENTS_FOLLOW).everywhere:
        return "Whoever looked after it no longer follows the whole trust. Somebody who does can let it go on."
    if secrets.secret_of(webhook) is None:
        return "The server's key was changed, so its secret is another. Make a new secret, and let it go on."
    if cursors.hash_of(webhook.upto) != webhook.upto_hash:
        return "The database was put back from a backup. Compare what was received, and let it go on from now."
    return ""


def put_together(webhook: Webhook, now: dt.datetime) -> Delivery | None:
    """Make the next delivery of events, and note how far that goes; None when nothing happened that it wants."""
    for _ in range(PAGES):
        page = follow(webhook.made_by, webhook.upto, wanted_by(webhook), most=USUAL)
        if page.number == webhook.upto:
            return None
        before, webhook.upto, webhook.upto_hash = webhook.upto, page.number, page.hash
        with transaction.atomic():
            webhook.save(update_fields=["upto", "upto_hash"])
            if page.events:
                place = {"after": before, "upto": page.number, "events": len(page.events)}
                return Delivery.objects.create(webhook=webhook, made_at=now, next_try_at=now, **place)
        if not page.more:
            return None
    return None


def wanted_by(webhook: Webhook) -> Wanted:
    """What a webhook is to be told."""
    return Wanted(frozenset(webhook.kinds), frozenset(webhook.sites))


def events_in(webhook: Webhook, delivery: Delivery) -> list[Event]:
    """The events of a delivery, as far as its webhook may know of them now."""
    if delivery.sort == Delivery.Sort.TEST:
        return []
    found, after, more = list[Event](), delivery.after, True
    while more:
        page = follow(webhook.made_by, after, wanted_by(webhook), most=USUAL, upto=delivery.upto)
        found, after, more = found + page.events, page.number, page.more
    return found


def written(webhook: Webhook, delivery: Delivery) -> bytes:
    """The body of a delivery."""
    address = letters.address().rstrip("/")
    body: dict[str, Any] = {
        "delivery": str(delivery.pk),
        "webhook": str(webhook.pk),
        "test": delivery.sort == Delivery.Sort.TEST,
        "events": [each.told(address) for each in events_in(webhook, delivery)],
    }
    return json.dumps(body, separators=(",", ":")).encode()


def send(webhook: Webhook, delivery: Delivery) -> bool:
    """Send a delivery and keep how that ended: whether it was taken."""
    secret = secrets.secret_of(webhook)
    if secret is None:
        answer = outgoing.Answer(None, "The server's key was changed. Make a new secret.", 0)
    else:
        body, timestamp = written(webhook, delivery), int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Siteward/{settings.SITEWARD_VERSION}",
            "Siteward-Webhook": str(webhook.pk),
            "Siteward-Delivery": str(delivery.pk),
            "Siteward-Timestamp": str(timestamp),
            "Siteward-Signature": secrets.signature(secret, timestamp, body),
        }
        answer = outgoing.post(webhook.address, body, headers)
    keep(webhook, delivery, answer, timezone.now())
    return answer.taken


@transaction.atomic
def keep(webhook: Webhook, delivery: Delivery, answer: outgoing.Answer, now: dt.datetime) -> None:
    """Note on a delivery how it went and when it is tried again; switch the webhook off after days of failing."""
    held = Delivery.objects.select_for_update().filter(pk=delivery.pk).first()
    if held is None:  # its webhook was removed meanwhile
        return
    held.tries, held.tried_at = held.tries + 1, now
    held.status, held.wrong, held.took_ms = answer.status, answer.wrong, answer.took_ms
    held.next_try_at = None
    if answer.taken:
        held.state = Delivery.State.TAKEN
    elif held.sort != Delivery.Sort.EVENTS:
        held.state = Delivery.State.FAILED
    elif held.state == Delivery.State.WAITING:
        held.next_try_at = now + min(FIRST_WAIT * 2 ** min(held.tries - 1, 12), LONGEST_WAIT)
    held.save()
    if held.sort == Delivery.Sort.EVENTS:
        note_on(webhook, answer, now)


def note_on(webhook: Webhook, answer: outgoing.Answer, now: dt.datetime) -> None:
    """Keep since when a webhook fails; when it is to be no more, switch it off."""
    since = None if answer.taken else webhook.failing_since or now
    if since != webhook.failing_since:
        webhook.failing_since = since
        webhook.save(update_fields=["failing_since"])
    if answer.status == GONE:
        switch_off(webhook, "It answered that it is there no more (410).")
    elif since and now - since >= GIVES_UP:
        switch_off(webhook, f"Nothing was taken for {GIVES_UP.days} days. {answer.wrong}")


@transaction.atomic
def switch_off(webhook: Webhook, why: str) -> None:
    """Send nothing until somebody lets it go on. What happens meanwhile is not lost: it goes on from where it stopped."""
    held = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if held.state == Webhook.State.ON:
        held.state, held.why = Webhook.State.OFF, why[:200]
        held.save(update_fields=["state", "why"])
        audit.append([WEBHOOKS.fact(held, None, BY, kind="webhook-off")])
