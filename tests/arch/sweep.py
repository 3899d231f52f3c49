"""Every address that exists, from Django's own resolver: what the matrix and other sweeps begin with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True)
class Address:
    """One address: its route as the resolver has it, and its view."""

    route: str
    view: Any

    @property
    def api(self) -> bool:
        """Whether programs ask it."""
        return self.route.startswith("api/")

    @property
    def plain(self) -> str:
        """The route without the marks of a regular expression, and with its parameters as <name> where it is one."""
        if "(?P" not in self.route and "^" not in self.route:
            return self.route
        named = PARAMETER.sub(lambda found: f"<{found[1] or found[2]}>", self.route)
        return named.replace("^", "").replace("$", "").replace("/?", "")

    def parameters(self) -> list[tuple[str, str]]:
        """(the fixed word before it, its name) of each parameter: ("assets", "id")."""
        found, word = [], ""
        for part in self.plain.split("/"):
            if match := PARAMETER.fullmatch(part):
                found.append((word, match[1] or match[2]))
            elif part:
                word = part
        return found


def addresses(patterns: Any = None, before: str = "") -> Iterator[Address]:
    """Every address that exists, API and pages alike, from the resolver itself."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield Address(route, each.callback)
