"""The benches by their names in the contract: those that are measured, and those that await what they would measure.

A test fails when the code that an awaited bench is for appears (its address, its command or its app) and the bench does not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tests.bench.measure import Bench

Benches = Callable[[dict[str, int]], Iterator[Bench]]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A bench whose code is not here yet: what brings it, and the words by which that code will be known.

    `signs` are words of an address, a command of manage.py or its choices; `apps` are apps of backend/.
    """

    brought_by: str
    signs: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()


MEASURED: Final = (
    "scan", "list", "record", "push", "compliance", "dashboard", "snapshot", "search", "qr", "phone", "evidence", "import",
    "position",
)  # fmt: skip
BY_ITSELF: Final = ("national",)
"""Benches with databases, sizes and a table of their own: a module each."""
AWAITED: Final = {
    "statements": Awaited("pay statements", signs=("statements", "statement"), apps=()),
}


def benches(name: str) -> Benches:
    """What measures the bench of that name. Raises KeyError for one that is not measured."""
    from tests.bench import importing, money, reading, writing

    measured: dict[str, Benches] = {
        "scan": reading.scan,
        "list": reading.listing,
        "record": writing.record,
        "push": writing.push,
        "compliance": reading.compliance,
        "dashboard": reading.dashboard,
        "snapshot": reading.snapshot,
        "search": reading.search,
        "qr": reading.qr,
        "phone": reading.phone,
        "evidence": reading.evidence,
        "import": importing.register,
        "position": money.position,
    }
    return measured[name]
