"""The daily letter: what waits for somebody, when something of it is new or worse, and all of it once a week."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Max

from backend.core.agenda import Waiting, waiting_for
from backend.core.days import LONDON
from backend.core.templatetags.words import age, counted
from backend.office.models import Letter, Notice, TakenOn
from backend.office.notices.climbing import told_of
from backend.office.notices.people import People
from backend.office.notices.telling import Said, keep
from backend.office.notices.waiting import not_put_off
from backend.rules.telling import fresh, stage, worth_a_letter
from backend.trust.models import Person

MOST: Final = 100
KINDS: Final = {
    "check": "check|checks", "defect": "problem|problems", "unsafe": "unsafe thing|unsafe things",
    "work": "piece of work|pieces of work",
    "risk": "risk|risks", "certificate": "certificate|certificates", "document": "document|documents", "visit": "visit|visits",
    "contractor": "firm's paper|firms' papers", "competence": "competence|competences", "held": "held item|held items",
    "unsent": "phone with unsent work|phones with unsent work",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Digest:
    """What a letter would say: its first sentence, and what waits, with the keys of what is new or worse."""

    subject: str
    items: Sequence[Waiting]
    fresh: frozenset[str]


def digest_of(person: Person, today: dt.date) -> Digest | None:
    """What somebody's letter of a day says; None when there is nothing, or nothing new since the last within a week."""
    items = not_put_off(person, waiting_for(person, today), today)[:MOST]
    now = {each.key: stage(each.due_on, today) for each in items}
    before = told_of(person, now)
    for key in come_back(person, now, today):
        before.pop(key, None)
    last = Letter.objects.filter(person=person, sort=Letter.Sort.DIGEST).exclude(state=Letter.State.NOTHING)
    day = last.order_by("-day").values_list("day", flat=True).first()
    if not worth_a_letter(now, before, day, today):
        return None
    return Digest(sentence(items, today), items, fresh(now, before))


def come_back(person: Person, keys: Iterable[str], today: dt.date) -> Iterator[str]:
    """What was put off or taken on, whose day has come, and which was not told since: as if it were new. Two queries."""
    ended = dict(TakenOn.objects.filter(person=person, until__lte=today, key__in=list(keys)).values_list("key", "until"))
    rows = Notice.objects.filter(person=person, key__in=list(ended)).order_by().values_list("key")
    told = dict(rows.annotate(on=Max("day")))
    return (key for key, until in ended.items() if key not in told or told[key] < until)


def sentence(items: Sequence[Waiting], today: dt.date) -> str:
    """The answer: "3 checks past their day, 2 other things; the worst is the lift examination, 12 days."."""
    late = [each for each in items if each.kind == "unsafe" or stage(each.due_on, today) == 2]
    if not late:
        return f"{counted(len(items), 'thing')} {'is' if len(items) == 1 else 'are'} waiting for you: {items[0].words}"[:200]
    said = ", ".join(
        counted(number, KINDS.get(kind, "other thing|other things")) for kind, number in Counter(e.kind for e in late).items()
    )
    worst = max(late, key=lambda each: (each.weight, (today - (each.due_on or today)).days))
    since = f", {age((today - worst.due_on).days)}" if worst.due_on and worst.due_on < today else ""
    return f"{said} past {'its' if len(late) == 1 else 'their'} day; the worst: {worst.words[:110]}{since}."[:200]


def write_digests(people: People, now: dt.datetime) -> int:
    """Write everybody's letter whose hour has come on a working day of theirs and who has none yet; answers how many."""
    local = now.astimezone(LONDON)
    today, written = local.date(), 0
    done = set(Letter.objects.filter(day=today, sort=Letter.Sort.DIGEST).values_list("person_id", flat=True))
    for person in list(people.persons.values()):
        choice = people.choice(person)
        if person.pk in done or not choice.digest or local.hour < choice.hour or not people.works(person, today):
            continue
        written += write_one(person, now)
    return written


@transaction.atomic
def write_one(person: Person, now: dt.datetime) -> bool:
    """Write somebody's letter of a day, once whoever asks twice; False when there was nothing to say, or it was there."""
    today = now.astimezone(LONDON).date()
    letter, made = Letter.objects.get_or_create(
        person=person, day=today, sort=Letter.Sort.DIGEST, defaults={"made_at": now, "state": Letter.State.NOTHING}
    )
    found = digest_of(person, today) if made else None
    if found is None:
        return False
    letter.state, letter.subject, letter.next_try_at = Letter.State.WAITING, found.subject, now
    letter.save()
    notices = [notice_of(each, person, now) for each in found.items]
    for each in notices:
        each.letter = letter
    keep(notices)
    return True


def notice_of(item: Waiting, person: Person, now: dt.datetime) -> Notice:
    """The notice of one thing in a daily letter."""
    said = Said(
        sort=Notice.Sort.DIGEST, key=item.key, kind=item.kind, words=item.words, path=item.path, weight=item.weight,
        due_on=item.due_on, site_id=item.site_id, together=item.together, together_path=item.together_path,
    )  # fmt: skip
    return said.to(person, now)
