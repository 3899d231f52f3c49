"""Money as people type it, in pounds."""

from decimal import Decimal
from typing import Any

from django import forms


class PoundsField(forms.DecimalField):
    """An amount in pounds and pence, not below nought; "1,200.50" and "£1,200.50" are the same."""

    def __init__(self, *, label: str, most: int = 1_000_000, **more: Any) -> None:
        super().__init__(label=label, min_value=0, max_value=most, decimal_places=2, **more)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short"})

    def to_python(self, value: Any) -> Any:
        """The number, without the pound sign and the commas between thousands."""
        typed = value.strip().removeprefix("£").replace(",", "").replace(" ", "") if isinstance(value, str) else value
        return super().to_python(typed)


def pence(pounds: Decimal | None) -> int | None:
    """Pounds with at most two decimals as whole pence; None stays."""
    return None if pounds is None else int(pounds * 100)
