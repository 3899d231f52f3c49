"""Oakfield's money: a year, a scheme of delegation, three cost centres, a supplier, and the people who deal with it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from backend.approvals.actions.schemes import approve_scheme, propose_scheme
from backend.approvals.models import Decision, Scheme
from backend.core.days import today
from backend.core.problems import Problem
from backend.finance.actions.asking import Wanted, decide_request, put_up, write_request
from backend.finance.actions.billing import Billed, capture_invoice, clear_invoice
from backend.finance.actions.budgets import Amount, open_year, set_budget
from backend.finance.actions.chart import AccountWords, add_account, add_fund, add_supplier
from backend.finance.actions.promising import receive
from backend.finance.models import Account, BudgetLine, FinancialYear, Fund, Invoice, Order, OrderLine, Requisition, Supplier
from backend.finance.queries.position import asked
from backend.rules.commitments import Position
from backend.rules.delegation import Band
from backend.rules.money import vat_on
from backend.trust.actions.centres import add_centre, name_holder
from backend.trust.models import CostCentre, Person
from tests.conftest import World

LONG_AGO = today() - dt.timedelta(days=300)
BANDS = [
    Band(1_000_00, ("budget-holder",)),
    Band(5_000_00, ("budget-holder", "headteacher")),
    Band(20_000_00, ("headteacher", "cfo"), quotes=3),
    Band(None, ("cfo", "trust-leader"), quotes=3, tender=True),
]


@dataclass
class Money:
    """What the tests of money speak of. Amounts in pence."""

    world: World
    year: FinancialYear
    fund: Fund
    accounts: dict[str, Account]
    science: CostCentre
    premises: CostCentre
    central: CostCentre
    supplier: Supplier
    scheme: Scheme

    @property
    def teacher(self) -> Person:
        """A teacher of Oakfield."""
        return self.world.person("staff", school=self.world.oakfield.school)

    @property
    def holder(self) -> Person:
        """Who holds Oakfield's science budget."""
        return self.world.person("budget-holder", school=self.world.oakfield.school)

    @property
    def head(self) -> Person:
        """Oakfield's headteacher."""
        return self.world.person("headteacher", school=self.world.oakfield.school)

    @property
    def sbm(self) -> Person:
        """Oakfield's business manager."""
        return self.world.person("sbm", school=self.world.oakfield.school)

    @property
    def cfo(self) -> Person:
        """The trust's CFO."""
        return self.world.person("cfo")

    def budget(
        self, pence: int, *, centre: CostCentre | None = None, account: str = "resources", control: str = "stop"
    ) -> BudgetLine:
        """Put money on a line."""
        centre = centre or self.science
        amount = Amount(centre, self.accounts[account], self.fund, pence)
        set_budget(person=self.cfo, year=self.year, amounts=[amount], reason="The first budget")
        line = BudgetLine.objects.get(centre=centre, account=self.accounts[account], year=self.year)
        BudgetLine.objects.filter(pk=line.pk).update(control=control)
        return line

    def request(self, line: BudgetLine, *pence: int, person: Person | None = None, **more: Any) -> Requisition:
        """Ask for something in so many lines, without putting it up."""
        site = self.world.oakfield.pk if line.account.is_premises else None
        lines = [Wanted(f"Part {n}", each, line, site_id=site) for n, each in enumerate(pence, 1)]
        supplier = more.pop("supplier", self.supplier)
        return write_request(
            person=person or self.teacher, need="Microscopes", centre=line.centre, supplier=supplier, lines=lines, **more
        )

    def ordered(self, line: BudgetLine, *pence: int) -> Order:
        """Ask, put up, and agree by everybody who has to."""
        requisition = self.request(line, *pence)
        put_up(requisition=requisition, person=self.teacher)
        return self.agreed(requisition)

    def agreed(self, requisition: Requisition) -> Order:
        """Everybody agrees who has to."""
        for person in (self.holder, self.head, self.cfo):
            try:
                found = decide_request(requisition=requisition, person=person, kind=Decision.Kind.AGREE)
            except Problem as refused:
                if refused.code not in {"forbidden", "limit_exceeded"}:
                    raise
            else:
                if found:
                    return found
        raise AssertionError("nobody made an order of it")

    def came(self, line: OrderLine, pence: int) -> None:
        """Say that so much of an order line came."""
        receive(line=line, person=self.teacher, net_pence=pence, on=today(), today=today())

    def billed(self, line: OrderLine, pence: int, reference: str, *, final: bool = False) -> Invoice:
        """Enter an invoice (a credit, below nothing) for an order line."""
        row = Billed(pence, vat_on(pence, Decimal(20)), Decimal(20), order_line=line, final=final)
        return capture_invoice(
            person=self.sbm, supplier=line.order.supplier, reference=reference, tax_point=today(), lines=[row], today=today()
        )

    def cleared(self, line: OrderLine, pence: int, reference: str, *, final: bool = False) -> Invoice:
        """The same, and clear it."""
        invoice = self.billed(line, pence, reference, final=final)
        return clear_invoice(invoice=invoice, person=self.cfo, today=today())

    def everywhere(self, line: BudgetLine) -> Position:
        """How the line stands; the cost centre, the school and the trust, which have nothing else, have to stand the same."""
        every = list(CostCentre.objects.values_list("pk", flat=True))
        key = (line.centre_id, line.account_id, line.fund_id)
        found = asked("line", self.year.pk, every)[key]
        assert asked("centre", self.year.pk, every)[line.centre_id] == found
        assert asked("school", self.year.pk, every)[line.centre.school_id] == found
        assert asked("trust", self.year.pk, every)[None] == found
        return found


def financial_year(day: dt.date) -> int:
    """The year in whose September the financial year of a day began."""
    return day.year if day.month >= 9 else day.year - 1


@pytest.fixture
def money(world) -> Money:
    """Money without any budget yet."""
    return make_money(world)


def make_money(world: World) -> Money:
    """Build it in the current database."""
    cfo, trustee, school = world.person("cfo"), world.person("trustee"), world.oakfield.school
    year = open_year(person=cfo, year=financial_year(today()))
    open_year(person=cfo, year=year.pk + 1)
    fund = add_fund(person=cfo, code="GAG", name="General annual grant", kind=Fund.Kind.RESTRICTED)
    since = dt.date(2020, 9, 1)
    rows = {
        "resources": ("520010", "Learning resources", Account.Kind.SPENDING, "BAE200", ""),
        "upkeep": ("530010", "Maintenance of premises", Account.Kind.SPENDING, "BAE120", ""),
        "income": ("400010", "Grants", Account.Kind.INCOME, "BAI020", ""),
        "creditors": ("210010", "Trade creditors", Account.Kind.LIABILITY, "", "creditors"),
        "vat": ("130010", "VAT to be claimed", Account.Kind.ASSET, "", "vat"),
        "bank": ("110010", "Bank", Account.Kind.ASSET, "", "bank"),
    }
    accounts = {
        key: add_account(
            person=cfo,
            words=AccountWords(code, name, kind, since, benchmark, "sample", control=control, is_premises=key == "upkeep"),
        )
        for key, (code, name, kind, benchmark, control) in rows.items()
    }
    science, premises, central = (
        add_centre(person=cfo, code=code, name=name, school=of)
        for code, name, of in (
            ("OAK-SCI", "Science", school),
            ("OAK-PREM", "Premises", school),
            ("CEN", "Central services", None),
        )
    )
    made = Money(
        world, year, fund, accounts, science, premises, central,
        supplier=add_supplier(person=cfo, name="Lab Supplies Ltd", company_number="01234567"),
        scheme=propose_scheme(person=cfo, title="Scheme of delegation", starts_on=LONG_AGO, bands=BANDS),
    )  # fmt: skip
    approve_scheme(scheme=made.scheme, person=trustee, minute="Board, 8 July, item 6")
    name_holder(person=cfo, centre=made.science, holder=made.holder, starts_on=LONG_AGO)
    assert all([made.teacher, made.head, made.sbm])  # people are made when they are first asked for: here, once for all
    return made
