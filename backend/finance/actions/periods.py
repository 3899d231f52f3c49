"""Months: closed in two steps, one after the other, and opened again by two people with a reason."""

from typing import Final

from django.db import transaction

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.finance.actions.ledger import require_ledger
from backend.finance.evidence import PERIODS
from backend.finance.models import Period
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

NEXT: Final = {Period.State.OPEN: Period.State.SOFT_CLOSED, Period.State.SOFT_CLOSED: Period.State.CLOSED}


def held(period: Period) -> Period:
    """The month, held until the end of the transaction: nobody posts into it meanwhile."""
    return Period.objects.select_for_update().get(pk=period.pk)


@transaction.atomic
def close_period(*, period: Period, person: Person) -> Period:
    """Close a month by a step: first for all but the finance office, then for everybody. Raises Forbidden and Problem (409)."""
    require_ledger(person)
    period = held(period)
    state = NEXT.get(Period.State(period.state))
    if state is None:
        raise Problem("decided", f"{period.starts_on:%B %Y} is closed already.", status=409)
    before = Period.objects.filter(ends_on__lt=period.starts_on).exclude(state=Period.State.CLOSED).order_by("starts_on").first()
    if state == Period.State.CLOSED and before:
        raise Problem("period_open", f"{before.starts_on:%B %Y} is still open. Close it first.", status=409)
    return changed(period, person, state)


@transaction.atomic
def ask_to_open(*, period: Period, person: Person, why: str) -> Period:
    """Ask that a closed month be opened again; somebody else has to agree. Raises Forbidden and Problem."""
    require_ledger(person)
    period = held(period)
    if period.state == Period.State.OPEN:
        raise Problem("decided", f"{period.starts_on:%B %Y} is open.", status=409)
    if not why.strip():
        raise Problem("reason", "Say why.", status=422, fields={"why": "Say why."})
    period.open_asked_by, period.open_why = person, why.strip()[:300]
    period.save(update_fields=["open_asked_by", "open_why"])
    audit.append([PERIODS.fact(period, person.pk, person.name, kind="opening-asked")])
    return period


@transaction.atomic
def open_again(*, period: Period, person: Person) -> Period:
    """Agree that a month be opened again: somebody else of the finance office, or a trustee. Raises Forbidden and Problem."""
    if not any(reach(person, each).everywhere for each in (permits.LEDGER_POST, permits.SCHEME_APPROVE)):
        raise Forbidden("Somebody else of the finance office agrees, or a trustee.")
    period = held(period)
    if period.open_asked_by_id is None:
        raise Problem("decided", "Nobody asks for it.", status=409)
    if period.open_asked_by_id == person.pk:
        raise Problem("separation_of_duties", "You asked for this, so someone else must agree.", status=403)
    return changed(period, person, Period.State.OPEN)


def changed(period: Period, person: Person, state: Period.State) -> Period:
    """The month in another state; what was asked before is settled by it."""
    period.state, period.open_asked_by = state, None
    period.save(update_fields=["state", "open_asked_by"])
    audit.append([PERIODS.fact(period, person.pk, person.name, kind=f"period-{state}")])
    return period
