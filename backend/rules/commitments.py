"""What an order line promises, what an invoice takes of it, what is left to spend. In whole pence, net of VAT that comes back.

For each order line at all times: ordered = relieved by invoices + released + outstanding. An invoice relieves what it comes to,
and never more than is outstanding; a final one releases what is left.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Promise:
    """An order line: what was ordered, and what became of it."""

    ordered: int
    relieved: int = 0
    released: int = 0

    @property
    def outstanding(self) -> int:
        """What is still promised."""
        return self.ordered - self.relieved - self.released


def invoiced(promise: Promise, net: int, *, final: bool) -> Promise:
    """The promise after an invoice (or, below nothing, a credit) of `net` against it.

    A credit raises no promise: what was bought is not ordered anew by it.
    """
    relieved = min(max(net, 0), promise.outstanding)
    left = promise.outstanding - relieved
    return Promise(promise.ordered, promise.relieved + relieved, promise.released + (left if final else 0))


def released(promise: Promise) -> Promise:
    """The promise after its order was cancelled or closed short: what was invoiced stays, the rest is free again."""
    return Promise(promise.ordered, promise.relieved, promise.released + promise.outstanding)


@dataclass(frozen=True, slots=True)
class Position:
    """How a budget stands. `pending` (asked for, not yet approved) stands beside it and is never part of what is available."""

    budget: int = 0
    actual: int = 0
    accrued: int = 0
    committed: int = 0
    pending: int = 0

    @property
    def available(self) -> int:
        """What may still be promised: budget − actual − accrued − committed."""
        return self.budget - self.actual - self.accrued - self.committed

    def __add__(self, other: "Position") -> "Position":
        """Two budgets together."""
        return Position(
            self.budget + other.budget, self.actual + other.actual, self.accrued + other.accrued,
            self.committed + other.committed, self.pending + other.pending,
        )  # fmt: skip


NOTHING: Final = Position()


def accrued_of(promise: Promise, received: int) -> int:
    """What of a promise was received and not yet invoiced, in pence: it is owed, so it counts as accrued and no longer as
    promised. It is never counted as both."""
    return max(0, min(received - promise.relieved, promise.outstanding))
