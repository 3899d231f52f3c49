"""Takes personal data and secrets out of what leaves for logs and error reports: e-mails, tokens, and the rows that a database
error quotes. A second line of defence: nothing logs bodies in the first place.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

EMAIL: Final = re.compile(r"[^\s@\"'<>()=,;:]{1,64}@[^\s@\"'<>()=,;:]{1,255}\.\w{1,30}")  # bounded: a log line may be hostile
BEARER: Final = re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=-]{8,}")
PASSWORD_IN_URL: Final = re.compile(r"(\w{1,20}://[^\s:/@]{0,200}):[^\s@]{1,500}@")
ROWS: Final = re.compile(r"DETAIL:.*?(?=\n\nThe above|\n\nDuring handling|\nCONTEXT:|\Z)", re.DOTALL)
TOKEN: Final = re.compile(r"\b(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{40,}")
NEVER: Final = frozenset(
    {"password", "token", "authorization", "cookie", "cookies", "body", "data", "email", "session", "secret", "name", "headers"}
)
"""Names under which nothing is passed on, whatever it is."""
LONGEST: Final = 20_000  # characters: a runaway message is cut


def clean(text: str) -> str:
    """The text without e-mail addresses, tokens, passwords in addresses, and the rows that PostgreSQL quotes after DETAIL."""
    if len(text) > LONGEST:
        text = text[:LONGEST] + " … (cut)"
    text = ROWS.sub("DETAIL: [rows removed]", text)
    text = PASSWORD_IN_URL.sub(r"\1:[removed]@", text)
    text = EMAIL.sub("[e-mail removed]", text)
    return TOKEN.sub("[token removed]", BEARER.sub(r"\1 [removed]", text))


def cleaned(value: Any, depth: int = 0) -> Any:
    """The same through dicts and lists; what stands under a name of NEVER is removed whole."""
    if isinstance(value, str):
        return clean(value)
    if depth > 8:
        return "[removed]"
    if isinstance(value, Mapping):
        return {
            key: "[removed]" if str(key).lower() in NEVER and each else cleaned(each, depth + 1) for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [cleaned(each, depth + 1) for each in value]
    return value if isinstance(value, int | float | bool | None) else clean(str(value))
