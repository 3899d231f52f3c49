"""What happens to money, for a world in which nearly everything has happened."""

from backend.approvals.actions.people import declare_interest, name_stand_in
from backend.core.days import today
from backend.finance.actions.budgets import move_budget
from tests.conftest import World
from tests.finance.conftest import make_money
from tests.finance.test_paying import pay_for


def fill(world: World) -> None:
    """Something is asked for, agreed to, comes, and is paid; money moves between budgets; people stand in and have interests."""
    money = make_money(world)
    line, other = money.budget(10_000_00), money.budget(500_00, centre=money.premises, account="upkeep")
    order = money.ordered(line, 600_00)
    part = order.lines.get()
    money.came(part, 600_00)
    pay_for(money, money.cleared(part, 600_00, "INV 1"))
    move_budget(person=money.cfo, source=line, target=other, pence=100_00, reason="The gutter")
    name_stand_in(absent=money.head, stands_in=money.sbm, starts_on=today(), ends_on=today(), person=money.head)
    declare_interest(person=money.head, organisation="Gutters Ltd", nature="A share in it", starts_on=today())
