"""What people answer to notices: seen and done by a day, put off to a day, back again; and how they wish to be told."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.db import transaction
from django.utils import timezone

from backend.core.agenda import Waiting, waiting_for
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import day
from backend.office.models import Notice, NoticeChoice, TakenOn
from backend.office.notices.post import SALT
from backend.rules.telling import latest_seen, may_snooze
from backend.trust.models import Person

KINDS: Final = {
    "work": "Work that is given to me",
    "deadline": "Work whose day is today",
    "step": "What nobody has acted on (never off for what guards lives)",
    "quiet": "Schools that have gone quiet",
}
"""What may be switched off, beside the daily letter. What is unsafe is not among them."""
LONGEST: Final = dt.timedelta(days=366)


def found(person: Person, key: str, today: dt.date) -> Waiting:
    """What somebody was told of under a key or what waits for them, as it stands; NotFound for what is not theirs."""
    told = Notice.objects.visible_to(person).filter(key=key).order_by("-day").first()
    if told:
        return Waiting(told.key, told.kind, told.words, told.path, told.weight, told.due_on, told.site_id)
    item = next((each for each in waiting_for(person, today) if each.key == key), None)
    if item is None:
        raise NotFound("That notice")
    return item


@transaction.atomic
def take_on(*, person: Person, key: str, act: str, until: dt.date, today: dt.date) -> TakenOn:
    """Say that a thing was seen and is done by a day, or put it off. Raises Problem for a day too late, NotFound for others'."""
    item = found(person, key, today)
    if not today < until <= today + LONGEST and not (act == TakenOn.Act.SEEN and until == today):
        raise Problem("day", "Choose a day that is still to come, within a year.")
    if act == TakenOn.Act.SEEN and until > latest_seen(item.weight, today):
        last = day(latest_seen(item.weight, today))
        raise Problem("late", f"Choose a day no later than {last}. Until then nobody further up is told.")
    if act == TakenOn.Act.LATER and not may_snooze(item.weight, item.due_on, until):
        raise Problem("law", "This guards lives, so it cannot be put off past its day. Do it, or say by when it will be done.")
    row, _made = TakenOn.objects.update_or_create(
        person=person, key=key, defaults={"act": act, "until": until, "words": item.words[:500], "made_at": timezone.now()}
    )
    return row


def take_back(*, person: Person, key: str) -> None:
    """What was taken on or put off waits again as if nothing had been said."""
    if not TakenOn.objects.filter(person=person, key=key).delete()[0]:
        raise NotFound("That notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How somebody wishes to be told. Hours are 0 to 23 London, days 0 (Monday) to 6."""

    digest: bool
    hour: int
    days: list[int]
    in_holidays: bool
    quiet_from: int
    quiet_until: int
    without: list[str]


def choose(wishes: Wishes, *, person: Person) -> NoticeChoice:
    """Keep how somebody wishes to be told."""
    said = {name: getattr(wishes, name) for name in Wishes.__slots__}
    row, _made = NoticeChoice.objects.update_or_create(person=person, defaults=said)
    return row


def named_in(link: str) -> tuple[Person, str]:
    """Whose letters of which kind a letter's link switches off; NotFound for what is no such link."""
    try:
        person_id, kind = signing.loads(link, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise NotFound("That link") from None
    person = Person.objects.filter(pk=person_id).first()
    if person is None or kind not in {"digest", *KINDS}:
        raise NotFound("That link")
    return person, kind


@transaction.atomic
def stop(person: Person, kind: str) -> None:
    """Switch a kind of letter off. Twice does no harm."""
    row, _made = NoticeChoice.objects.select_for_update().get_or_create(person=person)
    if kind == "digest":
        row.digest = False
    elif kind not in row.without:
        row.without = [*row.without, kind]
    row.save()
