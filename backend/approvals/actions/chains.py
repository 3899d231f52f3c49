"""Things that are put up for approval, decided, sent back and withdrawn.

What is put up is always somebody else's: a request, an invoice. So nothing here is entered in the audit chain at once: each
answers what its caller enters together with the rest, last, for the chain is held by one transaction at a time.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from backend.approvals.evidence import CHAINS, DECISIONS, STEPS
from backend.approvals.models import Chain, Decision, Scheme, Step
from backend.approvals.queries import (
    HOLDER,
    Authority,
    agreed_by,
    covers,
    interested,
    names,
    open_step,
    parties,
    who_can,
)
from backend.core import audit
from backend.core.days import today
from backend.core.problems import Forbidden, Problem
from backend.rules.delegation import band_of, limit_of
from backend.rules.money import said
from backend.trust.models import Appointment, CostCentre, Person


@dataclass(frozen=True, slots=True)
class Asked:
    """What is put up. `judged_pence` is what it is judged by: the amount, and what was asked for beside it (split orders)."""

    subject: str
    what: str
    amount_pence: int
    judged_pence: int
    centre: CostCentre
    asked_by: Person
    asked_for: Person | None = None
    organisation: str = ""
    company_number: str = ""


def scheme_now(day: dt.date) -> Scheme:
    """The scheme that counts. Raises Problem `no_scheme` (409): without one nobody can agree to anything."""
    scheme = Scheme.objects.in_force(day)
    if scheme is None:
        raise Problem("no_scheme", "There is no scheme of delegation that the board approved. Ask the CFO.", status=409)
    return scheme


@transaction.atomic
def submit(asked: Asked) -> tuple[Chain, list[audit.Fact]]:
    """Put something up for approval: who has to agree is worked out now, and stays so. Raises Problem `no_scheme`.

    Answers the chain and what is to be entered. Of the roles in a band only the last has to have somebody: a centre without a
    holder goes to the next one.
    """
    day = today()
    scheme = scheme_now(day)
    chain = Chain.objects.create(
        subject=asked.subject, what=asked.what[:300], amount_pence=asked.amount_pence, judged_pence=asked.judged_pence,
        centre=asked.centre, asked_by=asked.asked_by, asked_for=asked.asked_for, organisation=asked.organisation[:200],
        company_number=asked.company_number, scheme=scheme, submitted_at=timezone.now(),
    )  # fmt: skip
    roles = band_of(scheme.bands(), asked.judged_pence).roles
    wanted = [role for role in roles[:-1] if role != HOLDER or asked.centre.holders_on(day).exists()] + [roles[-1]]
    steps = Step.objects.bulk_create(Step(chain=chain, place=place, role=role) for place, role in enumerate(wanted, 1))
    who = (asked.asked_by.pk, asked.asked_by.name)
    return chain, [CHAINS.fact(chain, *who, kind="submitted"), *(STEPS.fact(each, *who) for each in steps)]


@transaction.atomic
def decide(*, chain: Chain, person: Person, kind: Decision.Kind, reason: str = "") -> audit.Fact:
    """Agree to the step that is waiting, or send the whole back with a reason. Answers what is to be entered.

    Judged on the person: whoever asked, or was asked for, or agreed to an earlier step, or has an interest in the organisation,
    cannot, in whatever role and for whomever they stand in. Raises Problem with the codes `decided` (409),
    `separation_of_duties`, `interest_declared`, `limit_exceeded`, `appointment_not_current` (403), and Forbidden.
    """
    chain = Chain.objects.select_for_update(of=("self",), no_key=True).select_related("centre", "scheme").get(pk=chain.pk)
    day, step = today(), open_step(chain)
    if step is None:
        raise Problem("decided", "This has been decided already.", status=409)
    if kind == Decision.Kind.RETURN and not reason.strip():
        raise Problem("reason", "Say why it goes back.", status=422, fields={"reason": "Say why it goes back."})
    able = who_can(chain, day)
    authority = next((each for each in able if each.person.pk == person.pk), None)
    if authority is None:
        raise refusal(chain, person, able, day)
    decision = Decision.objects.create(
        chain=chain, step=step, kind=kind, person=person, stood_in_for=authority.stands_in_for, role=authority.role,
        appointment=authority.held, reason=reason.strip()[:500], made_at=timezone.now(),
    )  # fmt: skip
    return DECISIONS.fact(decision, person.pk, person.name)


@transaction.atomic
def withdraw(*, chain: Chain, person: Person, reason: str = "") -> audit.Fact:
    """Take back what one has put up oneself, as long as it is not decided. Answers what is to be entered.

    Raises Problem and Forbidden.
    """
    chain = Chain.objects.select_for_update(no_key=True).get(pk=chain.pk)
    if person.pk not in parties(chain):
        raise Forbidden("Only who asked can take it back.")
    if open_step(chain) is None:
        raise Problem("decided", "This has been decided already.", status=409)
    decision = Decision.objects.create(
        chain=chain, kind=Decision.Kind.WITHDRAW, person=person, reason=reason.strip()[:500], made_at=timezone.now()
    )
    return DECISIONS.fact(decision, person.pk, person.name)


def refusal(chain: Chain, person: Person, able: list[Authority], day: dt.date) -> Problem:
    """Why somebody may not decide, and who can."""
    can = f"It can be decided by {names(able)}."
    if person.pk in parties(chain):
        return Problem("separation_of_duties", f"You asked for this, so someone else must approve it. {can}", status=403)
    if person.pk in agreed_by(chain):
        return Problem("separation_of_duties", f"You agreed to this already, so someone else must be next. {can}", status=403)
    if person.pk in interested(chain, day):
        says = f"You declared an interest in {chain.organisation}, so you take no part in this."
        return Problem("interest_declared", f"{says} {can}", status=403)
    bands = chain.scheme.bands()
    roles = {role for band in bands for role in band.roles}
    own = [each for each in Appointment.objects.filter(person=person, role__in=roles) if covers(each, chain.centre)]
    current = [each.role for each in own if each.starts_on <= day and not each.over(day)]
    if chain.centre.holders_on(day).filter(person=person).exists():
        current.append(HOLDER)
    limits = [limit for role in current if (limit := limit_of(bands, role))]
    if limits and max(limits) < chain.judged_pence:
        says = f"{said(chain.judged_pence)} is above your {said(max(limits))} limit."
        return Problem("limit_exceeded", f"{says} {can}", status=403)
    if own and not current:
        begins = min(own, key=lambda each: each.starts_on)
        says = (
            f"Your appointment begins on {begins.starts_on:%-d %b %Y}."
            if begins.starts_on > day
            else "Your appointment has ended."
        )
        return Problem("appointment_not_current", f"{says} {can}", status=403)
    return Forbidden(f"This is not yours to decide. {can}")
