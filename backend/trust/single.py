"""Single sign-on: Microsoft, Google or any OpenID Connect provider says who somebody is; only people who are here come in.

django-allauth talks to the provider (state, PKCE, tokens). Nobody is ever added here: an address that is not known, not
verified, or belongs to somebody who has left, is turned away, all with the same words.
"""

import logging
from typing import Any, Final

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from backend.core.days import today
from backend.trust.models import Person
from backend.trust.second_step import go_on

log = logging.getLogger(__name__)
TURNED_AWAY: Final = "/sign-in/?single=refused"


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Where allauth hands over: the provider has answered, and nobody is signed in yet."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Sign the person in, or turn them away. Always raises ImmediateHttpResponse: allauth's own ways in are not used."""
        app = next(
            (each for each in settings.SINGLE_SIGN_ON if each["provider_id"] == sociallogin.provider.app.provider_id), None
        )
        email = trusted_email(sociallogin.account.extra_data, app["settings"]["domains"]) if app else ""
        person = Person.objects.filter(email__iexact=email, is_active=True).first() if email else None
        if app is None or person is None or not person.has_access(today()):
            log.warning("single sign-on by %s was turned away", sociallogin.account.provider)
            raise ImmediateHttpResponse(HttpResponseRedirect(TURNED_AWAY))
        onward = str(sociallogin.state.get("next") or "/")
        safe = onward.startswith("/") and url_has_allowed_host_and_scheme(onward, {request.get_host()})
        proved = bool(app["settings"]["second_factor"])
        raise ImmediateHttpResponse(go_on(request, person, onward if safe else "/", second_step_done=proved))

    def on_authentication_error(self, request: HttpRequest, *_what: Any, **_more: Any) -> None:
        """The provider refused, or somebody came back without having gone there."""
        log.warning("single sign-on failed")
        raise ImmediateHttpResponse(HttpResponseRedirect(TURNED_AWAY))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody adds themselves."""
        return False


def trusted_email(said: dict[str, Any], domains: list[str]) -> str:
    """The e-mail address that the provider vouches for; empty when it does not.

    Where `domains` are configured the address must be in one of them, and the provider, being the trust's own, is believed
    without saying that it verified it. Elsewhere it must say so. `said` holds "userinfo" and, or, "id_token".
    """
    token, info = said.get("id_token") or {}, said.get("userinfo") or {}
    if token and info and token.get("sub") != info.get("sub"):
        return ""  # OpenID Connect Core 5.3.2: then the two do not speak of the same person
    claims = {**token, **info}
    email = claims.get("email")
    if not isinstance(email, str) or email.count("@") != 1:
        return ""
    verified = claims.get("email_verified")
    if verified is not None and verified not in (True, "true"):
        return ""
    domain = email.rpartition("@")[2].lower()
    if domains:
        return email if domain in domains else ""
    return email if verified in (True, "true") else ""
