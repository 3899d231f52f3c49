"""What money is sorted by: funds, nominal accounts, suppliers. The finance office keeps these lists."""

import datetime as dt
import re
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Final

from django.db import transaction

from backend.core import audit
from backend.core.problems import Problem
from backend.finance.actions.ledger import require_ledger
from backend.finance.evidence import ACCOUNTS, FUNDS, SUPPLIERS
from backend.finance.lists import benchmarks
from backend.finance.models import Account, Fund, Supplier
from backend.maintenance.models import Contractor
from backend.trust.models import Person

BEGINS: Final = {Account.Kind.SPENDING: "BAE", Account.Kind.INCOME: "BAI"}
"""How the benchmark code of an account begins."""
VAT_NUMBER: Final = re.compile(r"(GB)?(\d{9}|\d{12})")


@dataclass(frozen=True, slots=True)
class AccountWords:
    """What a nominal account says. `version` is that of the chart of accounts it was taken from, "own" for the trust's."""

    code: str
    name: str
    kind: Account.Kind
    active_from: dt.date
    benchmark: str = ""
    version: str = "own"
    is_capital: bool = False
    is_premises: bool = False
    control: str = ""
    vat_percent: Decimal = Decimal(20)


@transaction.atomic
def add_fund(*, person: Person, code: str, name: str, kind: Fund.Kind, terms: str = "") -> Fund:
    """Add a fund. Raises Forbidden, and Problem (422; 409 for a code that is there)."""
    require_ledger(person)
    if not re.fullmatch(r"[A-Z0-9-]{2,12}", code) or not name.strip():
        says = "Two to twelve letters and figures, as in GAG."
        raise Problem("fund", "Something is missing.", status=422, fields={"code": says})
    if Fund.objects.filter(pk=code).exists():
        raise Problem("exists", f"There is a fund {code} already.", status=409)
    made = Fund.objects.create(code=code, name=name.strip()[:120], kind=kind, terms=terms.strip()[:500])
    audit.append([FUNDS.fact(made, person.pk, person.name, kind="fund-added")])
    return made


@transaction.atomic
def add_account(*, person: Person, words: AccountWords) -> Account:
    """Add a nominal account. Raises Forbidden, and Problem with what is wrong (422; 409 for a code that is there).

    What is spent or taken in has the line that the department compares by, which gives the line of a maintained school too.
    """
    require_ledger(person)
    lines, fields = benchmarks().lines, {}
    if not re.fullmatch(r"\d{6}", words.code, re.ASCII):
        fields["code"] = "Six digits; the last is 0 for the department's own accounts, 1 to 9 for the trust's."
    if not words.name.strip():
        fields["name"] = "Give it a name."
    if begins := BEGINS.get(words.kind):
        if words.benchmark not in lines or not words.benchmark.startswith(begins):
            fields["benchmark"] = (
                f"A code that begins with {begins}, as in {next(each for each in lines if each.startswith(begins))}."
            )
    elif words.benchmark:
        fields["benchmark"] = "Only what is spent or taken in is compared."
    if fields:
        raise Problem("account", "Something is missing.", status=422, fields=fields)
    if Account.objects.filter(pk=words.code).exists():
        raise Problem("exists", f"There is an account {words.code} already.", status=409)
    if words.control and (other := Account.objects.filter(control=words.control).first()):
        raise Problem("exists", f"{other} is for that already.", status=409)
    line = lines.get(words.benchmark)
    made = Account.objects.create(**asdict(words), cfr=line.cfr if line else "")
    audit.append([ACCOUNTS.fact(made, person.pk, person.name, kind="account-added")])
    return made


@transaction.atomic
def add_supplier(
    *, person: Person, name: str, company_number: str = "", vat_number: str = "", contractor: Contractor | None = None
) -> Supplier:
    """Add somebody who is paid. Raises Forbidden, and Problem (422; 409 for a company number that is there)."""
    require_ledger(person)
    company, vat = company_number.strip().upper(), re.sub(r"\s", "", vat_number.upper())
    fields = {} if name.strip() else {"name": "What are they called?"}
    if company and not re.fullmatch(r"[A-Z0-9]{8}", company, re.ASCII):
        fields["company_number"] = "Eight letters and figures, as Companies House writes it."
    if vat and not VAT_NUMBER.fullmatch(vat):
        fields["vat_number"] = "Nine figures, with or without GB before them."
    if fields:
        raise Problem("supplier", "Something is missing.", status=422, fields=fields)
    if company and (twin := Supplier.objects.filter(company_number=company).first()):
        raise Problem("exists", f"{twin.name} has that company number already.", status=409)
    made = Supplier.objects.create(name=name.strip()[:200], company_number=company, vat_number=vat, contractor=contractor)
    audit.append([SUPPLIERS.fact(made, person.pk, person.name, kind="supplier-added")])
    return made
