"""What the sweep needs to ask every address: the addresses, what to put into them, and what must never be read.

A new route needs nothing here when its last fixed word is one of THINGS ("assets/<uuid:id>/parts" does). Otherwise the sweep
fails and says which entry is missing: that is its point.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
OPEN = {
    "healthz",
    "phone/",
    "phone/authority.crt",
    "sign-in/",
    "sign-out/",
    "api/v1/schema",
    "api/v1/auth/token",
    "api/v1/field/sign-in",
    "api/v1/field/sign-out",
    "field/",
    "field/<path:path>",
    "help/",
    "help/<slug:slug>/",
    "<code>",
}
"""Addresses that somebody not signed in may read. They hold nothing of the estate."""


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

    @property
    def open(self) -> bool:
        """Whether anybody may read it."""
        return self.plain in OPEN or (self.api and self.plain.rstrip("/") in OPEN)

    def parameters(self) -> list[tuple[str, str]]:
        """(the fixed word before it, its name) of each parameter: ("assets", "id")."""
        found, word = [], ""
        for part in self.plain.split("/"):
            if match := PARAMETER.fullmatch(part):
                found.append((word, match[1] or match[2]))
            elif part:
                word = part
        return found

    def filled(self, things: dict[tuple[str, str], str]) -> str:
        """The path with every parameter filled in. Raises LookupError naming what the sweep does not know."""
        path = self.plain
        for key in self.parameters():
            if key not in things:
                raise LookupError(f"{self.route}: nothing known to put for {key}; add it to things() in test_sweep.py")
            path = PARAMETER.sub(things[key].replace("\\", ""), path, count=1)
        return "/" + path


def addresses(patterns: Any = None, before: str = "") -> Iterator[Address]:
    """Every address that exists, API and pages alike, from the resolver itself."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield Address(route, each.callback)


def nothing(things: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """The same, for things that do not exist: what a stranger is told must not differ."""
    made = {}
    for (word, name), value in things.items():
        if re.fullmatch(r"[0-9a-f-]{36}", value):
            made[word, name] = str(uuid.uuid4())
        elif name == "sha256":
            made[word, name] = "f" * 64
        elif word in {"terms", "calendar-marks"}:
            made[word, name] = "999999999"
    return {**things, **made}
