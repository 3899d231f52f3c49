"""The columns of the matrix: everybody who may ask, with the role and the place that they are appointed to.

What a column may do is reckoned here from `permits.ROLES` (role -> permits) and from five lines of geography, apart from
`trust/scope.py`: where the two disagree, a cell goes red.
"""

from dataclasses import dataclass
from typing import Final

from backend.trust.permits import ROLES

MAIN, ANNEXE, RIVERSIDE, TRUST = "main", "annexe", "riverside", "trust"
SITES: Final = frozenset({MAIN, ANNEXE, RIVERSIDE})
"""Oakfield has two sites, its main one and an annexe; Riverside is another school of the same trust."""
LIES_IN: Final = {
    "the trust": frozenset({MAIN, ANNEXE, RIVERSIDE, TRUST}),
    "Oakfield": frozenset({MAIN, ANNEXE}),
    "Oakfield's main site": frozenset({MAIN}),
    "Riverside": frozenset({RIVERSIDE}),
}


@dataclass(frozen=True)
class Column:
    """Somebody who asks. `held` are (role, where) pairs in force today; `signed_in` is whether Siteward lets them in.

    Who has only a `past` has a session from before, which must be worth nothing.
    """

    name: str
    held: tuple[tuple[str, str], ...] = ()
    past: tuple[tuple[str, str], ...] = ()
    signed_in: bool = True
    closed: bool = False

    def reach(self, *permits: str) -> frozenset[str]:
        """The places at which they hold any of these permits."""
        return frozenset(
            place for role, where in self.held for place in LIES_IN[where] if ROLES[role].permits & frozenset(permits)
        )

    def anywhere(self, *permits: str) -> bool:
        """Whether they hold any of these permits at all."""
        return bool(self.reach(*permits))


def of_school(role: str) -> Column:
    """The role at Oakfield."""
    return Column(role, ((role, "Oakfield"),))


def of_trust(role: str) -> Column:
    """The role for the whole trust."""
    return Column(role, ((role, "the trust"),))


BY_ROLE: Final = {
    "caretaker": of_school, "site-manager": of_school, "estates-lead": of_trust, "sbm": of_school, "headteacher": of_school,
    "contractor-manager": of_school, "cfo": of_trust, "trust-leader": of_trust, "trustee": of_trust, "governor": of_school,
    "auditor": of_trust, "hr-officer": of_trust, "budget-holder": of_school, "staff": of_school, "clerk": of_school,
    "administrator": of_trust,
}  # fmt: skip
"""Where each role usually stands. A role that is missing here fails the build."""

COLUMNS: Final[tuple[Column, ...]] = (
    Column("signed out", signed_in=False),
    Column("account closed", past=(("estates-lead", "the trust"),), signed_in=False, closed=True),
    Column("appointment ended yesterday", past=(("site-manager", "Oakfield"),), signed_in=False),
    *(make(role) for role, make in BY_ROLE.items()),
    Column("site-manager of one site", (("site-manager", "Oakfield's main site"),)),
    Column("estates-lead of one school", (("estates-lead", "Oakfield"),)),
    Column("contractor-manager of one site", (("contractor-manager", "Oakfield's main site"),)),
    Column("hr-officer of one school", (("hr-officer", "Oakfield"),)),
    Column("administrator of one school", (("administrator", "Oakfield"),)),
    Column(
        "site-manager of one site, governor of the other school",
        (("site-manager", "Oakfield's main site"), ("governor", "Riverside")),
    ),
)
SIGNED_IN: Final = tuple(each for each in COLUMNS if each.signed_in)
