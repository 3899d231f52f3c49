"""What is declared of every address: one module for each part of Siteward."""

from collections import Counter
from functools import cache

from tests.matrix.declared import (
    account,
    api,
    applying,
    calendar,
    capital,
    contractors,
    doors,
    events,
    labels,
    lists,
    maps,
    notices,
    office,
    people,
    phone,
    proof,
    register,
    risk,
    setting_up,
    work,
)
from tests.matrix.lines import Line

PARTS = (
    doors,
    account,
    office,
    people,
    api,
    phone,
    applying,
    calendar,
    capital,
    contractors,
    events,
    labels,
    lists,
    maps,
    notices,
    proof,
    register,
    risk,
    setting_up,
    work,
)


@cache
def lines() -> tuple[Line, ...]:
    """Every line of the matrix, in the table's order."""
    made = [line for part in PARTS for line in part.lines()]
    twice = [key for key, number in Counter(line.key for line in made).items() if number > 1]
    assert not twice, f"declared twice: {twice}"
    return tuple(sorted(made, key=lambda line: (line.route.startswith("api/"), line.route, line.method)))
