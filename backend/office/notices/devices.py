"""Phones and browsers on which somebody is told: switched on there by a press, switched off anywhere, gone with the sign-in."""

from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.core.outgoing import Refused, sound
from backend.core.problems import NotFound, Problem
from backend.core.sealing import SECRET, point_of, read
from backend.office.models import PushDevice
from backend.trust.models import Person, Session
from backend.trust.sessions import browser_words

SERVICES: Final = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
"""The push services of Chrome, Firefox, Safari and Edge. One that begins with a dot stands for all below it."""
MOST: Final = 10
LONGEST: Final = 1000  # characters of an address
SWITCHED_OFF: Final = "Messages to phones are switched off here (SITEWARD_PUSH). Letters come as before."


def is_service(host: str) -> bool:
    """Whether a host is a push service that may be called."""
    known = (*SERVICES, *(each.lower() for each in settings.PUSH_HOSTS))
    return any(host.endswith(each) if each.startswith(".") else host == each for each in known)


def read_device(endpoint: str, key: str, secret: str) -> None:
    """Raise Problem for what no browser gives: an address that is no push service's, a key or secret that is none."""
    try:
        host = sound(endpoint[: LONGEST + 1]).hostname or ""
    except Refused as refused:
        raise Problem("push_address", f"What this browser gave is no address of a push service. {refused}") from refused
    if not is_service(host) or len(endpoint) > LONGEST:
        add = "Whoever looks after your server can add it (SITEWARD_PUSH_HOSTS)."
        detail = f"{host[:80]} is not a push service that may be called. {add}"
        raise Problem("push_service", detail)
    try:
        point_of(key)
        usable = len(read(secret)) == SECRET
    except ValueError:
        usable = False
    if not usable:
        raise Problem("push_key", "What this browser gave cannot be used. Load the page again, then switch it on once more.")


@transaction.atomic
def switch_on(*, person: Person, session: str, endpoint: str, key: str, secret: str) -> PushDevice:
    """Tell somebody on the browser of this session from now on. Twice changes nothing; who came before on it is told no more.

    Raises Problem when it is switched off here, for what no browser gives, and for more devices than anybody has.
    """
    if not settings.PUSH_ON:
        raise Problem("push_off", SWITCHED_OFF, status=409)
    read_device(endpoint, key, secret)
    signed_in = Session.objects.select_for_update().filter(pk=session, person=person).first()
    if signed_in is None:
        raise Problem("session", "You are not signed in here any more. Sign in, then switch it on.", status=409)
    PushDevice.objects.filter(endpoint=endpoint).exclude(person=person).delete()
    mine = PushDevice.objects.filter(person=person).exclude(endpoint=endpoint).exclude(session=session)
    if mine.count() >= MOST:
        raise Problem("devices", f"You are told on {MOST} devices already. Switch one of them off first.", status=409)
    PushDevice.objects.filter(session=session).exclude(endpoint=endpoint).delete()  # the browser made itself a new address
    said = {"session": signed_in, "key": key, "secret": secret, "name": browser_words(signed_in.browser)[:60], "wrong": ""}
    try:
        with transaction.atomic():
            row, _new = PushDevice.objects.update_or_create(
                person=person, endpoint=endpoint, defaults=said, create_defaults=said | {"made_at": timezone.now()}
            )
    except IntegrityError:
        raise Problem("again", "This browser was switched on twice at once. Load the page again.", status=409) from None
    return row


def switch_off(*, person: Person, device: PushDevice) -> None:
    """Tell nothing more on a device of one's own. NotFound for another's."""
    if not PushDevice.objects.filter(pk=device.pk, person=person).delete()[0]:
        raise NotFound("That device")


def forget_here(*, person: Person, session: str) -> None:
    """Tell nothing more on the browser of this session. Twice does no harm."""
    PushDevice.objects.filter(person=person, session=session).delete()
