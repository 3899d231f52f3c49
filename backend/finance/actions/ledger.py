"""Journals: posted, and reversed. Nothing of them is ever changed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.finance.evidence import JOURNAL_LINES, JOURNALS
from backend.finance.models import Account, Fund, Journal, JournalLine, Period
from backend.rules.money import said
from backend.trust import permits
from backend.trust.models import CostCentre, Person
from backend.trust.numbering import next_number
from backend.trust.scope import reach


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to be posted: pence, above nothing a debit."""

    account: Account
    centre: CostCentre
    fund: Fund
    amount_pence: int
    asset_id: UUID | None = None
    site_id: UUID | None = None


def period_of(day: dt.date, today: dt.date, *, by_hand: bool = False) -> Period:
    """The month that a day falls into, open and not further ahead than the next one. What the finance office posts `by_hand` may
    also go into one that is closed for all others. Raises Problem `period_closed` (409)."""
    months = Period.objects.filter(number__lte=12)
    found = months.filter(starts_on__lte=day, ends_on__gte=day).first()
    now = months.filter(starts_on__lte=today, ends_on__gte=today).first()
    offer = f" Post it on {max(now.starts_on, today):%-d %b %Y}, in the month that is open." if now else ""
    if found is None:
        raise Problem("period_closed", f"There is no financial year for {day:%-d %b %Y}.{offer}", status=409)
    if now and found.starts_on > now.ends_on + dt.timedelta(days=1):
        raise Problem("period_closed", f"{day:%-d %b %Y} is further ahead than next month.{offer}", status=409)
    if found.state != Period.State.OPEN and not (by_hand and found.state == Period.State.SOFT_CLOSED):
        raise Problem("period_closed", f"{found.starts_on:%B %Y} is closed.{offer}", status=409)
    return found


def faults(entries: Sequence[Entry]) -> str:
    """What is wrong with a journal; "" when nothing is."""
    if len(entries) < 2:
        return "A journal has at least two lines."
    if any(not each.amount_pence for each in entries):
        return "A line of nothing says nothing."
    if total := sum(each.amount_pence for each in entries):
        return f"It does not balance: debits and credits differ by {said(abs(total))}."
    if len({(each.account.pk, each.centre.pk, each.fund.pk) for each in entries}) == 1:
        return "Every line is on the same account, so nothing moves."
    return ""


def control(kind: Account.Control) -> Account:
    """The account that Siteward itself posts to for a purpose. Raises Problem `no_control_account` (409)."""
    found = Account.objects.filter(control=kind).first()
    if found is None:
        says = f"No nominal account says that it is for “{kind.label}”. Ask the CFO to choose one."
        raise Problem("no_control_account", says, status=409)
    return found


@transaction.atomic
def post(
    *,
    person: Person,
    day: dt.date,
    narrative: str,
    entries: Sequence[Entry],
    today: dt.date,
    source: str = "",
    reverses: Journal | None = None,
    by_hand: bool = False,
) -> tuple[Journal, list[audit.Fact]]:
    """Post a journal; answers it and what the caller enters in the audit chain, last. For actions that have asked whether it may
    be; `journal` is what people post by hand, who may do so in a month that is closed for all others.

    Raises Problem `journal_unbalanced` (422) and `period_closed` (409). PostgreSQL refuses both as well.
    """
    if wrong := faults(entries):
        raise Problem("journal_unbalanced", wrong, status=422, fields={"lines": wrong})
    period = period_of(day, today, by_hand=by_hand)
    number = next_number(Journal.objects.all())
    made = Journal.objects.create(
        number=number, period=period, day=day, source=source, narrative=narrative[:300], reverses=reverses,
        posted_at=timezone.now(), posted_by=person,
    )  # fmt: skip
    lines = JournalLine.objects.bulk_create(
        JournalLine(
            journal=made, account=each.account, centre=each.centre, fund=each.fund, year=period.year_id,
            amount_pence=each.amount_pence, asset_id=each.asset_id, site_id=each.site_id,
        )
        for each in entries
    )  # fmt: skip
    facts = [JOURNAL_LINES.fact(each, person.pk, person.name) for each in lines]
    return made, [JOURNALS.fact(made, person.pk, person.name, kind="posted"), *facts]


@transaction.atomic
def journal(*, person: Person, day: dt.date, narrative: str, entries: Sequence[Entry], today: dt.date) -> Journal:
    """Post a journal by hand: the finance office's. Raises Forbidden, and Problem as `post` does."""
    require_ledger(person)
    if not narrative.strip():
        raise Problem("narrative", "Say what it is for.", status=422, fields={"narrative": "Say what it is for."})
    made, facts = post(person=person, day=day, narrative=narrative.strip(), entries=entries, today=today, by_hand=True)
    audit.append(facts)
    return made


@transaction.atomic
def reverse(*, person: Person, journal: Journal, day: dt.date, why: str, today: dt.date) -> Journal:
    """Undo a journal by its mirror, by hand as `journal` does. Raises Forbidden and Problem."""
    require_ledger(person)
    journal = Journal.objects.select_for_update(no_key=True).get(pk=journal.pk)
    if Journal.objects.filter(reverses=journal).exists():
        raise Problem("reversed", f"Journal {journal.number} is reversed already.", status=409)
    if not why.strip():
        raise Problem("narrative", "Say why.", status=422, fields={"why": "Say why."})
    lines = journal.lines.select_related("account", "centre", "fund")
    made, facts = post(
        person=person, day=day, narrative=f"Reversal of {journal.number}: {why.strip()}", source=journal.source, today=today,
        entries=[Entry(each.account, each.centre, each.fund, -each.amount_pence, each.asset_id, each.site_id) for each in lines],
        reverses=journal, by_hand=True,
    )  # fmt: skip
    audit.append(facts)
    return made


def require_ledger(person: Person) -> None:
    """Refuse who does not keep the trust's books. Raises Forbidden."""
    if not reach(person, permits.LEDGER_POST).everywhere:
        raise Forbidden("The finance office posts journals. Ask the CFO.")
