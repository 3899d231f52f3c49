"""Letters: those that could not wait are put together, and all are sent, again later when that fails."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from backend.core.agenda import line_words, lines_of
from backend.core.days import LONDON
from backend.core.templatetags.words import counted
from backend.office.models import Letter, Notice
from backend.office.notices.people import People
from backend.office.notices.telling import UNSAFE
from backend.trust import letters
from backend.trust.models import Person

SALT: Final = "siteward.notices.stop"
FIRST_WAIT: Final = dt.timedelta(minutes=5)
TRIES: Final = 6  # the last about a day and a half after the first
NO_MAIL: Final = "No mail is set up (SITEWARD_MAIL_URL)."
SAFETY: Final = ("check", "unsafe")


def stop_link(person: Person, kind: str) -> str:
    """The address that switches a kind of letter off for one person, without signing in."""
    return f"{letters.address()}/notices/stop/{signing.dumps([str(person.pk), kind], salt=SALT)}/"


@transaction.atomic
def gather(people: People, now: dt.datetime) -> int:
    """Put what could not wait into one letter for each person; what is no emergency waits for their hours. Answers how many."""
    waiting: dict[uuid.UUID, list[Notice]] = defaultdict(list)
    rows = Notice.objects.select_for_update(skip_locked=True).filter(letter=None).exclude(sort=Notice.Sort.DIGEST)
    for each in rows.filter(day__gte=now.astimezone(LONDON).date() - dt.timedelta(days=14)).order_by("-weight", "at", "pk"):
        waiting[each.person_id].append(each)
    made = 0
    for person_id, notices in waiting.items():
        person = people.persons.get(person_id)
        if person is None:
            continue
        ready = notices if people.reachable(person, now) else [each for each in notices if each.kind == UNSAFE]
        if ready:
            more = f", and {counted(len(ready) - 1, 'other thing')}" if len(ready) > 1 else ""
            letter = Letter.objects.create(
                person=person, day=now.astimezone(LONDON).date(), sort=Letter.Sort.NOW, made_at=now, next_try_at=now,
                subject=f"{ready[0].words[:150]}{more}"[:200],
            )  # fmt: skip
            Notice.objects.filter(pk__in=[each.pk for each in ready]).update(letter=letter)
            made += 1
    return made


def post_letters(now: dt.datetime) -> tuple[int, int]:
    """Send what is to be sent by now, each in its own transaction; answers how many went and how many did not."""
    sent = failed = 0
    for pk in list(
        Letter.objects.filter(state="waiting", next_try_at__lte=now).order_by("made_at", "pk").values_list("pk", flat=True)
    ):
        went = post_one(pk, now)
        sent, failed = sent + (went is True), failed + (went is False)
    return sent, failed


@transaction.atomic
def post_one(pk: uuid.UUID, now: dt.datetime) -> bool | None:
    """Send one letter; None when another worker has it or it is not to be sent any more. One who has left gets none."""
    rows = Letter.objects.select_for_update(skip_locked=True, of=("self",)).select_related("person")
    letter = rows.filter(pk=pk, state=Letter.State.WAITING).first()
    if letter is None:
        return None
    today = now.astimezone(LONDON).date()
    notices = list(Notice.objects.visible_to(letter.person).filter(letter=letter).select_related("site"))
    if not letter.person.has_access(today) or not notices:
        letter.state, letter.wrong = Letter.State.DROPPED, "Nobody to tell, or nothing of theirs any more."
    elif not settings.MAIL_IS_SET_UP:
        letter.state, letter.wrong = Letter.State.DROPPED, NO_MAIL
    else:
        try_to_send(letter, notices, now)
    letter.save()
    return {Letter.State.SENT: True, Letter.State.DROPPED: None}.get(Letter.State(letter.state), False)


def try_to_send(letter: Letter, notices: list[Notice], now: dt.datetime) -> None:
    """Send it, and note on it that it went, or when it is tried again."""
    letter.tries += 1
    try:
        written(letter, notices).send()
    except OSError as wrong:  # smtplib's own errors are OSErrors
        letter.wrong = f"{type(wrong).__name__}"[:300]
        letter.next_try_at = now + FIRST_WAIT * 4 ** (letter.tries - 1)
        if letter.tries >= TRIES:
            letter.state = Letter.State.FAILED
    else:
        letter.state, letter.sent_at, letter.wrong = Letter.State.SENT, now, ""


def stops(letter: Letter, notices: list[Notice]) -> str:
    """The kind that a letter's link switches off: the daily one, or that of its notices; "" when safety asks for all of it."""
    if letter.sort == Letter.Sort.DIGEST:
        return "digest"
    kinds = [switch(each) for each in notices]
    return kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else ""


def switch(notice: Notice) -> str:
    """The kind by which somebody switches such notices off; "" when they cannot."""
    if notice.sort == Notice.Sort.STEP:
        return "" if notice.weight >= 5 else "step"
    return notice.kind


def said_in_one(line: Sequence[Notice], day: dt.date) -> dict[str, str]:
    """A line of a letter: one notice, or several that are said together, with the page of all of them."""
    if len(line) == 1:
        return {"words": line[0].words, "path": line[0].path}
    return {"words": line_words(line, day), "path": line[0].together_path}


def written(letter: Letter, notices: list[Notice]) -> EmailMultiAlternatives:
    """The e-mail, in plain text and HTML, grouped by site; with the way to have no more of its kind, where there is one."""
    groups: dict[str, list[Notice]] = defaultdict(list)
    for each in sorted(notices, key=lambda one: (-one.stage, -one.weight, one.words)):
        groups[str(each.site) if each.site else "The trust"].append(each)
    kind = stops(letter, notices)
    stop = stop_link(letter.person, kind) if kind else ""
    places = {place: [said_in_one(line, letter.day) for line in lines_of(each)] for place, each in groups.items()}
    said = {"letter": letter, "groups": places, "stop": stop, "address": letters.address(), "person": letter.person}
    text = render_to_string("office/notices/letter.txt", said).strip() + "\n"
    subject = " ".join(letter.subject.split())
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if stop else {}
    mail = EmailMultiAlternatives(subject, text, to=[letter.person.email], headers=headers | {"Auto-Submitted": "auto-generated"})
    mail.attach_alternative(render_to_string("office/notices/letter.html", said), "text/html")
    return mail
