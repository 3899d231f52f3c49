"""The routes that exist against the routes that are declared: what is missing is named with the line to add."""

import re
from typing import Any

from django.test import RequestFactory

from tests.arch.sweep import Address
from tests.matrix.addresses import every
from tests.matrix.declared import lines

UNASKED = {"HEAD", "OPTIONS"}
HELPED = "tests/matrix/declared"


def methods(address: Address) -> set[str]:
    """The methods that an address takes, from the view itself: its class's, or what its refusal of another allows."""
    cls = getattr(address.view, "cls", None) or getattr(address.view, "view_class", None)
    actions = getattr(address.view, "actions", None)
    if cls is not None:
        names = set(actions) if actions else {name for name in cls.http_method_names if hasattr(cls, name)}
        return {name.upper() for name in names} - UNASKED
    answer: Any = refused(address)
    if answer is None:
        return {"GET", "POST"}
    return {each.strip() for each in answer.headers["Allow"].split(",")} - UNASKED


def refused(address: Address) -> Any:
    """The refusal of a method that nobody takes; None where the view does not look at the method."""
    try:
        answer = address.view(RequestFactory().generic("BREW", "/"))
    except Exception:
        return None
    return answer if answer.status_code == 405 else None


def missing() -> list[str]:
    """What to add for each route and method that has no line; and what to take out for those that are gone."""
    declared = {(line.route, line.method) for line in lines()}
    there = {(address.plain, method) for address in every().values() for method in methods(address)}
    return [*map(to_add, sorted(there - declared)), *map(to_remove, sorted(declared - there))]


def to_add(pair: tuple[str, str]) -> str:
    """The line to add for a route."""
    route, method = pair
    part = "phone" if route.startswith("api/v1/field/") else "api" if route.startswith("api/") else "office"
    named = re.search(r"<", route)
    do = ', Rule(do=<the permit to do it>), body=lambda world, column, key: {"…": "…"}' if route.startswith("api/") else (
        ', Rule(do=<the permit to do it>, area=(ESTATE_VIEW,)), form=lambda world, column, key: {"…": "…"}'
    )  # fmt: skip
    if method == "GET":
        how = f'yield from one("{route}", "<sort of row>", Rule(see=(<permit>,)))' if named else f'yield plain("{route}")'
    else:
        how = f'yield from act("{route}", "<sort of row>"{do}, method="{method}")' if named else (
            f'yield plain("{route}", method="{method}", body={{…}})'
        )  # fmt: skip
    return f"{method} /{route} has no line. In {HELPED}/{part}.py add for example: {how}; then: python -m tests.matrix write"


def to_remove(pair: tuple[str, str]) -> str:
    """A declared line whose route is gone."""
    return f"{pair[1]} /{pair[0]} is declared and does not exist: take its lines out of {HELPED}/."
