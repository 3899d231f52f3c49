"""Years, budgets, and money moved between lines."""

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, NotFound, Problem
from backend.finance.evidence import BUDGET_CHANGES, BUDGET_ENTRIES, BUDGET_LINES, PERIODS, YEARS
from backend.finance.models import Account, BudgetChange, BudgetEntry, BudgetLine, FinancialYear, Fund, Period
from backend.finance.queries.position import of_line
from backend.rules.money import said
from backend.trust import permits
from backend.trust.models import CostCentre, Person
from backend.trust.scope import reach

FIRST_MONTH = 9
"""September: academies' financial year runs from 1 September to 31 August (Academy Trust Handbook)."""


def may_budget(person: Person, centre: CostCentre) -> bool:
    """Whether somebody sets the budgets of a cost centre."""
    return reach(person, permits.BUDGET_MANAGE).covers_school(centre.school_id)


def require_budget(person: Person, centre: CostCentre) -> None:
    """Refuse who does not set the budgets of a cost centre. Raises NotFound for who may not know of it, else Forbidden."""
    if may_budget(person, centre):
        return
    if not CostCentre.objects.visible_to(person).filter(pk=centre.pk).exists():
        raise NotFound("That cost centre")
    raise Forbidden("Your role does not let you change budgets here. Ask the business manager or the CFO.")


@transaction.atomic
def open_year(*, person: Person, year: int) -> FinancialYear:
    """Make a financial year with its twelve months and the closing period. Twice answers the one that is there."""
    if not reach(person, permits.LEDGER_POST).everywhere:
        raise Forbidden("The CFO opens financial years.")
    if not 2000 <= year <= 2100:
        raise Problem("year", "That is no year.", status=422, fields={"year": "From 2000 to 2100."})
    made, is_new = FinancialYear.objects.get_or_create(year=year)
    if not is_new:
        return made
    periods = []
    for number in range(1, 13):
        month = (FIRST_MONTH + number - 2) % 12 + 1
        in_year = year + (1 if month < FIRST_MONTH else 0)
        last = dt.date(in_year, month, monthrange(in_year, month)[1])
        periods.append(Period(year=made, number=number, starts_on=last.replace(day=1), ends_on=last))
    periods.append(Period(year=made, number=13, starts_on=periods[-1].ends_on, ends_on=periods[-1].ends_on))
    Period.objects.bulk_create(periods)
    facts = [PERIODS.fact(each, person.pk, person.name) for each in periods]
    audit.append([YEARS.fact(made, person.pk, person.name, kind="year-opened"), *facts])
    return made


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in pence for a line of the budget."""

    centre: CostCentre
    account: Account
    fund: Fund
    pence: int


@transaction.atomic
def set_budget(
    *,
    person: Person,
    year: FinancialYear,
    amounts: Sequence[Amount],
    reason: str,
    kind: BudgetChange.Kind = BudgetChange.Kind.ORIGINAL,
) -> BudgetChange:
    """Put amounts on lines (made where there are none): the first budget while the year is drawn up, later the board's revision.

    Raises NotFound, Forbidden, and Problem: after the board approved the year only the CFO enters its revisions.
    """
    year = FinancialYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    for centre in {each.centre.pk: each.centre for each in amounts}.values():
        require_budget(person, centre)
    if year.state == FinancialYear.State.APPROVED and kind == BudgetChange.Kind.ORIGINAL:
        raise Problem("approved", "The board approved this year. Move money between lines, or enter its revision.", status=409)
    if kind != BudgetChange.Kind.ORIGINAL and not reach(person, permits.BUDGET_MANAGE).everywhere:
        raise Forbidden("The CFO enters what the board revised.")
    if not reason.strip() or not amounts:
        raise Problem("reason", "Say what this is.", status=422, fields={"reason": "Say what this is."})
    change = BudgetChange.objects.create(kind=kind, reason=reason.strip()[:500], made_at=timezone.now(), made_by=person)
    facts = [BUDGET_CHANGES.fact(change, person.pk, person.name)]
    for each in amounts:
        line, is_new = BudgetLine.objects.get_or_create(year=year, centre=each.centre, account=each.account, fund=each.fund)
        if is_new:
            facts.append(BUDGET_LINES.fact(line, person.pk, person.name))
        if each.pence:
            entry = BudgetEntry.objects.create(line=line, change=change, amount_pence=each.pence)
            facts.append(BUDGET_ENTRIES.fact(entry, person.pk, person.name))
    audit.append(facts)
    return change


@transaction.atomic
def approve_year(*, person: Person, year: FinancialYear, minute: str) -> FinancialYear:
    """Say that the board approved a year's budget, and in which minute. A trustee does. Raises Forbidden and Problem."""
    if not reach(person, permits.SCHEME_APPROVE).everywhere:
        raise Forbidden("A trustee says that the board approved it.")
    year = FinancialYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    if year.state == FinancialYear.State.APPROVED:
        raise Problem("decided", "The board approved it already.", status=409)
    if not minute.strip():
        raise Problem("minute", "Say which minute of the board it is in.", status=422, fields={"minute": "Which minute?"})
    year.state, year.minute = FinancialYear.State.APPROVED, minute.strip()[:160]
    year.save(update_fields=["state", "minute"])
    audit.append([YEARS.fact(year, person.pk, person.name, kind="year-approved")])
    return year


@transaction.atomic
def move_budget(*, person: Person, source: BudgetLine, target: BudgetLine, pence: int, reason: str) -> BudgetChange:
    """Move money from a line to another of the same year and fund. Never more than is free there.

    Raises NotFound, Forbidden, and Problem: `restricted_fund` where the money was given for something else, `over_budget`.
    """
    lines = BudgetLine.objects.select_for_update(of=("self",), no_key=True).select_related("centre", "fund").order_by("pk")
    held = {each.pk: each for each in lines.filter(pk__in=[source.pk, target.pk])}
    source, target = held[source.pk], held[target.pk]
    for line in (source, target):
        require_budget(person, line.centre)
    if source.pk == target.pk or pence <= 0 or source.year_id != target.year_id:
        raise Problem("virement", "Choose two lines of one year and an amount above nothing.", status=422)
    if source.fund_id != target.fund_id:
        raise Problem("restricted_fund", f"{source.fund} was given for its own purpose: it stays in its fund.", status=422)
    if not reason.strip():
        raise Problem("reason", "Say why.", status=422, fields={"reason": "Say why."})
    free = of_line(source).available
    if pence > free:
        raise Problem("over_budget", f"{said(free)} is free there, and this is {said(pence)}.", status=409)
    change = BudgetChange.objects.create(
        kind=BudgetChange.Kind.VIREMENT, reason=reason.strip()[:500], made_at=timezone.now(), made_by=person
    )
    entries = BudgetEntry.objects.bulk_create(
        [
            BudgetEntry(line=source, change=change, amount_pence=-pence),
            BudgetEntry(line=target, change=change, amount_pence=pence),
        ]
    )
    facts = [BUDGET_ENTRIES.fact(each, person.pk, person.name) for each in entries]
    audit.append([BUDGET_CHANGES.fact(change, person.pk, person.name), *facts])
    return change
