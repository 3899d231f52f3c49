"""Passwords: which are too easy to guess, whether one is right, and what the audit chain holds of them.

Easy to guess are long ones too: a common one with figures after it, a row of keys, one's own name.
"""

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

if TYPE_CHECKING:
    from backend.trust.models import Person

LEAST_DIFFERENT: Final = 6
REPEATED: Final = re.compile(r"(.+?)\1+")
ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "siteward")
LEAST_BESIDE: Final = 6  # characters that are neither the person's name nor their address
EASY: Final = (
    "This is long, but among the first that are tried: it is a common password or a row of keys, lengthened or repeated."
)


class EasyToGuess:
    """Refuses a common password with figures and signs around it, a repetition, a row of keys, and the person's own name."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        plain = password.lower().strip()
        word = re.sub(r"[\W\d_]+", "", plain)
        once = REPEATED.fullmatch(plain)
        few = len(set(plain)) < LEAST_DIFFERENT or plain.isdigit()
        common = word in self.common or word in ROWS or (once and once[1] in self.common)
        if few or common or once or any(plain in row * 2 or plain in row[::-1] * 2 for row in ROWS):
            raise ValidationError(EASY, code="easy_to_guess")
        if len(without(plain, user)) < LEAST_BESIDE:
            raise ValidationError("This is little more than your name or your e-mail address.", code="own_name")

    def get_help_text(self) -> str:
        """What Django shows beside a form."""
        return EASY


def without(password: str, user: Any) -> str:
    """The password but for the words of the person's name and e-mail address, and signs."""
    said = f"{getattr(user, 'name', '')} {getattr(user, 'email', '')}".lower()
    for word in sorted({word for word in re.split(r"[\W_]+", said) if len(word) > 2}, key=len, reverse=True):
        password = password.replace(word, "")
    return re.sub(r"[\W_]+", "", password)


def covered(person: Any) -> str:
    """What the audit chain covers of a person's password: SHA-256 (hex) of its salted hash as it is kept.

    The chain puts a salt of its own before it (core.Salt). A hash that was exchanged is found; of the password nothing is told.
    """
    return hashlib.sha256(str(person.password).encode()).hexdigest()


def is_right(person: "Person", password: str) -> bool:
    """Whether it is the person's password. One that was hashed by weaker rules than today's is hashed anew, and entered."""
    right, outdated = verify_password(password, person.password)
    if right and outdated:
        hash_anew(person, password)
    return right


@transaction.atomic
def hash_anew(person: "Person", password: str) -> None:
    """Keep the same password under today's hashing; not when another was set meanwhile."""
    from backend.core import audit
    from backend.trust.evidence import PEOPLE
    from backend.trust.models import Person

    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.password == person.password:
        row.password = make_password(password)
        row.save(update_fields=["password"])
        audit.append([PEOPLE.fact(row, None, "Password hashing", kind="password-hashed-anew")])
        person.password = row.password
