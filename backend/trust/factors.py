"""The second step of signing in: who needs one and from when, and whether a code or a passkey is right.

The secrets and the arithmetic are django-allauth's; what they are used for, and when, is here.
"""

import datetime as dt
import hashlib
import hmac
import json
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import MultiFernet
from django.conf import settings
from django.db import transaction

from backend.core.ciphers import keys_for
from backend.core.days import today
from backend.core.problems import Problem
from backend.trust.models import Person
from backend.trust.permits import ROLES

Kind = Authenticator.Type
PROVES: Final = (Kind.TOTP, Kind.WEBAUTHN)
"""What counts as a second step; recovery codes only stand in for one that is lost."""


MOVING: Final = frozenset({"counter", "used_mask", "viewed_at"})
"""What changes in a second step's data as it is used: the last code's number, which recovery codes are spent."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks of us: secrets are kept encrypted under the signing key, and we are called Siteward."""

    def encrypt(self, text: str) -> str:
        """A secret as it is kept."""
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it is used; also one kept under a signing key that was since replaced (SECRET_KEY_FALLBACKS)."""
        return keys().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return "Siteward"


def keys() -> MultiFernet:
    """The encryption keys, made from the signing keys."""
    return keys_for("siteward second factor ")


def asked_of(person: Person) -> bool:
    """Whether a role that the person holds today asks for a second step; in demo mode none does. No query of its own."""
    if settings.DEMO:
        return False
    further = settings.SECOND_FACTOR_ROLES
    roles = {each.role for each in person.appointments_on(today())}
    return any(ROLES[role].second_factor or role in further or "all" in further for role in roles)


def last_day_without(person: Person) -> dt.date | None:
    """The last day on which the person may go without the second step that their role asks for; None when nothing is missing.

    Counted from the first request after the role was given, and written down then, once.
    """
    if person.has_second_factor or not asked_of(person):
        return None
    if person.second_factor_by is None:
        person.second_factor_by = today() + dt.timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS - 1)
        Person.objects.filter(pk=person.pk, second_factor_by=None).update(second_factor_by=person.second_factor_by)
    return person.second_factor_by


def overdue(person: Person) -> bool:
    """Whether nothing else may be done before the second step is set up."""
    last = last_day_without(person)
    return last is not None and today() > last


def require(person: Person) -> None:
    """Raises Problem (403) while the second step is overdue."""
    if overdue(person):
        detail = "Your role asks for a second step when signing in. Sign in on Siteward's pages and set it up first."
        raise Problem("second_factor_needed", detail, status=403)


def covered(kept: Any) -> str:
    """What the audit chain covers of a second step's secret: SHA-256 (hex) of what does not change as it is used."""
    fixed = {name: value for name, value in kept.data.items() if name not in MOVING}
    return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()


def is_set_up(person: Person) -> bool:
    """Whether signing in takes a second step. The factors themselves are asked; the person's column is a copy of that for lists,
    and never enough to let somebody in: when the two differ (`verify` tells), the second step is asked for."""
    return person.has_second_factor or Authenticator.objects.filter(user=person, type__in=PROVES).exists()


def factors_of(person: Person) -> list[Authenticator]:
    """The person's apps and passkeys, oldest first."""
    return list(Authenticator.objects.filter(user=person, type__in=PROVES).order_by("created_at"))


def codes_left(person: Person) -> int:
    """How many recovery codes are not used yet."""
    kept = Authenticator.objects.filter(user=person, type=Kind.RECOVERY_CODES).first()
    return len(kept.wrap().get_unused_codes()) if kept else 0


@transaction.atomic
def code_is_right(person: Person, code: str) -> bool:
    """Whether this is the app's code of this moment, not used before, or an unused recovery code; it is used up then."""
    digits = "".join(code.split()).replace("-", "")
    rows = Authenticator.objects.select_for_update().filter(user=person, type__in=[Kind.TOTP, Kind.RECOVERY_CODES])
    for kept in rows:
        if kept.type == Kind.TOTP and app_code_is_right(kept, digits):
            kept.record_usage()
            return True
        if kept.type == Kind.RECOVERY_CODES and kept.wrap().validate_code(digits):
            Authenticator.objects.get(pk=kept.pk).record_usage()
            return True
    return False


def app_code_is_right(kept: Authenticator, code: str) -> bool:
    """Whether an app's code fits now (30 s to either side) and is later than the last one used."""
    counter = matching_counter(Adapter().decrypt(kept.data["secret"]), code)
    if counter is None or counter <= kept.data.get("counter", 0):
        return False
    kept.data["counter"] = counter
    kept.save(update_fields=["data"])
    return True


def matching_counter(secret: str, code: str) -> int | None:
    """The 30-second step, near now, whose code this is; None when it is none's."""
    from allauth.mfa.totp.internal import auth

    for counter in auth.yield_hotp_counters_from_time():
        if hmac.compare_digest(auth.format_hotp_value(auth.hotp_value(secret, counter)).encode(), code.encode()):
            return int(counter)
    return None


def passkey_question(person: Person) -> dict[str, Any]:
    """What the browser is asked, for one of the person's passkeys. Kept in the session until it answers."""
    from allauth.mfa.webauthn.internal import auth

    return dict(auth.begin_authentication(person))


def passkey_is_right(person: Person, answer: Any) -> bool:
    """Whether a browser's answer to passkey_question is right. Any answer at all may be given."""
    from allauth.mfa.webauthn.internal import auth
    from django.core.exceptions import ValidationError

    try:
        kept = auth.complete_authentication(person, answer)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return False
    kept.record_usage()
    return True
