"""The chain's head leaves the machine once a day: a chain alone cannot show that its newest end was cut off.

Each day's head is a signed line of an append-only file (SITEWARD_HEADS_FILE), which backups take, and goes by e-mail to those
named by SITEWARD_HEAD_MAIL. Whoever holds any such line can show later whether the chain still has that entry.
"""

import datetime as dt
import json
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction

from backend.core import audit, opening, salts, signing
from backend.core.days import london_date
from backend.core.evidence import act
from backend.core.models import Act, AuditEntry
from backend.core.walking import Patience, one_by_one

PUBLISHED: Final = salts.PUBLISHED
HEADS_LOCK: Final = 7_405_602  # the name of the lock that only one publisher holds
RESTORE: Final = (
    "Bring the file back from a backup or an export of the trust, which hold it as `heads`; or add the line of the letter that a"
    " trustee kept. What the file could have shown is not shown until then."
)
LETTER: Final = """{words}

This is the newest entry of Siteward's audit chain, the register of everything that was recorded. Please keep this message:
nothing is to be done with it now. Should anybody ever doubt the records, it shows whether those of {day} or
before were changed or cut off afterwards. Save the line below as a file and have it compared by: manage.py heads check FILE

{line}
"""


def publish(now: dt.datetime) -> audit.Head | None:
    """Publish the chain's head, once a day by London's calendar; None when that was done today, or nothing is in the chain.

    First the file, then the letter, then the entry that it was done: when something in between fails, the next run does it
    again, and a line or a letter twice is as true as once. Raises Problem without a signing key, OSError and SMTPException.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [HEADS_LOCK])
            alone = cursor.fetchone()[0]
        last = Act.objects.filter(kind=PUBLISHED).order_by("-at").first()
        head = audit.head()
        if not alone or head.at is None or (last and london_date(last.at) >= london_date(now)):
            return None
        line = line_of(head, now)
        write_line(line)
        send(head, line, now)
        said: dict[str, Any] = {"number": head.number, "hash": head.hash, "letters": len(settings.HEAD_MAIL)}
        said["salts"] = salts.to_publish(head.number)
        audit.append([act(PUBLISHED, said, at=now, actor_name="Head publication")], at=now)
    return head


def line_of(head: audit.Head, now: dt.datetime) -> str:
    """The head as a signed line of JSON."""
    assert head.at
    said = {"number": head.number, "hash": head.hash, "at": audit.moment(head.at), "published_at": audit.moment(now)}
    said["chain"] = name_of_chain()
    return json.dumps(signing.signed(said), sort_keys=True)


def newest_head() -> audit.Head:
    """The chain's newest entry; without its moment when that cannot be read, and as of an empty chain when nothing can."""
    empty = audit.Head(0, audit.GENESIS, None)

    def without_moment() -> audit.Head:
        row = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
        return audit.Head(row[0], str(row[1]), None) if row else empty

    for way in (audit.head, without_moment):
        with suppress(Exception), transaction.atomic():  # the invariants say what is wrong with it
            return way()
    return empty


def name_of_chain() -> str:
    """What a chain is known by: the hash of its first entry; "" when it is empty."""
    return AuditEntry.objects.filter(number=1).values_list("hash", flat=True).first() or ""


def write_line(line: str) -> None:
    """Add a line to the file of heads and see it on the disk."""
    path = Path(settings.HEADS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    torn = path.exists() and written(path)[-1:] not in ("\n", "")  # the power failed: the next line stays one
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640), "w") as file:
        file.write(f"\n{line}\n" if torn else f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def send(head: audit.Head, line: str, now: dt.datetime) -> None:
    """Write to those who are to keep the heads, when there are any."""
    if settings.HEAD_MAIL:
        day = f"{london_date(now):%a %-d %b %Y}"
        text = LETTER.format(words=head.words(), day=day, line=line)
        send_mail(f"Siteward: the records as they stood on {day}", text, None, settings.HEAD_MAIL)


def written(path: Path) -> str:
    """A file of heads as it is. Raises OSError, also for what is no regular file: a pipe would be waited for for ever."""
    with opening.regular(path) as file:
        return file.read().decode("utf-8", "replace")


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The heads of a file, or of a letter that was saved: every line that is JSON with a number and a hash."""
    if not path.exists():
        return
    for text in written(path).split("\n"):
        try:
            said = json.loads(text) if text.lstrip().startswith("{") else None
        except (ValueError, RecursionError):
            said = {"unreadable": text[:60]}
        if isinstance(said, dict):
            yield said


def own() -> tuple[list[dict[str, Any]], list[str]]:
    """The heads of our own file, and a sentence for each line that is none. Nothing when the file is missing."""
    path, said, wrong = Path(settings.HEADS_FILE), [], []
    try:
        text_of_all = written(path) if path.exists() else ""
    except OSError as why:
        return [], [f"the file of heads {path} cannot be read: {why.strerror or why}"]
    for number, text in enumerate(text_of_all.splitlines(), 1):
        try:
            head = json.loads(text) if text.strip() else None
        except (ValueError, RecursionError):
            head = text
        if isinstance(head, dict):
            said.append(head)
        elif head is not None:
            wrong.append(f"line {number} of the file of heads {path} cannot be read. {RESTORE}")
    return said, wrong


def lines_kept() -> int:
    """How many heads our own file holds."""
    return len(own()[0])


def faults_of_published(tick: Any) -> Iterator[str]:
    """Compare our own file of heads with the chain, and the chain's acts of publishing with the file."""
    said, wrong = own()  # read before the database is: else a fresh one is ahead
    yield from wrong
    yield from faults(said, tick)
    acts = published_acts()
    if lost(said, acts):
        yield from lost(own()[0], acts)  # one may have been published meanwhile: its line is written before its act


def published_acts() -> list[tuple[dt.datetime, Any]]:
    """(moment, what it says) of every publication, oldest first. One that cannot be read is a fault of the acts themselves."""
    keys = [str(pk) for pk in Act.objects.filter(kind=PUBLISHED).order_by("at", "pk").values_list("pk", flat=True)]
    acts: list[Any] = []
    for start in range(0, len(keys), 500):
        few = keys[start : start + 500]
        acts += one_by_one(few, lambda keys: list(Act.objects.filter(pk__in=keys)), lambda _key, _why: None, Patience())
    return sorted(((each.at, each.said) for each in acts if each and isinstance(each.said, dict)), key=lambda each: each[0])


def lost(heads: Collection[dict[str, Any]], acts: Sequence[tuple[dt.datetime, Any]]) -> list[str]:
    """One sentence for each act of publishing without its line; one for all of them when there is no file."""
    path = Path(settings.HEADS_FILE)
    if acts and not path.exists():
        first, last = acts[0][0].date(), acts[-1][0].date()
        days = f"heads were published from {first} to {last}" if len(acts) > 1 else f"a head was published on {first}"
        return [f"the file of heads {path} is missing, and {days}. {RESTORE}"]
    there = {(said.get("number"), said.get("hash")) for said in heads if type(said.get("number")) is int}
    return [
        f"the head published on {at.date()}, entry {said.get('number')}, has no line in the file of heads {path}. {RESTORE}"
        for at, said in acts
        if (said.get("number"), said.get("hash")) not in there
    ]


def faults(heads: Sequence[dict[str, Any]], tick: Any) -> Iterator[str]:
    """One sentence for each published head that the chain does not have, or no longer has as it was."""
    newest, chain = newest_head().number, name_of_chain()
    for said in heads:
        tick(1)
        number, hash = said.get("number"), said.get("hash")
        if type(number) is not int or not 0 < number < 2**63 or not signing.is_signed(said):
            yield f"the head of {str(said.get('published_at', 'an unknown day'))[:10]} bears no good signature"
            continue
        when = f"the head published on {str(said.get('published_at'))[:10]} is entry {number}"
        found = AuditEntry.objects.filter(pk=number).values_list("hash", flat=True).first()
        if found is None and number > newest:
            yield f"{when}, and the chain ends at {newest}: its newest end was cut off"
        elif said.get("chain") != chain:
            yield f"{when} of another chain than the one here: it belongs to another database, or all was written anew"
        elif found != hash:
            yield f"{when}, and the chain has another entry there: it was rewritten"
