"""The sentences of risk: on the page and in the board paper alike."""

from typing import Any, Final

from backend.core.templatetags.words import counted, number

WORST_FIRST: Final = ("severe", "high", "medium", "low")
"""The bands in their order: figures that were frozen come back with their keys in another."""


def money(pence: int | None) -> str:
    """Pounds without pence, for sums of many estimates: "£12,340". "not known" for None."""
    return "not known" if pence is None else f"£{(pence + 50) // 100:,}"


def bands_words(bands: dict[str, int]) -> str:
    """ "3 severe, 14 high, 20 medium and 7 low"."""
    parts = [f"{number(bands[key])} {key}" for key in WORST_FIRST]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def headline(figures: dict[str, Any]) -> str:
    """The answer of the page: how many of which severity, and what putting them right costs."""
    sums = figures["all"]
    if not sums["total"]:
        return "Nothing open that could hurt somebody or cost the trust is known."
    severe = figures["pupils_under_severe"]
    where = ""
    if severe["schools"]:
        where = f" Something severe is open at {counted(severe['schools'], 'school')} with {counted(severe['pupils'], 'pupil')}."
    cost = f"Putting right what has a price comes to {money(sums['pence'])}."
    return f"{counted(sums['total'], 'open exposure')}: {bands_words(sums['bands'])}.{where} {cost}"
