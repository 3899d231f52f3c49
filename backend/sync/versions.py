"""Versions of the field app: which are too old to go on with. An old app can always push."""

import re
from typing import Final

PROTOCOL: Final = "1"
MINIMUM_APP: Final = "0.1.0"


def is_old(app: str) -> bool:
    """Whether the app that says it is version `app` ("1.4.0") should be updated; one that says nothing clear is left alone."""
    found = re.match(r"(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?", app)
    return found is not None and tuple(int(part or 0) for part in found.groups()) < tuple(map(int, MINIMUM_APP.split(".")))
