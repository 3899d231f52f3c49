"""The secrets by which receivers know that a delivery is ours: worked out from the server's key, kept nowhere, shown once.

A database or a backup alone signs nothing. When the server's key was changed, the old one may stay in the settings for a while;
after that a webhook whose secret is of the old key is told apart by its mark, and needs a new one.
"""

import hashlib
import hmac
import secrets
from typing import Final

from django.conf import settings

from backend.office.models import Webhook

PURPOSE: Final = b"siteward.webhook.secret "


def fresh() -> tuple[str, str, str]:
    """A new secret: its salt and mark, which are kept, and itself, to be shown once."""
    salt = secrets.token_hex(32)
    secret = worked_out(settings.SECRET_KEY, salt)
    return salt, marked(secret), secret


def worked_out(key: str, salt: str) -> str:
    """The secret of a salt: 256 bits, as text."""
    return "whsec_" + hmac.new(key.encode(), PURPOSE + salt.encode(), hashlib.sha256).hexdigest()


def marked(secret: str) -> str:
    """What shows later whether this is the secret: too little to guess it by."""
    return hashlib.sha256(b"mark " + secret.encode()).hexdigest()[:16]


def secret_of(webhook: Webhook) -> str | None:
    """A webhook's secret; None when it was made under a key that this server no longer has."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if marked(secret := worked_out(key, webhook.salt)) == webhook.mark:
            return secret
    return None


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What the header Siteward-Signature says: HMAC-SHA256, in hex, of the timestamp (seconds since 1970), a dot and the body."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1={signed.hexdigest()}"
