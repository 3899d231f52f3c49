"""Letters by e-mail, as plain text in plain words. Those that nobody waits for are written and sent by a worker.

What a worker is given holds no secret: it gets ids, and makes the link itself.
"""

import logging
import uuid
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django_q.tasks import async_task

from backend.core.days import today
from backend.trust import permits
from backend.trust.models import Appointment, Person

log = logging.getLogger(__name__)
SENDER: Final = "backend.trust.tasks"


def address(request: HttpRequest | None = None) -> str:
    """Where Siteward is reached, for links in letters: SITEWARD_ADDRESS, else the first origin, else as it was asked now."""
    named = settings.SITEWARD_ADDRESS or next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    if named:
        return str(named).rstrip("/")
    return request.build_absolute_uri("/").rstrip("/") if request else "http://localhost:8000"


def send(to: str, template: str, *, folder: str = "trust", **said: Any) -> bool:
    """Send the letter `<folder>/letters/<template>.txt` (its first line is the subject). False, and a log line, if it failed."""
    if not settings.MAIL_IS_SET_UP:
        log.warning("no mail is set up (SITEWARD_MAIL_URL): the letter %r was not sent", template)
        return False
    text = render_to_string(f"{folder}/letters/{template}.txt", said)
    subject, _, body = text.strip().partition("\n")
    try:
        EmailMessage(subject.strip(), body.strip() + "\n", to=[to]).send()
    except OSError as problem:  # smtplib's own errors are OSErrors
        log.error("the letter %r could not be sent: %s", template, problem)
        return False
    return True


def later(task: str, *ids: str) -> None:
    """Have a worker do `backend.trust.tasks.<task>` with these ids, once what is being done is kept."""
    transaction.on_commit(partial(async_task, f"{SENDER}.{task}", *ids))


def tell(person: Person, template: str) -> None:
    """Tell somebody of a change to their own account, by a worker."""
    later("send_notice", str(person.pk), template)


def tell_administrators(template: str, *, about: uuid.UUID, actor: Person) -> None:
    """Tell everybody else who manages people, by a worker, what `actor` did. `about` is an appointment's or a person's id."""
    later("send_to_administrators", template, str(about), str(actor.pk))


def administrators(besides: uuid.UUID) -> list[Person]:
    """Who manages people of the whole trust today, besides one; where there is nobody else, the trust's leaders."""
    for roles in (permits.roles_with(permits.PEOPLE_MANAGE), {"trust-leader"}):
        held = Appointment.objects.in_force(today()).filter(role__in=roles, school=None, site=None)
        found = Person.objects.filter(is_active=True, pk__in=held.values("person")).exclude(pk=besides)
        if people := list(found):
            return people
    return []
