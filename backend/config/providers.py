"""Single sign-on by configuration: which providers people may sign in with, read from the environment.

Microsoft:  SITEWARD_MICROSOFT_TENANT, _CLIENT_ID, _SECRET, _DOMAINS
Google:     SITEWARD_GOOGLE_CLIENT_ID, _SECRET (_DOMAINS)
any other:  SITEWARD_OIDC_URL, _CLIENT_ID, _SECRET (_NAME, _DOMAINS)

A secret may stand in a file instead, named by …_SECRET_FILE. `…_SECOND_FACTOR=true` says that the provider asks for a second
step itself, so that Siteward does not ask again.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import environ


@dataclass(frozen=True, slots=True)
class Known:
    """A provider by its key in addresses: the prefix of its settings and what people call it."""

    key: str
    prefix: str
    name: str


MICROSOFT: Final = Known("microsoft", "SITEWARD_MICROSOFT", "Microsoft")
GOOGLE: Final = Known("google", "SITEWARD_GOOGLE", "Google")
OTHER: Final = Known("oidc", "SITEWARD_OIDC", "single sign-on")
TENANT: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def providers(env: environ.Env, secret: Callable[[str], str], *, demo: bool) -> list[dict[str, Any]]:
    """django-allauth's description of each provider that is configured. Exits, saying what to mend, for one half configured."""
    found = []
    for known in (MICROSOFT, GOOGLE, OTHER):
        client_id = env.str(f"{known.prefix}_CLIENT_ID", default="")
        if not client_id:
            continue
        domains = [each.strip().lower() for each in env.list(f"{known.prefix}_DOMAINS", default=[])]
        found.append(
            {
                "provider_id": known.key,
                "name": env.str(f"{known.prefix}_NAME", default=known.name),
                "client_id": client_id,
                "secret": secret(f"{known.prefix}_SECRET"),
                "settings": {
                    "server_url": server_url(known, env, domains, demo=demo),
                    "domains": domains,
                    "second_factor": env.bool(f"{known.prefix}_SECOND_FACTOR", default=False),
                },
            }
        )
    return found


def server_url(known: Known, env: environ.Env, domains: list[str], *, demo: bool) -> str:
    """Where the provider describes itself. Exits when it cannot be relied on."""
    if known is GOOGLE:
        return "https://accounts.google.com"
    if known is MICROSOFT:
        tenant = env.str("SITEWARD_MICROSOFT_TENANT", default="")
        if not TENANT.fullmatch(tenant):
            sys.exit("Set SITEWARD_MICROSOFT_TENANT to your trust's own tenant id: any other tenant could claim your addresses.")
        if not domains:
            sys.exit(
                "Set SITEWARD_MICROSOFT_DOMAINS to your trust's e-mail domains: Microsoft does not say that it verified one."
            )
        return f"https://login.microsoftonline.com/{tenant}/v2.0"
    url = env.str("SITEWARD_OIDC_URL", default="")
    if urlsplit(url).scheme != "https" and not (demo and urlsplit(url).scheme == "http"):
        sys.exit("Set SITEWARD_OIDC_URL to the https address of your sign-in provider.")
    return str(url)
