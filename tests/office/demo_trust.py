"""The invented trust, small: two schools with their history."""

from backend.core.days import today
from backend.office.demo.loading import Loaded, load

SIZE = 720


class Silent:
    """Nobody to tell how far it has come."""

    def step(self, title: str, total: int) -> None:
        """A step begins."""

    def part(self) -> None:
        """A part is done."""


def load_small(**options) -> Loaded:
    """Load it: two schools, SIZE assets, always the same for a day."""
    return load(**{"schools": 2, "assets": SIZE, "seed": 7, "history": True, "today": today(), "tell": Silent(), **options})
