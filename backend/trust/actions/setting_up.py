"""The first start: a code from the terminal, with which somebody makes the trust and becomes its first person."""

import datetime as dt
import secrets
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.core.days import today
from backend.core.problems import Problem
from backend.trust.actions.accounts import sound_password
from backend.trust.actions.acting import System
from backend.trust.actions.people import add_person, appoint
from backend.trust.actions.places import add_trust
from backend.trust.models import Person, SetUpCode, Trust
from backend.trust.tokens import hashed

LASTS: Final = dt.timedelta(hours=24)
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, OF = 3, 4
FIRST_ROLES: Final = ("administrator", "estates-lead")
SETTING_UP: Final = System("Setting up")
WRONG: Final = "This is not the code, or it is older than a day. Have a new one printed: python manage.py person setup-code"


@transaction.atomic
def issue_code() -> str:
    """A fresh code, good for a day; the ones before stop working. Raises Problem when there is a trust already."""
    if Trust.objects.exists():
        raise Problem("trust_exists", "There is a trust here already. Its administrators invite people.", status=409)
    now = timezone.now()
    SetUpCode.objects.all().delete()
    code = "".join(secrets.choice(LETTERS) for _ in range(GROUPS * OF))
    SetUpCode.objects.create(hash=hashed(code), made_at=now, expires_at=now + LASTS)
    return "-".join(code[start : start + OF] for start in range(0, len(code), OF))


def plain_code(text: str) -> str:
    """A code as it is compared: what was typed without dashes, and with letters for figures taken back."""
    kept = "".join(each for each in text.upper() if each.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


@transaction.atomic
def set_up(*, code: str, trust_name: str, uid: str, name: str, email: str, password: str) -> Person:
    """Make the trust and its first person, who is administrator and estates lead. The code works no more. Raises Problem."""
    found = SetUpCode.objects.select_for_update().filter(hash=hashed(plain_code(code)), expires_at__gt=timezone.now()).first()
    if found is None:
        fields = {"code": WRONG}
        try:  # all that is wrong is said at once
            sound_password(password, Person(name=name, email=email))
        except Problem as problem:
            fields |= problem.fields
        raise Problem("code", "That is not the code.", status=403, fields=fields)
    add_trust(name=trust_name, uid=uid.strip(), actor=SETTING_UP)
    sound_password(password, Person(name=name, email=email))
    person = add_person(email=email, name=name, password=password, actor=SETTING_UP)
    for role in FIRST_ROLES:
        appoint(person=person, role=role, actor=SETTING_UP, starts_on=today())
    SetUpCode.objects.all().delete()
    return person
