"""Every write about webhooks that a person does: made, changed, paused, resumed, tested, given a new secret, removed."""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.tasks import async_task

from backend.core import audit
from backend.core.outgoing import Refused, sound
from backend.core.problems import NotFound, Problem
from backend.office.events import secrets
from backend.office.events.kinds import KINDS
from backend.office.evidence import WEBHOOKS
from backend.office.models import Delivery, Webhook
from backend.trust import permits
from backend.trust.actions import require_trust
from backend.trust.models import Person, Site

MOST: Final = 20
DELIVERS: Final = "backend.office.events.delivering.deliver_now"


def may(person: Person) -> None:
    """Refuse who does not follow the whole trust. Raises Forbidden."""
    require_trust(person, permits.EVENTS_FOLLOW, "let other systems follow what happens")


@transaction.atomic
def make_webhook(
    *, person: Person, name: str, address: str, kinds: Collection[str] = (), sites: Collection[uuid.UUID] = ()
) -> tuple[Webhook, str]:
    """Have an address told what happens from now on; answers the webhook and its secret, shown once.

    Without `kinds` and `sites`, all of them. Raises Problem naming what cannot be, Forbidden.
    """
    may(person)
    check(name, address, kinds, sites)
    if Webhook.objects.exclude(state=Webhook.State.REMOVED).count() >= MOST:
        raise Problem("too_many", f"There are {MOST} already. Remove one that is not used any more.", status=409)
    salt, mark, secret = secrets.fresh()
    head = audit.head()
    webhook = Webhook(
        name=name.strip(), address=address.strip(), kinds=sorted(kinds), sites=sorted(sites), salt=salt, mark=mark,
        made_at=timezone.now(), made_by=person, upto=head.number, upto_hash=head.hash,
    )  # fmt: skip
    with of_its_own_name():
        webhook.save(force_insert=True)
    audit.append([WEBHOOKS.fact(webhook, person.pk, person.name)])
    return webhook, secret


@contextmanager
def of_its_own_name() -> Iterator[None]:
    """Refuse a second webhook of one name. Raises Problem (409)."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        wrong = {"name": "There is one of this name already."}
        raise Problem("name_taken", wrong["name"], status=409, fields=wrong) from twice


@transaction.atomic
def change_webhook(
    *,
    webhook: Webhook,
    person: Person,
    name: str,
    address: str,
    kinds: Collection[str] = (),
    sites: Collection[uuid.UUID] = (),
) -> Webhook:
    """Change what a webhook is called, where it is sent, of what and of which sites, also what waits to be sent.

    Its secret and how far it has come stay. Whoever does it looks after it from then on. Raises Problem, Forbidden.
    """
    held = taken(webhook, person)
    check(name, address, kinds, sites)
    wanted: dict[str, Any] = {
        "name": name.strip(), "address": address.strip(), "kinds": sorted(set(kinds)), "sites": sorted(set(sites)),
    }  # fmt: skip
    if all(getattr(held, each) == value for each, value in wanted.items()):
        return held
    if held.address != wanted["address"]:  # what was not taken is tried there at once
        wanted["failing_since"] = None
        held.deliveries.filter(state=Delivery.State.WAITING).update(next_try_at=timezone.now())
    with of_its_own_name():
        return kept(held, person, "webhook-changed", made_by=person, **wanted)


def check(name: str, address: str, kinds: Collection[str], sites: Collection[uuid.UUID]) -> None:
    """Refuse what cannot be. Raises Problem naming the fields."""
    wrong = {}
    if not 1 <= len(name.strip()) <= 80:
        wrong["name"] = "Call it something, in at most 80 letters."
    if unknown := sorted(set(kinds) - KINDS.keys()):
        wrong["kinds"] = f"There is no kind {', '.join(each[:40] for each in unknown)}."
    if Site.objects.filter(pk__in=sites).count() != len(set(sites)):
        wrong["sites"] = "One of these sites is not there."
    try:
        if len(address.strip()) > 500:
            raise Refused("At most 500 letters.")
        sound(address.strip())
    except Refused as refused:
        wrong["address"] = str(refused)
    if wrong:
        raise Problem("invalid", " ".join(wrong.values()), fields=wrong)


def taken(webhook: Webhook, person: Person) -> Webhook:
    """The webhook, locked. Raises Forbidden; NotFound when it was removed."""
    may(person)
    found = Webhook.objects.select_for_update().exclude(state=Webhook.State.REMOVED).filter(pk=webhook.pk).first()
    if found is None:
        raise NotFound("That webhook")
    return found


def kept(webhook: Webhook, person: Person, kind: str, **changes: Any) -> Webhook:
    """Change a webhook and enter it."""
    for name, value in changes.items():
        setattr(webhook, name, value)
    webhook.save(update_fields=sorted(changes))
    audit.append([WEBHOOKS.fact(webhook, person.pk, person.name, kind=kind)])
    return webhook


@transaction.atomic
def pause(*, webhook: Webhook, person: Person) -> Webhook:
    """Send nothing for now; what happens meanwhile is sent once it goes on."""
    return kept(taken(webhook, person), person, "webhook-paused", state=Webhook.State.PAUSED, why="")


@transaction.atomic
def resume(*, webhook: Webhook, person: Person, from_now: bool = False) -> Webhook:
    """Go on: from where it stopped, or leaving out what happened meanwhile. Whoever does it looks after it from then on."""
    held = taken(webhook, person)
    place: dict[str, Any] = {}
    if from_now:
        head = audit.head()
        place = {"upto": head.number, "upto_hash": head.hash}
        held.deliveries.filter(state=Delivery.State.WAITING, sort=Delivery.Sort.EVENTS).update(
            state=Delivery.State.FAILED, next_try_at=None, wrong="Left out when it went on from now."
        )
    held.deliveries.filter(state=Delivery.State.WAITING).update(next_try_at=timezone.now())
    on = {"state": Webhook.State.ON, "why": "", "failing_since": None, "made_by": person, **place}
    done = kept(held, person, "webhook-resumed", **on)
    transaction.on_commit(partial(async_task, DELIVERS))
    return done


@transaction.atomic
def renew(*, webhook: Webhook, person: Person) -> str:
    """Give it a new secret, shown once; the old one signs nothing from now on."""
    salt, mark, secret = secrets.fresh()
    kept(taken(webhook, person), person, "webhook-secret", salt=salt, mark=mark)
    return secret


@transaction.atomic
def remove(*, webhook: Webhook, person: Person) -> None:
    """Send it nothing any more and forget its deliveries. That it was there, and for which address, stays."""
    held = taken(webhook, person)
    held.deliveries.all().delete()
    kept(held, person, "webhook-removed", state=Webhook.State.REMOVED)


@transaction.atomic
def test(*, webhook: Webhook, person: Person) -> Delivery:
    """Have a delivery without events sent at once, also while it is paused."""
    held = taken(webhook, person)
    return put(Delivery(webhook=held, sort=Delivery.Sort.TEST))


@transaction.atomic
def send_again(*, delivery: Delivery, person: Person) -> Delivery:
    """Have what a delivery told sent once more, under a new id; its events keep theirs. What waits needs it not (409)."""
    held = taken(delivery.webhook, person)
    if delivery.state == Delivery.State.WAITING:
        raise Problem("still_waiting", "It is still to be sent by itself.", status=409)
    if delivery.sort == Delivery.Sort.TEST:
        return put(Delivery(webhook=held, sort=Delivery.Sort.TEST))
    again = Delivery(webhook=held, sort=Delivery.Sort.AGAIN, after=delivery.after, upto=delivery.upto, events=delivery.events)
    return put(again)


def put(delivery: Delivery) -> Delivery:
    """Keep a delivery to be sent now. Raises Problem (429) when several asked for by hand wait already."""
    waiting = delivery.webhook.deliveries.filter(state=Delivery.State.WAITING).exclude(sort=Delivery.Sort.EVENTS)
    if waiting.count() >= MOST:
        raise Problem("too_many", "Several wait to be sent already. Wait until they went.", status=429)
    delivery.made_at = delivery.next_try_at = timezone.now()
    delivery.save(force_insert=True)
    transaction.on_commit(partial(async_task, DELIVERS))
    return delivery
