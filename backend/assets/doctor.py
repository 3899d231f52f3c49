"""What may be wrong with labels."""

import datetime as dt
import re
from typing import Final

from django.conf import settings

from backend.core.doctor import Check, Finding, fine

MOST: Final = 12  # characters: a longer host makes the code's squares too small to scan from a ladder
HOST: Final = re.compile(r"^[A-Z0-9][A-Z0-9.-]*\.[A-Z]{2,}$")


def label_host(_now: dt.datetime) -> Finding:
    """The host that is printed on labels is short, and one of one's own."""
    host = settings.LABEL_HOST
    if len(host) > MOST or not HOST.match(host):
        mend = f"Set SITEWARD_LABEL_HOST to a host name of at most {MOST} characters that leads here, such as Q.TRUST.UK."
        return Finding("wrong", f"“{host}” cannot be printed on labels.", mend)
    if host.endswith(".DEMO") and not settings.DEMO:
        mend = "Set SITEWARD_LABEL_HOST before printing labels: a printed label cannot be changed."
        return Finding("wrong", f"Labels would carry {host}, which exists nowhere.", mend)
    return fine(f"Labels carry {host}.")


CHECKS = [Check("label-host", "The host on labels", label_host, needs_database=False)]
