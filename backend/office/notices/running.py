"""The job that tells people: asked four times an hour, it may run twice and acts once, held by rows unique in the database."""

import datetime as dt
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from backend.core.days import LONDON
from backend.office.notices.climbing import climb
from backend.office.notices.digest import write_digests
from backend.office.notices.over import mark_over
from backend.office.notices.people import People
from backend.office.notices.post import gather, post_letters
from backend.office.notices.pushing import address_pushes, send_pushes
from backend.office.notices.telling import given_out, gone_quiet, keep

FIRST_HOUR: Final = 7  # London; steps up the line and silence are looked at from then on
LOCK: Final = 5_071_149  # names this job among PostgreSQL's advisory locks


def tell_now() -> str:
    """Tell everybody of what is theirs, and send what is to be sent; in words, how much that was."""
    if not settings.NOTICES_ON:
        return "switched off here"
    now = timezone.now()
    mark_over(now)
    written = tell(now)
    address_pushes(now)
    sent, failed = post_letters(now)
    pushed, silent = send_pushes(now)
    return f"{written} letters written, {sent} sent, {failed} to be tried again; {pushed} on phones, {silent} to be tried again"


def tell(now: dt.datetime) -> int:
    """Keep every notice that is due by `now` and write the letters, without sending; answers how many letters."""
    people = People.on(now.astimezone(LONDON).date())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        climbs = list(climb(people, now))
        early = now.astimezone(LONDON).hour < FIRST_HOUR
        keep(each for each in climbs if not early or each.kind == "unsafe")
        keep(given_out(people, now))
        if not early:
            keep(gone_quiet(people, now))
    return gather(people, now) + write_digests(people, now)
