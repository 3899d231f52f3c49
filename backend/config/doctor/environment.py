"""What may be wrong with the settings: secrets, host names, HTTPS, demo mode."""

import datetime as dt
import os
from pathlib import Path
from typing import Final

from django.conf import settings

from backend.core.doctor import Check, Finding, fine

SHORTEST_KEY: Final = 50  # characters
FEWEST_KINDS: Final = 10  # different characters: "aaaa…" is no key


def secret_key(_now: dt.datetime) -> Finding:
    """The signing key is long and random, and no other user of this machine can read its file."""
    key = settings.SECRET_KEY
    mend = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(60))', into the file of SITEWARD_SECRET_KEY_FILE."
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_KINDS:
        return Finding("wrong", f"The secret key is too easy to guess ({len(key)} characters).", mend)
    named = os.environ.get("SITEWARD_SECRET_KEY_FILE") or str(settings.VAR / "secret-key")
    if Path(named).exists() and Path(named).stat().st_mode & 0o004:
        return Finding("warning", f"Everybody on this machine may read {named}.", f"chmod o-r {named}")
    return fine("The secret key is long and random.")


def demo_mode(_now: dt.datetime) -> Finding:
    """Demo mode and debug pages are off where they must be."""
    if settings.DEBUG:
        return Finding("wrong", "Debug pages are on: a fault would show settings and data.", "Unset SITEWARD_DEBUG and restart.")
    if settings.DEMO:
        mend = "For real work set SITEWARD_DEMO=false: in demo mode the accounts' password is known to everybody."
        return Finding("warning", "Demo mode is on.", mend)
    return fine("Demo mode and debug pages are off.")


def hosts(_now: dt.datetime) -> Finding:
    """The names under which people come here are given."""
    if settings.DEMO:
        return fine("In demo mode every host name is answered.")
    if not settings.ALLOWED_HOSTS:
        return Finding("wrong", "No host name is given, so every page is refused.", "Set SITEWARD_HOSTS=estates.example.org")
    if "*" in settings.ALLOWED_HOSTS:
        return Finding("wrong", "Every host name is answered, so links in mails can be forged.", "Name yours in SITEWARD_HOSTS.")
    origins = settings.CSRF_TRUSTED_ORIGINS
    plain = [each for each in origins if not each.startswith("https://")]
    if plain:
        return Finding("wrong", f"An origin is not HTTPS: {', '.join(plain)}.", "Write it with https:// in SITEWARD_ORIGINS.")
    if not origins and not settings.SECURE_PROXY_SSL_HEADER:
        mend = "Set SITEWARD_ORIGINS=https://… or, behind a proxy, SITEWARD_BEHIND_PROXY=true. Forms would be refused."
        return Finding("warning", "No origin is given.", mend)
    return fine(f"People come in by {', '.join(settings.ALLOWED_HOSTS)}.")


def https(_now: dt.datetime) -> Finding:
    """Nothing travels unencrypted."""
    if settings.DEMO:
        return fine("In demo mode HTTPS is not required.")
    loose = [
        name
        for name, safe in (
            ("session cookie", settings.SESSION_COOKIE_SECURE),
            ("form cookie", settings.CSRF_COOKIE_SECURE),
            ("redirection to HTTPS", settings.SECURE_SSL_REDIRECT),
            ("HSTS", settings.SECURE_HSTS_SECONDS >= 31_536_000),
        )
        if not safe
    ]
    if loose:
        mend = "Unset SITEWARD_SECURE_COOKIES and SITEWARD_HTTPS_ONLY: the defaults outside demo mode are right."
        return Finding("wrong", f"Not kept to HTTPS: {', '.join(loose)}.", mend)
    return fine("Cookies and pages are kept to HTTPS.")


def metrics_guarded(_now: dt.datetime) -> Finding:
    """The figures' token, when there is one, cannot be guessed."""
    token = settings.METRICS_TOKEN
    if token and len(token) < 20:
        return Finding("wrong", "The token for /metrics is too short to be secret.", "Use 20 or more random characters.")
    return fine("Figures are read with a token." if token else "Figures are read on this machine only.")


CHECKS = [
    Check("secret-key", "The secret key", secret_key, needs_database=False),
    Check("demo", "Demo mode", demo_mode, needs_database=False),
    Check("hosts", "Host names", hosts, needs_database=False),
    Check("https", "HTTPS", https, needs_database=False),
    Check("metrics", "Figures for monitoring", metrics_guarded, needs_database=False),
]
