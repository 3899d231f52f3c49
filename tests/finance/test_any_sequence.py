"""Whatever is asked for, agreed to, received, billed, credited, cancelled and moved, in whatever order: the position is what a
plain account kept beside it says, at each of the four levels, and verify finds nothing."""

import random
from dataclasses import dataclass, field

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core.problems import Problem
from backend.finance.actions.asking import put_up, take_back
from backend.finance.actions.budgets import move_budget
from backend.finance.actions.promising import close_order
from backend.finance.models import BudgetLine, Order, OrderLine, Requisition, Supplier
from backend.finance.queries.position import asked
from backend.rules.commitments import NOTHING, Position
from backend.trust.models import CostCentre
from tests.finance.conftest import Money
from tests.finance.test_walk_through import faults


@dataclass
class Kept:
    """What somebody with pencil and paper keeps of an order line."""

    ordered: int
    came: int = 0
    left: int = 0
    billed: int = 0
    relieved: int = 0
    open: bool = True
    final: bool = False

    @property
    def accrued(self) -> int:
        """Came, and not billed."""
        return max(0, min(self.came - self.relieved, self.left))


@dataclass
class Paper:
    """The plain account: budgets, what waits, and order lines, by budget line."""

    money: Money
    chance: random.Random
    budget: dict[BudgetLine, int] = field(default_factory=dict)
    waiting: dict[Requisition, tuple[BudgetLine, int]] = field(default_factory=dict)
    lines: dict[OrderLine, tuple[BudgetLine, Kept]] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    bills: int = 0

    def says(self, line: BudgetLine) -> Position:
        """How a budget line stands by the account."""
        kept = [each for of, each in self.lines.values() if of == line]
        return Position(
            self.budget[line], sum(each.billed for each in kept), sum(each.accrued for each in kept),
            sum(each.left - each.accrued for each in kept), sum(pence for of, pence in self.waiting.values() if of == line),
        )  # fmt: skip

    def ask(self) -> None:
        """Ask for something; it waits."""
        line, pence = self.chance.choice(list(self.budget)), self.chance.randrange(1, 900_00)
        supplier = Supplier.objects.create(name=f"Supplier {Supplier.objects.count()}")
        request = self.money.request(line, pence, supplier=supplier)
        try:
            put_up(requisition=request, person=self.money.teacher)
        except Problem as refused:
            assert refused.code == "over_budget" and pence > self.says(line).available
            return
        self.waiting[request] = (line, pence)

    def take_back(self) -> None:
        """Take a request back."""
        if self.waiting:
            request = self.chance.choice(list(self.waiting))
            take_back(requisition=request, person=self.money.teacher)
            del self.waiting[request]

    def order(self) -> None:
        """Agree to a request that waits."""
        if not self.waiting:
            return
        request = self.chance.choice(list(self.waiting))
        line, pence = self.waiting[request]
        try:
            order = self.money.agreed(request)
        except Problem as refused:
            assert refused.code == "budget_changed" and pence > self.says(line).available
            return
        del self.waiting[request]
        self.orders.append(order)
        self.lines[order.lines.get()] = (line, Kept(pence, left=pence))

    def some(self) -> tuple[OrderLine, Kept] | None:
        """An order line that is open."""
        found = [(line, kept) for line, (_, kept) in self.lines.items() if kept.open]
        return self.chance.choice(found) if found else None

    def receive(self) -> None:
        """Something came of an order line."""
        if (found := self.some()) and found[1].came < found[1].ordered:
            pence = self.chance.randrange(1, found[1].ordered - found[1].came + 1)
            self.money.came(found[0], pence)
            found[1].came += pence

    def bill(self) -> None:
        """What came is billed, a little above it at most; sometimes for the last time."""
        if not (found := self.some()) or found[1].came <= found[1].billed or found[1].final:
            return
        line, kept = found
        pence, final = self.chance.randrange(1, kept.came - kept.billed + 1), self.chance.random() < 0.3
        self.bills += 1
        self.money.cleared(line, pence, f"B-{self.bills}", final=final)
        taken = min(pence, kept.left)
        kept.billed, kept.relieved, kept.left = kept.billed + pence, kept.relieved + taken, kept.left - taken
        kept.left, kept.final = 0 if final else kept.left, final

    def credit(self) -> None:
        """Money comes back; nothing is promised by it."""
        if (found := self.some()) and found[1].billed > 0:
            pence = self.chance.randrange(1, found[1].billed + 1)
            self.bills += 1
            self.money.cleared(found[0], -pence, f"B-{self.bills}")
            found[1].billed -= pence

    def close(self) -> None:
        """The rest of an order is cancelled."""
        if self.orders:
            order = self.orders.pop(self.chance.randrange(len(self.orders)))
            kept = self.lines[order.lines.get()][1]
            answer = close_order(order=order, person=self.money.sbm, why="Not needed any more")
            assert answer["released"] == kept.left
            kept.left, kept.open = 0, False

    def move(self) -> None:
        """Money is moved from line to line, if it is free."""
        source, target = self.chance.sample(list(self.budget), 2)
        pence = self.chance.randrange(1, 2_000_00)
        try:
            move_budget(person=self.money.cfo, source=source, target=target, pence=pence, reason="Needed there")
        except Problem as refused:
            assert refused.code == "over_budget" and pence > self.says(source).available
            return
        self.budget[source] -= pence
        self.budget[target] += pence

    def compared(self) -> None:
        """The four levels against the account: the parts come to the whole."""
        year, every = self.money.year.pk, list(CostCentre.objects.values_list("pk", flat=True))
        found = asked("line", year, every)
        for line in self.budget:
            assert found[line.centre_id, line.account_id, line.fund_id] == self.says(line)
        sums = {level: sum(asked(level, year, every).values(), NOTHING) for level in ("centre", "school", "trust")}
        assert set(sums.values()) == {sum(found.values(), NOTHING)}
        assert all(position.available >= 0 for position in found.values())


STEPS = ["ask", "order", "order", "receive", "receive", "bill", "bill", "credit", "close", "move", "take_back"]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.integers(0, 10**6))
def test_the_position_is_what_a_plain_account_says_after_every_step(money, seed):
    with transaction.atomic():
        paper = Paper(money, random.Random(seed))
        for centre, account in ((money.science, "resources"), (money.premises, "upkeep")):
            paper.budget[money.budget(3_000_00, centre=centre, account=account)] = 3_000_00
        for step in ["ask", "order", "receive", *paper.chance.choices(STEPS, k=25)]:
            getattr(paper, step)()
            paper.compared()
        assert any(kept.came for _, kept in paper.lines.values()), "nothing happened, so nothing was proved"
        assert faults() == []
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what PostgreSQL would say at commit
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)
