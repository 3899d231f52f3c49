"""A phone's signature: ECDSA on P-256 with SHA-256, over the raw bytes of what it sends."""

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from backend.core.problems import Problem

RAW_LENGTH = 64  # r and s, 32 bytes each: the form that browsers make
LONGEST_KEY = 400


@lru_cache(maxsize=512)
def public_key(spki: str) -> ec.EllipticCurvePublicKey:
    """The key in base64 SPKI form. Raises Problem when it is no P-256 key."""
    refused = Problem("bad_key", "That is not a P-256 public key.", fields={"public_key": "Send it as SPKI in base64."})
    try:
        key = load_der_public_key(base64.b64decode(spki, validate=True))
    except (ValueError, UnsupportedAlgorithm, binascii.Error):
        raise refused from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise refused
    return key


def verifies(spki: str, signature: str, content: bytes) -> bool:
    """Whether a base64 signature (raw r and s as browsers make it, or DER) over `content` was made with the key's other half."""
    try:
        given = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return False
    forms = [given]
    if len(given) == RAW_LENGTH:
        forms.insert(0, encode_dss_signature(int.from_bytes(given[:32], "big"), int.from_bytes(given[32:], "big")))
    return any(_matches(spki, each, content) for each in forms)


def _matches(spki: str, der: bytes, content: bytes) -> bool:
    try:
        public_key(spki).verify(der, content, ec.ECDSA(SHA256()))
    except (InvalidSignature, Problem):
        return False
    return True
