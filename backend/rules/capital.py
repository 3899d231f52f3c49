"""Capital projects: what one costs in a year, who pays for it, and which are chosen under a budget.

Pure: figures in, figures out. Money is whole pence, rates are hundredths of a per cent. Years are counted from the first of
a plan, 0. The choosing is done by a solver (HiGHS); what is asked of it stands in `choose`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any, Final

from backend.rules.estate import rate, read, rounded

SCA, CIF, OWN = "sca", "cif", "own"
HORIZONS: Final = (1, 5, 10)
SECONDS: Final = 5.0
"""How long the solver may take; then the best plan found so far counts, and is said to be no more than that."""
GAP: Final = 0.001
"""The solver stops when no other plan can take away more risk than by this share."""
HALF: Final = 0.5
SETTINGS: Final = {"threads": 1, "random_seed": 1, "mip_rel_gap": GAP}
TOO_DEAR: Final = "What you put into the plan costs more than its money. Give it more money, or take something out again."
OBJECTIVE: Final = (
    "The plan that takes away the most risk, soonest: each project's points count once for every year of the plan that they are "
    "gone. Of plans that do as much, the cheaper one."
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a bid is judged by: how many of 100 marks, and what is asked for."""

    key: str
    title: str
    marks: int
    asks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Funding:
    """The routes of one edition of the rules. `most_fees`: fees from this share of the works on weigh against a bid."""

    edition: str
    source: str
    seen: bool
    titles: Mapping[str, str]
    words: Mapping[str, str]
    least_academies: int
    least_pupils: int
    ends: dt.date
    ends_words: str
    most_fees: int
    criteria: tuple[Criterion, ...]


def read_funding(schedules: Path) -> Funding:
    """Read `funding.yaml`. Raises KeyError or ValueError for a slip in it: it is part of the program, and tested."""
    said = read(schedules, "funding")
    return Funding(
        edition=said["edition"],
        source=said["source"],
        seen=said["seen"],
        titles={key: said[key]["title"] for key in (SCA, CIF, OWN)},
        words={key: said[key]["words"] for key in (SCA, CIF, OWN)},
        least_academies=said["sca"]["least_academies"],
        least_pupils=said["sca"]["least_pupils"],
        ends=said["cif"]["ends"],
        ends_words=said["cif"]["ends_words"],
        most_fees=said["cif"]["most_fees"],
        criteria=tuple(Criterion(each["key"], each["title"], each["marks"], each["asks"]) for each in said["criteria"]),
    )


@dataclass(frozen=True, slots=True)
class Route:
    """Who pays for large works of a trust, and the line that says why."""

    key: str
    why: str


def route_of_trust(funding: Funding, academies: int, pupils: int, unknown: int) -> Route:
    """The route of a trust with so many academies and pupils; `unknown` academies do not say how many pupils they have."""
    enough = academies >= funding.least_academies and pupils >= funding.least_pupils
    said = f"{academies} {'academy' if academies == 1 else 'academies'} with {pupils:,} pupils"
    if unknown:
        said += f" ({unknown} without a number of pupils)"
    asked = f"{funding.least_academies} academies and {funding.least_pupils:,} pupils"
    return Route(SCA, f"{said}: at least {asked}.") if enough else Route(CIF, f"{said}: fewer than {asked}.")


def route_of_project(trust: Route, works_pence: int | None, small: int) -> str:
    """The route of one project: works below `small` pence are the school's own to pay; without a price, the trust's route."""
    return OWN if works_pence is not None and works_pence < small else trust.key


@dataclass(frozen=True, slots=True)
class Cost:
    """What a project costs in a year, line by line, in pence: the works at that year's prices, the unexpected, fees."""

    works: int
    unexpected: int
    fees: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.works + self.unexpected + self.fees


def cost_in(works: int, year: int, *, rise: int, unexpected: int, fees: int) -> Cost:
    """What works at today's prices cost in a year of the plan. Each line is rounded once, to whole pence."""
    then = rounded(Fraction(works) * (1 + rate(rise)) ** year)
    return Cost(then, rounded(Fraction(then) * rate(unexpected)), rounded(Fraction(then) * rate(fees)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project to choose from: points of risk that it takes away, and its cost in each year of the plan, in pence."""

    key: str
    points: int
    costs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decided over the solver's head: in the plan, in one year of it (`year`), or out of it."""

    wanted: bool
    year: int | None = None


@dataclass(slots=True)
class Plan:
    """What was chosen: project -> year; `within`: no plan takes away more than by this share (hundredths of a per cent);
    `fault` why there is no plan at all.
    """

    years: dict[str, int] = field(default_factory=dict)
    within: int = 0
    fault: str = ""

    def spent(self, those: Sequence[Candidate], years: int) -> list[int]:
        """Pence in each year."""
        found = [0] * years
        for each in those:
            if each.key in self.years:
                found[self.years[each.key]] += each.costs[self.years[each.key]]
        return found


def choose(
    those: Sequence[Candidate], budgets: Sequence[int], choices: Mapping[str, Choice], *, carry: bool, seconds: float = SECONDS
) -> Plan:
    """The projects that take away the most risk under a budget for each year (`OBJECTIVE`).

    `carry`: what a year leaves over may be spent in the next. `choices` are kept, whatever they cost the plan. There is
    no plan, and a fault in words, when what must be in does not fit the money.
    """
    if not those:
        return Plan()
    solver, taken = asked_of(those, budgets, choices, carry)
    solver.setOptionValue("time_limit", seconds)
    solver.run()
    solution = solver.getSolution()
    if not solution.value_valid:
        return Plan(fault=TOO_DEAR)
    found = {
        key: year for key, columns in taken.items() for year, one in enumerate(columns) if solution.col_value[one.index] > HALF
    }
    return Plan(found, within=ceil(max(0.0, solver.getInfo().mip_gap) * 10_000))


def asked_of(
    those: Sequence[Candidate], budgets: Sequence[int], choices: Mapping[str, Choice], carry: bool
) -> tuple[Any, dict[str, list[Any]]]:
    """The question as the solver takes it: a yes or no for each project and year, the limits, and what is to be the most."""
    from highspy import Highs, ObjSense

    years = len(budgets)
    solver: Any = Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    for name, value in SETTINGS.items():
        solver.setOptionValue(name, value)
    taken = {each.key: [solver.addBinary() for _ in range(years)] for each in those}
    for key, columns in taken.items():
        held, chosen = choices.get(key), sum(columns, start=0)
        solver.addConstr(chosen == 1 if held and held.wanted else chosen <= (0 if held else 1))
        if held and held.wanted and held.year is not None:
            solver.addConstr(columns[held.year] + 0 == 1)
    spending = [sum((each.costs[year] * taken[each.key][year] for each in those), start=0) for year in range(years)]
    for year in range(years):
        first = 0 if carry else year
        solver.addConstr(sum(spending[first : year + 1], start=0) <= sum(budgets[first : year + 1]))
    dear = 1 + len(those) * max(max(each.costs) for each in those)  # so that no saving outweighs a point
    worth = (
        (each.points * (years - year) - each.costs[year] / dear) * taken[each.key][year]
        for each in those
        for year in range(years)
    )
    solver.setObjective(sum(worth, start=0), ObjSense.kMaximize)
    return solver, taken
