"""The installation's signature (Ed25519) under reports, exports and published heads.

The key is the file named by SITEWARD_SIGNING_KEY_FILE (PEM, PKCS #8); in demo mode one is made once under var/. A signature
shows that a paper came from this installation and was not changed since; it does not show that what it says is true.
"""

import base64
import contextlib
import json
import os
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from backend.core.problems import Problem

KEY_LENGTH: Final = 32


def make_key(path: Path) -> None:
    """Make a new key in a file that only its owner can read. Raises FileExistsError: a key is never overwritten."""
    keep_key(path, Ed25519PrivateKey.generate())


def keep_key(path: Path, key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> None:
    """Keep a private key in a file that only its owner can read. Raises FileExistsError: a key is never overwritten."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(made, path)  # whole or not at all, and only one of two that make it at once
    finally:
        made.unlink()


def key() -> Ed25519PrivateKey:
    """The installation's key. Raises Problem when there is none or its file holds something else."""
    path = Path(settings.SIGNING_KEY_FILE)
    if settings.DEMO and not path.exists():
        with contextlib.suppress(FileExistsError):
            make_key(path)
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        detail = (
            f"There is no signing key at {path} that can be read: {wrong}. Make one with `manage.py heads key FILE`, keep a copy "
            "of it apart, and name it by SITEWARD_SIGNING_KEY_FILE."
        )
        raise Problem("no_signing_key", detail, status=500) from wrong
    if not isinstance(found, Ed25519PrivateKey):
        raise Problem("no_signing_key", f"The key at {path} is not an Ed25519 key.", status=500)
    return found


def public_key() -> str:
    """The public half: 32 bytes, base64. Whoever is to check signatures needs it from somewhere else than the paper itself."""
    raw = key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def sign(content: bytes) -> str:
    """The signature of the content: 64 bytes, base64."""
    return base64.b64encode(key().sign(content)).decode()


def verifies(public: str, signature: str, content: bytes) -> bool:
    """Whether the signature was made over the content by the holder of that public key (both base64)."""
    try:
        given = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        given.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def spelled(said: dict[str, Any]) -> bytes:
    """The spelling of a paper that is signed: JSON with sorted keys and no spaces, UTF-8, without its signature.

    Papers hold text, whole numbers, yes and no only, so that every language spells them alike.
    """
    bare = {name: value for name, value in said.items() if name != "signature"}
    return json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(said: dict[str, Any]) -> dict[str, Any]:
    """The paper with our public key and our signature. Raises Problem when there is no key."""
    with_key = {**said, "public_key": public_key()}
    return {**with_key, "signature": sign(spelled(with_key))}


def is_signed(said: dict[str, Any]) -> bool:
    """Whether a paper bears a good signature by the key that it names."""
    return verifies(str(said.get("public_key", "")), str(said.get("signature", "")), spelled(said))
