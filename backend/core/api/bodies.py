"""What may be sent: bodies whose every field is known, and fields that hold only what can be kept."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from backend.core.api.asking import FIRST_DAY, LAST_DAY, sound_day

MOST_FACTS = 60


class Body(serializers.Serializer[Any]):
    """The fields of a body. One that is not known is refused, so that a misspelt field is never silently lost."""

    def to_internal_value(self, data: Any) -> Any:
        """The validated fields. Raises ValidationError naming each that is wrong or not known."""
        if isinstance(data, Mapping) and (unknown := [str(name)[:80] for name in data if name not in self.fields]):
            known = ", ".join(self.fields)
            raise serializers.ValidationError({name: [f"There is no such field here. There are: {known}."] for name in unknown})
        return super().to_internal_value(data)


class LineField(serializers.CharField):
    """One line of text, trimmed; not empty unless said."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"max_length": 200, **more})

    def to_internal_value(self, data: Any) -> str:
        """Text only: a number is not quietly taken for its digits."""
        if not isinstance(data, str):
            raise serializers.ValidationError("Write this as text.")
        return str(super().to_internal_value(data))


class TextField(LineField):
    """Text of some length, which may be empty."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"max_length": 4000, "allow_blank": True, **more})


class DayField(serializers.DateField):
    """A date as YYYY-MM-DD, from 1900 to 2199."""

    def to_internal_value(self, value: Any) -> dt.date:
        """The date, if it is one that can be meant."""
        day: dt.date = super().to_internal_value(value)
        try:
            return sound_day(day)
        except ValueError as wrong:
            raise serializers.ValidationError(str(wrong)) from wrong


class MomentField(serializers.DateTimeField):
    """A moment as ISO 8601 with its offset (without one, London time is meant), from 1900 to 2199."""

    def to_internal_value(self, value: Any) -> dt.datetime:
        """The moment, if it is one that can be meant; a date alone is none."""
        if isinstance(value, str) and "T" not in value.strip().upper().replace(" ", "T"):
            raise serializers.ValidationError("Write a time as 2026-11-22T09:14:03Z.")
        moment: dt.datetime = super().to_internal_value(value)
        if not FIRST_DAY.year < moment.year < LAST_DAY.year:
            raise serializers.ValidationError(f"Write a time from {FIRST_DAY.year + 1} to {LAST_DAY.year - 1}.")
        return moment


class FactsField(serializers.DictField):
    """Facts about a thing: up to 60 names, each with a text of up to 500 letters, a number, or true or false."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The facts, if each is a plain value."""
        facts: dict[str, Any] = super().to_internal_value(data)
        if len(facts) > MOST_FACTS:
            raise serializers.ValidationError(f"At most {MOST_FACTS} facts.")
        wrong = [name[:80] for name, value in facts.items() if not plain(value) or len(name) > 60]
        if wrong:
            raise serializers.ValidationError({name: ["Write a short text, a number, true or false."] for name in wrong})
        return facts


def plain(value: Any) -> bool:
    """Whether a fact's value is a short text, a number, true or false."""
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 500)
