"""The short forms of plan pages."""

import datetime as dt
from typing import Any

from django import forms

from backend.core.days import today
from backend.rules.due import Unit

UNITS = [(each.value, f"{each.value}s") for each in Unit]


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def words_field(label: str, longest: int = 1000, **more: Any) -> forms.CharField:
    """A few words."""
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 3}), **more)


class ReasonForm(forms.Form):
    """Why."""

    reason = words_field("Why", 300, help_text="It is kept, and an inspector may read it.")


class PauseForm(forms.Form):
    """From when to when, and why."""

    first = day_field("First day")
    last = day_field("Last day, if known", required=False, help_text="Without one it is paused until somebody lets it go on.")
    reason = words_field("Why", 250)


class OnForm(forms.Form):
    """From when on."""

    on = day_field("From")


class OutForm(forms.Form):
    """Since when and why an asset is out of service."""

    on = day_field("Out of service since")
    reason = words_field("Why", 300)


class IntervalForm(forms.Form):
    """How often, and why."""

    every = forms.IntegerField(label="Every", min_value=1, max_value=1000)
    unit = forms.ChoiceField(label="Days, weeks, months, terms or years", choices=UNITS)
    reason = words_field("Why", 250, help_text="What your risk assessment says. It is kept with the check.")


class PlanForm(forms.Form):
    """Which check, and from when."""

    check = forms.ChoiceField(label="Which check")
    last_done = day_field("Last done, if known", required=False, help_text="Then it is due as long after that as the law says.")
    starts_on = day_field("Otherwise due from", required=False)
    reason = words_field("Why it is planned here", 250)

    def __init__(self, data: Any = None, *, kinds: list[tuple[str, str]], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["check"].choices = kinds  # type: ignore[attr-defined]


def near(day: dt.date | None) -> dt.date:
    """The day meant: today unless said."""
    return day or today()
