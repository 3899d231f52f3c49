"""Check revisions as they were published. One never changes, so what it says is read once in a process, not at every record."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from backend.checks.models import CheckRevision
from backend.core.reading import rows_by_key

WITHOUT_CONTENT: Final = ("id", "check_type", "number", "digest", "published_at")
MOST: Final = 512  # some 15 KB each
_known: dict[tuple[int, str], dict[str, Any]] = {}
"""What a revision says, by its key and digest. It is shared: nobody may change it."""


def published(codes: Iterable[str]) -> Sequence[CheckRevision]:
    """Every revision of these checks. One query, and one more for what those say that nobody has asked for before."""
    return said(rows_by_key(CheckRevision, codes, by="check_type", only=WITHOUT_CONTENT))


def said(revisions: Sequence[CheckRevision]) -> Sequence[CheckRevision]:
    """The same for revisions that were read without their content. One query for those that nobody has asked for before."""
    here = {key: _known[key] for each in revisions if (key := (each.pk, each.digest)) in _known}
    if unread := [each.pk for each in revisions if (each.pk, each.digest) not in here]:
        fresh = CheckRevision.objects.filter(pk__in=unread).values_list("pk", "digest", "content")
        here |= {(pk, digest): content for pk, digest, content in fresh}
        if len(_known) > MOST:
            _known.clear()
        _known.update(here)
    for each in revisions:
        each.content = here[each.pk, each.digest]
    return revisions
