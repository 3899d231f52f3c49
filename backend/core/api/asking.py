"""What may be asked of a list: its filters, and nothing else. A parameter that does not exist is an error, not silence."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from rest_framework.request import Request

from backend.core.problems import Problem

FIRST_DAY: Final = dt.date(1900, 1, 1)
LAST_DAY: Final = dt.date(2199, 12, 31)


def sound_day(day: dt.date) -> dt.date:
    """The day, if it lies from 1900 to 2199: dates beyond are slips of the finger. Raises ValueError in plain words."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"Write a date from {FIRST_DAY.year} to {LAST_DAY.year}.")
    return day


def only(request: Request, known: Iterable[str]) -> None:
    """Refuse a parameter that is not known here, or is given twice. Raises Problem (400) naming it and those that exist."""
    names = sorted(set(known))
    choice = f"There are: {', '.join(names)}." if names else "This address takes none."
    asked = request.query_params
    if wrong := {name[:80]: "There is no such parameter here." for name in asked if name not in names}:
        raise Problem("unknown_parameter", f"There is no parameter {', '.join(wrong)}. {choice}", fields=wrong)
    if twice := {name: "Give this once." for name in asked if len(asked.getlist(name)) > 1}:
        raise Problem("repeated_parameter", f"{', '.join(twice)} is given more than once.", fields=twice)


class DayInput(forms.DateField):
    """A date as YYYY-MM-DD."""

    def __init__(self, **more: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **more)
        self.error_messages["invalid"] = "Write a date as YYYY-MM-DD."

    def to_python(self, value: Any) -> Any:
        """The date, if it is one that can be meant."""
        day = super().to_python(value)
        try:
            return sound_day(day) if day else day
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong


class Day(django_filters.DateFilter):  # type: ignore[misc]
    """Filters by a date as YYYY-MM-DD."""

    field_class = DayInput


class KeyInput(forms.CharField):
    """A key of the statutory library; one that the library does not know is refused."""

    def __init__(self, *, known: Callable[[str], bool], what: str, **more: Any) -> None:
        super().__init__(max_length=60, **more)
        self.known, self.what = known, what

    def clean(self, value: Any) -> Any:
        """The key, if there is such a thing."""
        key = super().clean(value)
        if key and not self.known(key):
            raise ValidationError(f"There is no {self.what} with this key.")
        return key


class KeyOf(django_filters.CharFilter):  # type: ignore[misc]
    """Filters by a key of the statutory library. `known` says whether there is one, `what` names the kind of thing."""

    field_class = KeyInput

    def __init__(self, *names: str, known: Callable[[str], bool], what: str, **more: Any) -> None:
        super().__init__(*names, known=known, what=what, **more)


def words(choices: Iterable[tuple[str, str]], **more: Any) -> django_filters.ChoiceFilter:
    """A filter by one of a few fixed words; the refusal lists them."""
    pairs = list(choices)
    listed = ", ".join(value for value, _ in pairs)
    return django_filters.ChoiceFilter(choices=pairs, error_messages={"invalid_choice": f"Choose one of: {listed}."}, **more)


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of one list. At most ten, all declared: a large filter set costs more than the query it makes."""

    @classmethod
    def names(cls) -> Collection[str]:
        """The parameters it understands."""
        found: Collection[str] = cls.base_filters.keys()
        return found
