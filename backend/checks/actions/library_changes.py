"""Taking a check's new rule over into the trust's plans, or putting it off for a reason until a day."""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from backend.checks.actions.intervals import change_rules
from backend.checks.evidence import LIBRARY_DECISIONS
from backend.checks.models import LibraryDecision
from backend.checks.queries.library_changes import LibraryChange, Standing, library_changes, taking
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions import require_trust
from backend.trust.models import Person

MOST_DAYS: Final = 366


def change_named(code: str, today: dt.date) -> LibraryChange:
    """The change of one check that is still to be decided. Raises Problem when there is none."""
    found = library_changes(today, [code])
    if not found or found[0].standing is Standing.ACCEPTED:
        raise Problem("no_change", "There is nothing to decide about this check: it was decided, or nothing changed.", status=409)
    return found[0]


@transaction.atomic
def accept_change(code: str, *, revision: int, person: Person, today: dt.date) -> LibraryDecision:
    """Give a check's plans the library's new rule, and reckon their dates. Intervals that were chosen by hand stay.

    `revision` is the number that was on the screen. Raises Problem when it is not the current one any more.
    """
    require_decider(person)
    change = change_named(code, today)
    same_as_shown(change, revision)
    found = taking(change)
    why = f"The library's revision {change.now.number} was accepted."
    plans = change_rules(found.takes, why=why, person=person, today=today)
    return decided(change, LibraryDecision.Kind.ACCEPTED, person=person, plans=len(plans))


@transaction.atomic
def put_off_change(code: str, *, revision: int, reason: str, back_on: dt.date, person: Person, today: dt.date) -> LibraryDecision:
    """Leave the plans as they are for now, saying why, and come back to it on a day within a year. Raises Problem."""
    require_decider(person)
    change = change_named(code, today)
    same_as_shown(change, revision)
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    if not today < back_on <= today + dt.timedelta(days=MOST_DAYS):
        raise Problem("back_on", "Choose a day within a year.", fields={"back_on": "Choose a day after today, within a year."})
    return decided(change, LibraryDecision.Kind.DEFERRED, person=person, reason=reason.strip()[:1000], back_on=back_on)


def require_decider(person: Person) -> None:
    """Refuse who does not decide for the whole trust."""
    require_trust(person, permits.TRUST_CHANGE, "decide about the library for the whole trust")
    require_trust(person, permits.PLAN_CHANGE, "change plans in the whole trust")


def same_as_shown(change: LibraryChange, revision: int) -> None:
    """Refuse a decision about a revision that has been replaced meanwhile."""
    if change.now.number != revision:
        raise Problem("changed", "The library has changed again meanwhile. Look at what changed, and decide then.", status=409)


def decided(change: LibraryChange, kind: str, *, person: Person, **more: Any) -> LibraryDecision:
    """Keep what was decided."""
    row = LibraryDecision.objects.create(revision=change.now, kind=kind, made_at=timezone.now(), made_by=person, **more)
    audit.append([LIBRARY_DECISIONS.fact(row, person.pk, person.name)])
    return row
