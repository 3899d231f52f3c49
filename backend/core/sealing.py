"""Messages to a browser through its maker's push service: sealed so that only the browser reads them (RFC 8291, aes128gcm of
RFC 8188), and signed so that the service knows who sends (VAPID, RFC 8292).

The installation's key is the file named by SITEWARD_PUSH_KEY_FILE (PEM, PKCS #8, P-256), made when it is missing. It guards
nothing but the right to reach these browsers: when it is lost, they are switched on once more.
"""

import base64
import binascii
import contextlib
import json
import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from backend.core.problems import Problem
from backend.core.signing import keep_key

RECORD: Final = 4096  # bytes, the record size that is announced; a message is one record
TOKEN_SECONDS: Final = 12 * 3600  # a service refuses a token for longer than a day
POINT: Final = 65  # bytes of an uncompressed point
SECRET: Final = 16


def spelled(content: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def read(text: str) -> bytes:
    """The bytes of such base64. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as wrong:
        raise ValueError("That is not base64.") from wrong


def point_of(text: str) -> ec.EllipticCurvePublicKey:
    """A browser's public key, from base64. Raises ValueError for what is no point of the curve."""
    raw = read(text)
    if len(raw) != POINT:
        raise ValueError("A key has 65 bytes.")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def raw_point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key's 65 bytes."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256."""
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def sealed(
    said: bytes, key: str, secret: str, *, pad: int = 0, ours: ec.EllipticCurvePrivateKey | None = None, salt: bytes = b""
) -> bytes:
    """A message as only the browser with this key and secret (base64) reads it; padded to `pad` bytes.

    `ours` and `salt` are fresh for each message; tests alone give them. Raises ValueError for a key or secret that is none.
    """
    theirs, shared = point_of(key), read(secret)
    if len(shared) != SECRET:
        raise ValueError("A secret has 16 bytes.")
    ours, salt = ours or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    own = raw_point(ours.public_key())
    info = b"WebPush: info\x00" + raw_point(theirs) + own
    material = derived(shared, ours.exchange(ec.ECDH(), theirs), info, 32)
    content_key = derived(salt, material, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = derived(salt, material, b"Content-Encoding: nonce\x00", 12)
    record = AESGCM(content_key).encrypt(nonce, said + b"\x02" + bytes(max(0, pad - len(said))), None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(own)]) + own + record


def push_key() -> ec.EllipticCurvePrivateKey:
    """The installation's key for push, made when its file is not there. Raises Problem when it cannot be made or read."""
    path = Path(settings.PUSH_KEY_FILE)
    try:
        if not path.exists():
            with contextlib.suppress(FileExistsError):
                keep_key(path, ec.generate_private_key(ec.SECP256R1()))
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        detail = f"The key for messages to phones can be neither made nor read at {path}. Name a place by SITEWARD_PUSH_KEY_FILE."
        raise Problem("no_push_key", detail, status=503) from wrong
    if not isinstance(found, ec.EllipticCurvePrivateKey) or not isinstance(found.curve, ec.SECP256R1):
        raise Problem("no_push_key", f"The key at {path} is not a P-256 key.", status=503)
    return found


def public_push_key() -> str:
    """The public half as a browser wants it: 65 bytes, base64 for addresses."""
    return spelled(raw_point(push_key().public_key()))


def who_sends(address: str, subject: str, now: float) -> str:
    """The Authorization header by which a push service knows us. `subject`: mailto: or https: where we are reached."""
    parts, key = urlsplit(address), push_key()
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(now) + TOKEN_SECONDS, "sub": subject}
    halves = [spelled(json.dumps(each, separators=(",", ":")).encode()) for each in ({"typ": "JWT", "alg": "ES256"}, claims)]
    signed = ".".join(halves)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{spelled(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={spelled(raw_point(key.public_key()))}"
