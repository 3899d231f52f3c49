"""A person's private calendar address: made, renewed, switched off. Its secret is shown once; only the hash is kept."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from backend.checks.evidence import FEEDS
from backend.checks.models import CalendarFeed
from backend.core import audit
from backend.trust.models import Person


def hashed(secret: str) -> str:
    """What is kept of a secret. It is 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(b"calendar " + secret.encode()).hexdigest()


@transaction.atomic
def new_feed(*, person: Person) -> str:
    """Make one's calendar address, or a new one in place of the old, which stops at once. Answers its secret, shown once."""
    secret = secrets.token_urlsafe(32)
    fresh = {"hash": hashed(secret), "made_at": timezone.now(), "used_on": None}
    feed, _ = CalendarFeed.objects.update_or_create(person=person, defaults=fresh)
    audit.append([FEEDS.fact(feed, person.pk, person.name)])
    return secret


@transaction.atomic
def end_feed(*, person: Person) -> None:
    """Switch one's calendar address off: it answers nobody any more. May be done twice."""
    feed = CalendarFeed.objects.select_for_update().filter(person=person).first()
    if feed is not None:
        told = FEEDS.removal(feed, person.pk, person.name)
        feed.delete()
        audit.append([told])
