"""How bad an open exposure is: likelihood (1 to 5) times consequence (1 to 5), each explained step by step.

Pure: facts in, a score with its steps out. The figures stand in `schedules/estate/risk.yaml`, checks' weights in the library.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from backend.rules.estate import Estate

LIKELIHOOD: Final = "likelihood"
CONSEQUENCE: Final = "consequence"
OVERDUE, UNPROVED, UNSATISFACTORY, DEFECT, DOCUMENT, CONDITION, SINGLE, CONTRACTOR = (
    "overdue", "unproved", "unsatisfactory", "defect", "document", "condition", "single-point", "contractor",
)  # fmt: skip
KINDS: Final = {
    OVERDUE: "Overdue check",
    UNPROVED: "Check with nothing recorded",
    UNSATISFACTORY: "Report that was not satisfactory",
    DEFECT: "Dangerous or serious problem",
    DOCUMENT: "Missing or expired document",
    CONDITION: "Poor condition",
    SINGLE: "Single point of failure",
    CONTRACTOR: "Contractor's papers",
}
"""Every sort of exposure, by its key. What is not known (unproved, missing) is one: unknown counts as not compliant."""
WEIGHTS: Final = {1: "paperwork", 2: "cost", 3: "injury", 4: "serious injury", 5: "life safety"}
LEAST_SCORE, MOST_SCORE = 1, 5
UNKNOWN: Final = "Nothing is recorded of it here, so nobody knows. What is not known is not fine."
NOT_PUT_RIGHT: Final = "The last report was not satisfactory, and what it found is not put right."
MANY_MISSES: Final = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation: what it is about (likelihood or consequence), the points it gives or takes, and why."""

    axis: str
    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Score:
    """Likelihood and consequence, each from 1 to 5, and the steps that led there."""

    steps: tuple[Step, ...]

    @property
    def likelihood(self) -> int:
        """The sum of its steps, at least 1 and at most 5."""
        return self.of(LIKELIHOOD)

    @property
    def consequence(self) -> int:
        """The sum of its steps, at least 1 and at most 5."""
        return self.of(CONSEQUENCE)

    @property
    def score(self) -> int:
        """1 to 25."""
        return self.likelihood * self.consequence

    def of(self, axis: str) -> int:
        """The sum of the steps of one axis, within 1 and 5."""
        total = sum(each.points for each in self.steps if each.axis == axis)
        return min(MOST_SCORE, max(LEAST_SCORE, total))


def scored(likely: Iterable[tuple[int, str]], matters: tuple[int, str]) -> Score:
    """A score of its steps; those of no points are left out, except the first."""
    steps = [Step(LIKELIHOOD, points, words) for points, words in likely]
    kept = [each for number, each in enumerate(steps) if number == 0 or each.points]
    return Score((*kept, Step(CONSEQUENCE, *matters)))


def of_weight(weight: int, reason: str = "") -> tuple[int, str]:
    """The consequence of a check's weight in the library."""
    return weight, f"The law library weighs this check {weight} of 5: {WEIGHTS[weight]}." + (f" {reason}." if reason else "")


def overdue(estate: Estate, *, weight: int, reason: str, days_late: int, interval_days: int | None, misses: int) -> Score:
    """A check past its date. `interval_days` is about how often it is owed (None: once); `misses` of the last twelve months."""
    by = estate.likelihood[OVERDUE]
    late = f"{days_late} day{'' if days_late == 1 else 's'} late"
    steps = [(by["start"], f"It is overdue: {late}.")]
    if interval_days and days_late * 4 > interval_days:
        steps.append((by["past_quarter"], "That is more than a quarter of the time between two of these checks."))
    if interval_days and days_late >= interval_days:
        steps.append((by["past_whole"], "A whole round has gone by without it."))
    if misses >= MANY_MISSES:
        steps.append((by["misses"], f"It was missed {misses} times in the last twelve months."))
    return scored(steps, of_weight(weight, reason))


def unproved(estate: Estate, *, weight: int, reason: str) -> Score:
    """A check that is in date by its dates alone: nothing is recorded of it here."""
    start = estate.likelihood[UNPROVED]["start"]
    return scored([(start, UNKNOWN)], of_weight(weight, reason))


def unsatisfactory(estate: Estate, *, weight: int, reason: str) -> Score:
    """A check that was done, and found something that is not put right."""
    start = estate.likelihood[UNSATISFACTORY]["start"]
    return scored([(start, NOT_PUT_RIGHT)], of_weight(weight, reason))


def defect(estate: Estate, *, unsafe: bool, made_safe: bool, barred: bool, days_past_target: int, accepted: bool) -> Score:
    """An open defect that is unsafe, serious, or because of which something must not be used (`barred`)."""
    by = estate.likelihood[DEFECT]
    if made_safe:
        steps = [(by["made_safe"], "It was made safe for the time being.")]
    elif unsafe:
        steps = [(by["unsafe"], "It is unsafe, and nobody has said that it was made safe.")]
    else:
        steps = [(by["serious"], "It must not be used." if barred else "It is serious and open.")]
    if days_past_target > 0:
        steps.append((by["past_target"], f"It should have been put right {days_past_target} days ago."))
    if accepted:
        steps.append((by["accepted"], "Somebody has agreed to live with it for now."))
    matters = "unsafe" if unsafe or barred else "serious"
    words = "Somebody could be badly hurt." if matters == "unsafe" else "It was called serious by who found it."
    return scored(steps, (estate.consequence[matters], words))


def document(estate: Estate, *, days_expired: int | None, weight: int | None) -> Score:
    """A document that is missing (`days_expired` None) or has expired; `weight` of the check that makes it, if there is one."""
    by = estate.likelihood[DOCUMENT]
    if days_expired is None:
        steps = [(by["missing"], "It is not here. What cannot be shown counts as not done.")]
    else:
        steps = [(by["expired"], f"It ran out {days_expired} days ago.")]
        if days_expired > by["long_days"]:
            steps.append((by["long_expired"], f"That is more than {by['long_days']} days."))
    matters = of_weight(weight) if weight else (estate.consequence[DOCUMENT], "A document that an inspector asks for.")
    return scored(steps, matters)


def condition(estate: Estate, *, grade: str, priority: int, years_past: int) -> Score:
    """Something in poor or bad condition by a survey; `years_past` is by how many years its year is over."""
    by = estate.likelihood[CONDITION]
    steps = [(by[grade], f"The survey graded it {grade}: {estate.grades[grade].lower()}.")]
    if years_past > 0:
        steps.append((by["past_its_year"], f"It was to be done {years_past} year{'' if years_past == 1 else 's'} ago."))
    words = f"The survey gave it priority {priority}: {estate.priorities[priority].lower()}."
    return scored(steps, (estate.consequence["condition_priority"][priority], words))


def single_point(estate: Estate, *, only: str, weight: int | None, years_past_life: int, open_defects: int) -> Score:
    """Something of which there is one only: `only` says what stops without it."""
    by = estate.likelihood["single_point"]
    steps = [(by["start"], only)]
    if years_past_life > 0:
        steps.append((by["past_life"], f"It is {years_past_life} years older than such things usually become."))
    if open_defects:
        steps.append((by["open_defect"], "There is an open problem with it."))
    return scored(
        steps, of_weight(weight) if weight else (estate.consequence["single_point"], "The school would have to do without.")
    )


def contractor(estate: Estate, *, missing: str, at_work: bool) -> Score:
    """A firm whose papers do not let it work here; `at_work`: it has work in hand or a visit to come."""
    by = estate.likelihood[CONTRACTOR]
    steps = [(by["start"], f"Against it stands: {missing}")]
    if at_work:
        steps.append((by["at_work"], "It has work in hand here, or a visit to come."))
    words = "Work by a firm without valid papers may not be insured, or not be lawful."
    return scored(steps, (estate.consequence[CONTRACTOR], words))
