"""Keeping who looked at whose personal details.

Details are what only those who manage people see: addresses, roles, sign-ins, phones, what is held of somebody. Names, and
what a colleague is trained for, are not: they stand on records and forms that everybody at the school works with.
"""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.evidence import evidence_of
from backend.hr.models import Viewing
from backend.trust.models import Person

MOST: Final = 500  # of a list, the people on it are kept one by one up to this many


@transaction.atomic
def note_viewing(*, viewer: Person, page: str, people: Iterable[Person] = ()) -> None:
    """Keep that `viewer` saw the personal details of `people` on a page; of a list shown to somebody, or handed out as a file.

    Looking at oneself is not kept. A list of more than 500 people is kept as one row about nobody in particular.
    """
    seen: list[Person | None] = [each for each in people if each.pk != viewer.pk]
    if len(seen) > MOST:
        seen = [None]
    now = timezone.now()
    rows = [Viewing(viewer=viewer, person=each, page=page[:60], at=now) for each in seen]
    Viewing.objects.bulk_create(rows)
    viewings = evidence_of(Viewing)
    audit.append([viewings.fact(each, viewer.pk, viewer.name) for each in rows], at=now)
