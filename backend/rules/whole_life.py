"""Keep something, look at it, or replace it: by its age against its usual life, and by what its repairs cost against a new one.

Pure. Money is whole pence. What a new one costs is assumed; the advice says each figure that it rests on.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from backend.rules.estate import rounded

REPLACE, LOOK, KEEP, UNKNOWN = "replace", "look", "keep", "unknown"
ADVICE: Final = {
    REPLACE: "Replace it",
    LOOK: "Look at it",
    KEEP: "Keep it",
    UNKNOWN: "Not known",
}
"""What is advised, the most pressing first."""
YEARS: Final = 3
"""Repairs of so many years are looked at."""


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of one thing: age and usual life in years, repairs of all its time and of the last three years in pence,
    what its checks cost a year, what a new one costs (None: not known), and whether something dangerous is open with it.
    """

    age: int | None
    life: int | None
    repairs: int
    lately: int
    checks: int
    new: int | None
    dangerous: bool = False

    @property
    def left(self) -> int | None:
        """Years left of its usual life; below nought when it is older."""
        return None if self.age is None or self.life is None else self.life - self.age

    @property
    def repairs_a_year(self) -> int:
        """What its repairs cost a year lately, in pence."""
        return rounded(Fraction(self.lately, max(1, min(YEARS, self.age if self.age is not None else YEARS))))

    @property
    def new_a_year(self) -> int | None:
        """What a new one costs for each year of its life, in pence."""
        return None if self.new is None or not self.life else rounded(Fraction(self.new, self.life))

    @property
    def whole(self) -> int | None:
        """What it costs over its whole life as it goes, in pence: the price of one, its repairs, its checks."""
        if self.new is None or not self.life:
            return None
        repairs = rounded(Fraction(self.repairs * self.life, self.age)) if self.age else self.repairs
        return self.new + repairs + self.checks * self.life

    @property
    def dear(self) -> bool:
        """Whether its repairs cost more a year than a new one does."""
        return self.new_a_year is not None and self.repairs_a_year > self.new_a_year

    @property
    def old(self) -> bool:
        """Whether it is past its usual life."""
        return self.left is not None and self.left <= 0

    @property
    def advice(self) -> str:
        """Replace, look, keep; unknown while neither its age nor its repairs say anything."""
        if self.old and (self.dear or self.dangerous):
            return REPLACE
        if self.old or self.dear:
            return LOOK
        return UNKNOWN if self.left is None else KEEP

    @property
    def why(self) -> tuple[str, ...]:
        """The lines that led there."""
        if self.age is None:
            age = "Nobody has said since when it is here."
        elif self.life is None:
            age = f"It is {self.age} years old; how long such things last is not known."
        else:
            age = f"It is {self.age} years old; such things usually last {self.life}."
        lines = [age]
        if self.lately:
            lines.append(f"Its repairs cost £{self.repairs_a_year / 100:,.0f} a year lately.")
        if self.new_a_year is not None:
            lines.append(f"A new one costs £{self.new_a_year / 100:,.0f} for each year of its life (assumed).")
        if self.dangerous:
            lines.append("Something unsafe or serious is open with it.")
        return tuple(lines)
