"""An attempt that came to nothing, with its reason."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from backend.checks.evidence import ATTEMPTS
from backend.checks.models import NotDone, Plan
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require


@transaction.atomic
def record_not_done(
    *,
    id: uuid.UUID,
    plan: Plan,
    author: Person,
    reason: str,
    note: str,
    made_at: dt.datetime,
    received_at: dt.datetime,
    try_again_on: dt.date | None = None,
    photos: list[dict[str, Any]] | None = None,
) -> NotDone:
    """Keep why a check could not be done. It never counts as done and moves no date. Raises Problem for an unknown reason."""
    require(author, permits.CHECK_RECORD, plan.site, "log checks")
    if reason not in dict(NotDone.REASONS):
        raise Problem("answers", "That reason is not one of the list.", fields={"reason": "Choose one of the list."})
    attempt = NotDone.objects.create(
        id=id,
        plan=plan,
        reason=reason,
        note=note[:1000],
        try_again_on=try_again_on,
        photos=photos or [],
        author=author,
        author_name=author.name,
        made_at=made_at.astimezone(dt.UTC),
        received_at=received_at.astimezone(dt.UTC),
    )
    audit.append([ATTEMPTS.fact(attempt, author.pk, author.name)])
    return attempt
