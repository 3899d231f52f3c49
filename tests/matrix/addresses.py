"""The addresses that the matrix has lines for: every one that exists, twins by a slash once."""

from functools import cache
from typing import Any

from tests.arch.sweep import PARAMETER, Address, addresses


@cache
def every() -> dict[str, Address]:
    """Plain route -> address. A twin that differs only by the slash at its end and answers by the same view is left out."""
    found: dict[str, Address] = {}
    seen: set[tuple[Any, str]] = set()
    for each in addresses():
        key = (each.view, each.plain.rstrip("/"))
        if key not in seen:
            seen.add(key)
            found[each.plain] = each
    return found


def filled(route: str, *values: object) -> str:
    """The path of a route with its parameters filled in, in their order."""
    path = route
    for value in values:
        path = PARAMETER.sub(lambda _found, value=value: str(value), path, count=1)  # type: ignore[misc]
    assert not PARAMETER.search(path), f"{route} has a parameter left over"
    return "/" + path
