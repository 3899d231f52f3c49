"""HTTPS on the local network for trying the field app on a real phone: cameras and service workers need a secure address.

A certificate authority is made on the spot under var/phone/ and signs one certificate for this machine's addresses. A phone
that trusts the authority trusts this demo; the page at /phone/ says how, and how to take the trust back.
"""

import datetime as dt
import io
import ipaddress
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from qrcode.main import QRCode

from backend.config.phone import AUTHORITY, FOLDER

LASTS = dt.timedelta(days=90)  # phones refuse certificates that last very long


def certificate_for(address: str) -> tuple[Path, Path]:
    """The certificate and key files for this address, made when they are missing, old or for another address."""
    certificate, key = FOLDER / f"{address}.crt", FOLDER / f"{address}.key"
    if certificate.exists() and fresh(certificate):
        _own, authority = x509.load_pem_x509_certificates(certificate.read_bytes())
        AUTHORITY.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        return certificate, key
    FOLDER.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now(dt.UTC)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = named("Siteward demo, this computer only")
    authority = (
        builder(authority_name, authority_name, authority_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signing_only(), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    own_key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.IPAddress(ipaddress.ip_address(address)),
        ]
    )
    issued = (
        builder(named(address), authority_name, own_key.public_key(), now)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    AUTHORITY.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    certificate.write_bytes(issued.public_bytes(serialization.Encoding.PEM) + AUTHORITY.read_bytes())
    key.touch(mode=0o600)
    key.write_bytes(
        own_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, key


def fresh(certificate: Path) -> bool:
    """Whether a certificate file is good for another week."""
    held = x509.load_pem_x509_certificate(certificate.read_bytes())
    return held.not_valid_after_utc > dt.datetime.now(dt.UTC) + dt.timedelta(days=7)


def named(common: str) -> x509.Name:
    """A certificate's name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def signing_only() -> x509.KeyUsage:
    """The authority's key signs certificates and nothing else."""
    return x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime) -> x509.CertificateBuilder:
    """What both certificates have in common."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + LASTS)
    )


def terminal_code(text: str) -> str:
    """A QR code drawn with half blocks, for a terminal."""
    code: Any = QRCode(border=2)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue()
