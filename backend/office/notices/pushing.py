"""Letters' lines on phones: whatever is written to somebody is said in a line on each device that they switched on.

What is told, to whom and when is decided where letters are written (`telling`, `climbing`, `digest`, `post`): a device adds a
way, never a rule. The line names no person and no thing, at most the school: it lies on a locked screen.
"""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backend.core.days import LONDON
from backend.core.outgoing import Answer, post
from backend.core.problems import Problem
from backend.core.sealing import sealed, who_sends
from backend.core.templatetags.words import counted
from backend.office.models import Letter, Notice, Push, PushDevice
from backend.office.notices.people import People
from backend.office.notices.telling import UNSAFE
from backend.trust import letters

LASTS: Final = dt.timedelta(hours=12)  # a line that comes later than that says nothing new
FIRST_WAIT: Final = dt.timedelta(minutes=10)
TRIES: Final = 5
PADDED: Final = 256  # bytes: every line looks alike to the service that carries it
GONE: Final = frozenset({404, 410})
LATER: Final = frozenset({408, 425, 429})
TRIAL: Final = "This is a trial. What cannot wait is said here from now on."


def address_pushes(now: dt.datetime) -> int:
    """Put every letter written lately on its way to its person's devices, each once; answers how many. Three queries at most."""
    if not settings.PUSH_ON or not PushDevice.objects.exists():
        return 0
    rows = Letter.objects.filter(made_at__gt=now - LASTS, made_at__lte=now).exclude(state=Letter.State.NOTHING)
    mine = PushDevice.objects.filter(person__in=rows.values("person"))
    devices: dict[uuid.UUID, list[PushDevice]] = {}
    for each in mine:
        devices.setdefault(each.person_id, []).append(each)
    due = [
        Push(letter=letter, device=device, next_try_at=now)
        for letter in rows.filter(person__in=devices)
        for device in devices[letter.person_id]
        if device.made_at <= letter.made_at
    ]
    Push.objects.bulk_create(due, ignore_conflicts=True, batch_size=500)
    return len(due)


def send_pushes(now: dt.datetime) -> tuple[int, int]:
    """Send what is to be sent by now, each in its own transaction; answers how many went and how many are tried again.

    A service that could not take one is left alone for the rest of the run.
    """
    due = list(Push.objects.filter(state="waiting", next_try_at__lte=now).values_list("pk", "device__endpoint"))
    if not due or not settings.PUSH_ON:
        return 0, 0
    people = People.on(now.astimezone(LONDON).date())
    silent: set[str] = set()
    sent = failed = 0
    for pk, endpoint in due:
        host = urlsplit(endpoint).netloc
        if host in silent:
            continue
        state = push_one(pk, people, now)
        sent, failed = sent + (state == Push.State.SENT), failed + (state == Push.State.WAITING)
        if state == Push.State.WAITING:
            silent.add(host)
    return sent, failed


@transaction.atomic
def push_one(pk: uuid.UUID, people: People, now: dt.datetime) -> str:
    """Send one line; how it stands then: "" when another worker has it, it is gone, or its person's quiet hours hold it back."""
    rows = Push.objects.select_for_update(skip_locked=True, of=("self",)).select_related("letter__person", "device")
    push = rows.filter(pk=pk, state=Push.State.WAITING).first()
    if push is None:
        return ""
    person = push.letter.person
    notices = list(Notice.objects.visible_to(person).filter(letter=push.letter).select_related("site"))
    if person.pk not in people.persons or not notices or push.letter.made_at <= now - LASTS:
        push.state, push.wrong = Push.State.DROPPED, "Nobody to tell, or nothing new any more."
        push.save()
        return push.state
    urgent = any(each.kind == UNSAFE for each in notices)
    if not urgent and not people.reachable(person, now):
        return ""
    return settle(push, tell_device(push.device, line(push.letter, notices), urgent=urgent), now)


def settle(push: Push, answer: Answer | None, now: dt.datetime) -> str:
    """Note how it went; a device that is gone is forgotten, with what was on its way there."""
    if answer is not None and answer.status in GONE:
        push.device.delete()
        return Push.State.DROPPED
    push.tries += 1
    if answer is not None and answer.taken:
        push.state, push.sent_at, push.wrong = Push.State.SENT, now, ""
    else:
        push.wrong = (answer.wrong if answer else "This browser's key cannot be used.")[:100]
        push.next_try_at = now + FIRST_WAIT * 3 ** (push.tries - 1)
        if answer is None or for_good(answer) or push.tries >= TRIES:
            push.state = Push.State.FAILED
    push.save()
    return push.state


def for_good(answer: Answer) -> bool:
    """Whether trying again would bring the same: the service itself refused."""
    return answer.status is not None and answer.status < 500 and answer.status not in LATER


def tell_device(device: PushDevice, said: str, *, urgent: bool) -> Answer | None:
    """Say a line on a device; None when its key cannot be used. What was wrong last is noted on it."""
    try:
        body = sealed(json.dumps({"line": said}, ensure_ascii=False).encode(), device.key, device.secret, pad=PADDED)
    except ValueError:
        return None
    headers = {
        "Authorization": who_sends(device.endpoint, reached_at(), timezone.now().timestamp()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(LASTS.total_seconds())),
        "Urgency": "high" if urgent else "normal",
    }
    answer = post(device.endpoint, body, headers)
    noted = {"reached_at": timezone.now(), "wrong": ""} if answer.taken else {"wrong": answer.wrong[:100]}
    PushDevice.objects.filter(pk=device.pk).update(**noted)
    return answer


def reached_at() -> str:
    """Where a push service's keeper finds whoever sends: our address, or whom letters come from."""
    ours = letters.address()
    return ours if ours.startswith("https://") else f"mailto:{settings.DEFAULT_FROM_EMAIL}"


def line(letter: Letter, notices: Sequence[Notice]) -> str:
    """What is said of a letter on a locked screen: how much it is, and at one school which; no names of people or things."""
    places = {each.site for each in notices}
    only, place = notices[0], next(iter(places))
    at = f" at {place}" if place and len(places) == 1 else ""
    unsafe = sum(each.kind == UNSAFE for each in notices)
    if unsafe:
        return f"{counted(unsafe, 'thing is|things are')} unsafe{at}."
    if letter.sort == Letter.Sort.DIGEST:
        return f"{counted(len(notices), 'thing is|things are')} waiting for you{at}."
    if len(notices) > 1:
        return f"{counted(len(notices), 'thing')} could not wait{at}."
    if only.sort == Notice.Sort.QUIET:
        return f"Gone quiet: nothing is recorded{at}."
    if only.sort == Notice.Sort.STEP:
        return f"Past its day, and nobody has acted{at}."
    return f"Work whose day is today{at}." if only.kind == "deadline" else f"Work was given to you{at}."


def try_out(device: PushDevice) -> None:
    """Say a trial on one's own device. Raises Problem when it cannot be said; a device that is gone is forgotten."""
    if not settings.PUSH_ON:
        raise Problem("push_off", "Messages to phones are switched off here.", status=409)
    answer = tell_device(device, TRIAL, urgent=False)
    if answer is not None and answer.taken:
        return
    if answer is not None and answer.status in GONE:
        device.delete()
        raise Problem("gone", f"{device.name} listens no more, and is taken off. Switch it on there again.", status=409)
    why = answer.wrong if answer else "Its key cannot be used."
    raise Problem("not_reached", f"{device.name} was not reached. {why} Try later, or switch it on there again.", status=409)


def given_up(now: dt.datetime) -> int:
    """How many lines were given up within a week."""
    return Push.objects.filter(state=Push.State.FAILED, letter__made_at__gte=now - dt.timedelta(days=7)).count()
