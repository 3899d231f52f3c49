"""Requests: written, put up for approval, decided, ordered."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from backend.approvals.actions.chains import Asked, decide, scheme_now, submit, withdraw
from backend.approvals.models import Decision
from backend.approvals.queries import is_agreed
from backend.core import audit
from backend.core.problems import Forbidden, NotFound, Problem
from backend.finance.actions.promising import raise_order
from backend.finance.evidence import REQUISITION_LINES, REQUISITIONS
from backend.finance.models import BudgetLine, Order, Requisition, RequisitionLine, Supplier
from backend.finance.queries.position import of_line
from backend.maintenance.models import WorkOrder
from backend.rules.delegation import band_of
from backend.rules.money import MOST_PENCE, said
from backend.trust import permits
from backend.trust.models import CostCentre, Person
from backend.trust.numbering import next_number
from backend.trust.scope import reach

SPLIT_DAYS = 14
"""Within so many days what one person asks of one supplier for one cost centre is judged on its sum."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a request: what, how much net of VAT, from which budget line, and what it is for."""

    what: str
    net_pence: int
    budget_line: BudgetLine
    vat_percent: Decimal = Decimal(20)
    asset_id: uuid.UUID | None = None
    site_id: uuid.UUID | None = None


def may_ask(person: Person, centre: CostCentre) -> bool:
    """Whether somebody may ask for something for a cost centre: at their school, or for a centre that they hold."""
    found = reach(person, permits.SPEND_ASK)
    if found.everywhere or CostCentre.objects.visible_to(person).filter(pk=centre.pk).exists():
        return True
    if centre.school is None:
        return False
    return centre.school.pk in found.schools or centre.school.sites.filter(pk__in=found.sites).exists()


@transaction.atomic
def write_request(
    *,
    person: Person,
    need: str,
    centre: CostCentre,
    supplier: Supplier,
    lines: Sequence[Wanted],
    asked_for: Person | None = None,
    work_order: WorkOrder | None = None,
) -> Requisition:
    """Write a request; it waits for nobody until it is put up. Raises NotFound, and Problem (422) with what is missing."""
    if not may_ask(person, centre):
        raise NotFound("That cost centre")
    check_lines(need, centre, supplier, lines)
    number = next_number(Requisition.objects.all())
    made = Requisition.objects.create(
        number=number, need=need.strip()[:300], centre=centre, supplier=supplier, asked_by=person, asked_for=asked_for,
        work_order=work_order, made_at=timezone.now(),
    )  # fmt: skip
    rows = RequisitionLine.objects.bulk_create(
        RequisitionLine(
            requisition=made, place=place, what=each.what.strip()[:200], net_pence=each.net_pence, vat_percent=each.vat_percent,
            budget_line=each.budget_line, asset_id=each.asset_id, site_id=each.site_id,
        )
        for place, each in enumerate(lines, 1)
    )  # fmt: skip
    facts = [REQUISITION_LINES.fact(each, person.pk, person.name) for each in rows]
    audit.append([REQUISITIONS.fact(made, person.pk, person.name, kind="request-written"), *facts])
    return made


def check_lines(need: str, centre: CostCentre, supplier: Supplier, lines: Sequence[Wanted]) -> None:
    """Refuse a request that says too little, or whose money is another cost centre's. Raises Problem (422)."""
    fields = {} if need.strip() else {"need": "Say what is needed, and what for."}
    if centre.closed_on:
        fields["centre"] = "Nothing is spent there any more. Choose another cost centre."
    if supplier.stopped_on:
        fields["supplier"] = "Nothing is ordered from them any more."
    if not lines:
        fields["lines"] = "Say how much."
    for place, each in enumerate(lines, 1):
        if not 0 < each.net_pence <= MOST_PENCE:
            fields[f"lines.{place}.net"] = f"More than nothing, and at most {said(MOST_PENCE)}."
        if each.budget_line.centre_id != centre.pk:
            fields[f"lines.{place}.budget_line"] = "That budget is another cost centre's."
        if each.budget_line.account.is_premises and not (each.asset_id or each.site_id):
            fields[f"lines.{place}.site"] = "Say what it is for: an asset, or the site in general."
    if fields:
        raise Problem("request", "Something is missing.", status=422, fields=fields)


def held(requisition: Requisition) -> Requisition:
    """The request, held until the end of the transaction."""
    rows = Requisition.objects.select_for_update(of=("self",), no_key=True).select_related(
        "centre__school", "supplier", "asked_by", "asked_for"
    )
    return rows.get(pk=requisition.pk)


def beside(requisition: Requisition, now: dt.datetime) -> list[Requisition]:
    """What the same person asked of the same supplier for the same cost centre within the last days, and was not taken back."""
    rows = Requisition.objects.filter(
        centre=requisition.centre, supplier=requisition.supplier, submitted_at__gt=now - dt.timedelta(days=SPLIT_DAYS),
        state__in=[Requisition.State.SUBMITTED, Requisition.State.ORDERED],
    ).exclude(pk=requisition.pk)  # fmt: skip
    who = {requisition.asked_by_id, requisition.asked_for_id} - {None}
    return [each for each in rows.order_by("number") if {each.asked_by_id, each.asked_for_id} & who]


def sum_of(those: Sequence[Requisition]) -> int:
    """What requests come to, in pence net."""
    rows = RequisitionLine.objects.filter(requisition__in=those).aggregate(sum=Sum("net_pence"))
    return rows["sum"] or 0


@transaction.atomic
def put_up(*, requisition: Requisition, person: Person, over_why: str = "", split_why: str = "") -> Requisition:
    """Put a request up for approval: who has to agree is worked out now, on what it comes to with what stands beside it.

    Raises Problem: `looks_split` (409), with the requests, where only the sum falls under a higher limit and nobody said why;
    `over_budget` (409) where a line has too little and is not to be exceeded, or no reason was given; `no_scheme` (409).
    """
    requisition = held(requisition)
    require_own(requisition, person)
    now = timezone.now()
    Supplier.objects.select_for_update(no_key=True).get(pk=requisition.supplier_id)  # two parts put up at once see each other
    amount, others = sum_of([requisition]), beside(requisition, now)
    judged = amount + sum_of(others)
    bands = scheme_now(now.date()).bands()
    if band_of(bands, judged) != band_of(bands, amount) and not split_why.strip():
        those = ", ".join(f"R{each.number} ({said(sum_of([each]))})" for each in [*others, requisition])
        says = f"{those} go to the same supplier within {SPLIT_DAYS} days and come to {said(judged)} together."
        raise Problem("looks_split", f"{says} Say why they are no single purchase; they are judged on their sum.", status=409)
    check_budgets(requisition, over_why)
    chain, facts = submit(
        Asked(
            f"requisition:{requisition.pk}", requisition.need, amount, judged, requisition.centre, requisition.asked_by,
            requisition.asked_for, requisition.supplier.name, requisition.supplier.company_number,
        )
    )  # fmt: skip
    requisition.state, requisition.submitted_at, requisition.chain = Requisition.State.SUBMITTED, now, chain
    requisition.over_why, requisition.split_why = over_why.strip()[:500], split_why.strip()[:500]
    requisition.save(update_fields=["state", "submitted_at", "chain", "over_why", "split_why"])
    audit.append([REQUISITIONS.fact(requisition, person.pk, person.name, kind="request-put-up"), *facts])
    return requisition


def require_own(requisition: Requisition, person: Person) -> None:
    """Refuse who did not write the request, and one that waits or was ordered already. Raises Forbidden and Problem."""
    if person.pk not in {requisition.asked_by_id, requisition.asked_for_id}:
        raise Forbidden("Only who asks for it can put it up.")
    if requisition.state not in Requisition.OPEN:
        raise Problem("decided", "It was put up already.", status=409)


def check_budgets(requisition: Requisition, over_why: str, code: str = "over_budget") -> None:
    """Refuse a request for which a budget line has too little. Raises Problem as `need_at_least` does."""
    asked = requisition.lines.values("budget_line").annotate(net=Sum("net_pence")).values_list("budget_line", "net")
    need_at_least(dict(asked), over_why, code)


def need_at_least(needed: Mapping[uuid.UUID, int], over_why: str, code: str) -> None:
    """Refuse where a budget line (by its id) has less than so many pence free.

    The lines are held: whoever comes second sees what the first one took. Raises Problem `code` (409) with the balance, on a
    line that stops, or on one that warns where nobody said why.
    """
    lines = (
        BudgetLine.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=list(needed))
        .select_related("centre", "account")
    )
    for line in lines.order_by("pk"):
        stands = of_line(line)
        if needed[line.pk] <= stands.available:
            continue
        if line.control == BudgetLine.Control.WARN and over_why.strip():
            continue
        says = (
            f"{line.centre.name}, {line.account.name}: {said(stands.available)} is free now (budget {said(stands.budget)}, spent "
            f"{said(stands.actual + stands.accrued)}, promised {said(stands.committed)}), and this is {said(needed[line.pk])}."
        )
        if line.control == BudgetLine.Control.WARN:
            says += " Say why it may go above the budget."
        raise Problem(code, says, status=409)


@transaction.atomic
def decide_request(*, requisition: Requisition, person: Person, kind: Decision.Kind, reason: str = "") -> Order | None:
    """Agree, or send back with a reason. The last one who agrees makes the order, whose number is answered; else None.

    Raises what `approvals.decide` does, and Problem `budget_changed` (409) where somebody else took the money meanwhile: then
    nothing was decided.
    """
    requisition = held(requisition)
    chain = requisition.chain
    if requisition.state != Requisition.State.SUBMITTED or chain is None:
        raise Problem("decided", "This has been decided already.", status=409)
    facts, order = [decide(chain=chain, person=person, kind=kind, reason=reason)], None
    if kind == Decision.Kind.RETURN:
        requisition.state = Requisition.State.RETURNED
    elif is_agreed(chain):
        check_budgets(requisition, requisition.over_why, "budget_changed")
        requisition.state = Requisition.State.ORDERED
        order, made = raise_order(requisition, person)
        facts += made
    if requisition.state != Requisition.State.SUBMITTED:
        requisition.save(update_fields=["state"])
        facts.append(REQUISITIONS.fact(requisition, person.pk, person.name, kind=f"request-{requisition.state}"))
    audit.append(facts)
    return order


@transaction.atomic
def take_back(*, requisition: Requisition, person: Person, reason: str = "") -> Requisition:
    """Take back what one has asked for, as long as it is not ordered. Raises Forbidden and Problem."""
    requisition = held(requisition)
    facts = []
    if requisition.state == Requisition.State.SUBMITTED and requisition.chain:
        facts.append(withdraw(chain=requisition.chain, person=person, reason=reason))
    else:
        require_own(requisition, person)
    requisition.state = Requisition.State.WITHDRAWN
    requisition.save(update_fields=["state"])
    audit.append([REQUISITIONS.fact(requisition, person.pk, person.name, kind="request-withdrawn"), *facts])
    return requisition
