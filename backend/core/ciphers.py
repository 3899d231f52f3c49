"""Texts kept encrypted in the database: keys made from the signing key, one for each purpose."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def keys_for(purpose: str) -> MultiFernet:
    """The keys of a purpose ("siteward bank account "). What was kept under a signing key that was since replaced
    (SECRET_KEY_FALLBACKS) can still be read; new texts are kept under the newest."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = (hashlib.sha256(purpose.encode() + force_bytes(each)).digest() for each in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in made])
