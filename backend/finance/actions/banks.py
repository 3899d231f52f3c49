"""Suppliers' bank accounts: one person enters a change, another calls back on a number that was on file before it came."""

import datetime as dt
import re
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.ciphers import keys_for
from backend.core.problems import Forbidden, Problem
from backend.finance.evidence import BANKS
from backend.finance.models import Supplier, SupplierBank
from backend.finance.models.paying import PURPOSE
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

HOLD: Final = dt.timedelta(hours=24)
"""So long after the call nothing is paid to a new account: time for whoever was fooled to notice."""


@transaction.atomic
def propose_bank(*, person: Person, supplier: Supplier, name: str, sort_code: str, number: str, told_how: str) -> SupplierBank:
    """Enter where a supplier wants to be paid. Nothing is paid there until somebody else has called back.

    Raises Forbidden, and Problem `bank_invalid` (422). Length and figures are looked at; the banks' own weights (modulus check)
    are theirs to give out and are not here.
    """
    if reach(person, permits.ORDER_MANAGE).nowhere():
        raise Forbidden("Business managers and the finance office enter bank details.")
    code, figures = re.sub(r"[\s-]", "", sort_code), re.sub(r"\s", "", number)
    fields = {} if name.strip() else {"name": "Whose account is it?"}
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        fields["sort_code"] = "Six figures, as in 12-34-56."
    if not re.fullmatch(r"\d{8}", figures, re.ASCII):
        fields["number"] = "Eight figures. Put noughts before a shorter one."
    if not told_how.strip():
        fields["told_how"] = "How did it reach us: a letter, an e-mail, their invoice?"
    if fields:
        raise Problem("bank_invalid", "That is no bank account in the United Kingdom.", status=422, fields=fields)
    made = SupplierBank.objects.create(
        supplier=supplier, name=name.strip()[:120], sort_code=code, last_four=figures[-4:], told_how=told_how.strip()[:200],
        hidden_number=keys_for(PURPOSE).encrypt(figures.encode()).decode(), proposed_at=timezone.now(), proposed_by=person,
    )  # fmt: skip
    audit.append([BANKS.fact(made, person.pk, person.name, kind="bank-proposed")])
    return made


@transaction.atomic
def call_back(*, bank: SupplierBank, person: Person, called_on: str, agrees: bool = True) -> SupplierBank:
    """Say that the supplier was called on a number that was on file before, and whether they confirm it.

    From a day later on it takes the place of the one before; what they do not confirm is never paid to. Raises Forbidden and
    Problem.
    """
    bank = SupplierBank.objects.select_for_update(of=("self",), no_key=True).select_related("supplier").get(pk=bank.pk)
    if not reach(person, permits.LEDGER_POST).everywhere:
        raise Forbidden("The finance office calls back. Ask the CFO.")
    if person.pk == bank.proposed_by_id:
        raise Problem("separation_of_duties", "You entered this, so someone else must call back.", status=403)
    if bank.called_back_at or bank.ended_at:
        raise Problem("decided", "They were called back already.", status=409)
    if not called_on.strip():
        says = "Which number was called, and where was it on file before the change came?"
        raise Problem("called_on", says, status=422, fields={"called_on": says})
    now = timezone.now()
    bank.called_back_at, bank.called_back_by, bank.called_on = now, person, called_on.strip()[:200]
    bank.active_from, bank.ended_at = (now + HOLD, None) if agrees else (None, now)
    bank.save(update_fields=["called_back_at", "called_back_by", "called_on", "active_from", "ended_at"])
    audit.append([BANKS.fact(bank, person.pk, person.name, kind="bank-called-back")])
    return bank


def bank_of(supplier: Supplier, moment: dt.datetime) -> SupplierBank | None:
    """Where a supplier is paid at a moment: the newest account whose day of waiting is over."""
    return SupplierBank.objects.active(moment).filter(supplier=supplier).order_by("-active_from").first()
