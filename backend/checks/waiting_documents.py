"""What waits about documents: those that have expired or end soon, how many are missing, and what somebody asks to do without."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from backend.checks.models import DocumentNotNeeded
from backend.checks.queries.documents import kinds, needs
from backend.core.agenda import Waiting
from backend.rules.documents import ENDING, EXPIRED, MISSING
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

MOST = 30


def documents_waiting(person: Person, today: dt.date) -> Iterable[Waiting]:
    """Documents of one's own that have expired or end soon, and for each site how many are missing. Nine queries.

    A document that a check brings is not named: its check waits already.
    """
    if reach(person, permits.SITE_CHANGE).nowhere():
        return
    found = needs(person, today)
    missing = Counter(each.site for each in found if each.standing.state == MISSING)
    for site, number in missing.items():
        words = (
            f"{number} {'document is' if number == 1 else 'documents are'} missing{f' at {site}' if site else ' for the trust'}."
        )
        path = f"/documents/list/?state=missing{f'&site={site.pk}' if site else ''}"
        yield Waiting(
            f"documents:{site.pk if site else 'trust'}:missing", "document", words, path, 2, None, site.pk if site else None
        )
    ending = [each for each in found if each.standing.state in (EXPIRED, ENDING) and each.standing.source == "document"]
    for each in sorted(ending, key=lambda need: need.standing.until or today)[:MOST]:
        place = ":".join(str(part) for part in each.place if part) or "trust"
        words = f"{each.kind.title}, {each.where}: {each.standing.word.lower()}."
        site_id = each.place[0]
        yield Waiting(f"document:{each.kind.key}:{place}", "document", words, each.link, 2, each.standing.until, site_id)


def not_needed_waiting(person: Person, today: dt.date) -> Iterable[Waiting]:  # noqa: ARG001  as every one is asked
    """Documents that somebody asks to do without, for who may agree and did not ask. One query."""
    rows = DocumentNotNeeded.objects.visible_to(person, permits.RISK_DECIDE).filter(decided_at=None, ended_at=None)
    rows = rows if reach(person, permits.RISK_DECIDE).everywhere else rows.filter(site__isnull=False)
    for each in rows.exclude(asked_by=person).select_related("site", "asked_by")[:MOST]:
        title = kinds()[each.kind].title if each.kind in kinds() else each.kind
        words = f"{each.asked_by.name} asks that {title} is not needed{f' at {each.site}' if each.site else ''}."
        yield Waiting(
            f"not-needed:{each.pk}:decide", "document", words, f"/documents/not-needed/{each.pk}/", 2, each.asked_at.date(),
            each.site_id,
        )  # fmt: skip


DOCUMENTS = [documents_waiting, not_needed_waiting]
