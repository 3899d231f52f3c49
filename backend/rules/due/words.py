"""Dates as people here write them: "Fri 27 Nov", with the year when it is not this one. English whatever the locale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_NAMED = 3


def full_day(day: date) -> str:
    """ "Fri 27 Nov 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date, today: date) -> str:
    """ "Tue 17 Nov", or with its year when that is not today's."""
    return f"{WEEKDAYS[day.weekday()]} {day_and_month(day, today)}"


def day_and_month(day: date, today: date) -> str:
    """ "9 Nov", or with its year when that is not today's."""
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def month(day: date, today: date) -> str:
    """ "Nov", or with its year when that is not today's."""
    words = MONTHS[day.month - 1]
    return words if day.year == today.year else f"{words} {day.year}"


def listed(names: Sequence[str]) -> str:
    """The latest three, and how many more there were: "9 Nov, 16 Nov, 23 Nov and 4 before"."""
    shown = ", ".join(names[-MOST_NAMED:])
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED} before"


def counted(number: int, noun: str) -> str:
    """ "1 week", "2 weeks"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
