"""Links for one purpose: somebody without an account may do one thing with one row, until a day, or until it is taken back.

A link is 256 random bits; only its hash is kept (as of tokens). Whoever holds it may use it, so it opens one row and no more.
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import NotFound, Problem
from backend.maintenance.evidence import LINKS
from backend.maintenance.models import Contractor, OnePurposeLink
from backend.trust.models import Person
from backend.trust.tokens import hashed
from backend.trust.tries import HOUR, count

WORK_ORDER: Final = "work-order"
MOST_DAYS: Final = 180
LOOKS_AN_HOUR: Final = 60  # at one address of the network; guessing 256 bits is hopeless anyhow


@transaction.atomic
def make_link(
    *,
    purpose: str,
    about: uuid.UUID,
    person: Person | None,
    days: int,
    contractor: Contractor | None = None,
    sent_to: str = "",
    details: Mapping[str, Any] | None = None,
) -> tuple[str, OnePurposeLink]:
    """Make a link: its secret text, to be shown or sent once, and its row. It expires after so many days (1 to 180).

    Who may make one for a row is for the caller to ask.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Problem("invalid", f"A link lasts 1 to {MOST_DAYS} days.", fields={"days": f"Choose 1 to {MOST_DAYS} days."})
    text, now = secrets.token_urlsafe(32), timezone.now()
    link = OnePurposeLink.objects.create(
        purpose=purpose,
        about=about,
        details=dict(details or {}),
        hash=hashed(text),
        contractor=contractor,
        sent_to=sent_to,
        made_by=person,
        made_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    audit.append([LINKS.fact(link, person.pk if person else None, person.name if person else "Links")])
    return text, link


def open_link(text: str, purpose: str, *, address: str) -> OnePurposeLink:
    """The link that was handed over, when it is good. `address` is that of the network, for counting tries.

    Raises NotFound for one that is unknown or of another purpose, Problem (410) for one that is over, TooManyTries.
    """
    count({f"link:{address}": LOOKS_AN_HOUR}, doing="at this link", seconds=HOUR)
    found = OnePurposeLink.objects.select_related("contractor").filter(hash=hashed(text), purpose=purpose).first()
    if found is None:
        raise NotFound("That link")
    if found.revoked_at or found.expires_at <= timezone.now():
        raise Problem("link_over", "This link has ended. Ask the school for a new one.", status=410)
    if found.opened_at is None:
        OnePurposeLink.objects.filter(pk=found.pk, opened_at=None).update(opened_at=timezone.now())
    return found


@transaction.atomic
def mark_used(link: OnePurposeLink) -> None:
    """Note that a link has served its purpose. What a used link still lets its holder do is for its page to say."""
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    audit.append([LINKS.fact(link, None, "Links", kind="link-used")])


@transaction.atomic
def revoke_links(*, purpose: str, about: uuid.UUID, person: Person) -> int:
    """Take back every link to a row that is not over; answers how many. Who may is for the caller to ask."""
    now = timezone.now()
    rows = OnePurposeLink.objects.select_for_update().filter(purpose=purpose, about=about, revoked_at=None, expires_at__gt=now)
    found = list(rows.order_by("pk"))
    for link in found:
        link.revoked_at = now
        link.save(update_fields=["revoked_at"])
    audit.append([LINKS.fact(link, person.pk, person.name, kind="link-revoked") for link in found])
    return len(found)
