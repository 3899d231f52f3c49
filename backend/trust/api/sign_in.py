"""A token for an e-mail and a password; and giving it back."""

from typing import Any

from django.contrib.auth import authenticate
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.bodies import Body
from backend.core.api.resources import Address
from backend.core.problems import Problem
from backend.trust import factors
from backend.trust.models import Person, Token
from backend.trust.signin import count_try
from backend.trust.tokens import TokenAuthentication, asker, issue, revoke


class Credentials(Body):
    """Who signs in."""

    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class TokenShape(serializers.Serializer[Any]):
    """A token: shown once, sent as `Authorization: Bearer …`."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class SignIn(Address):
    """Sign in for a program."""

    authentication_classes = [TokenAuthentication]

    def get_authenticators(self) -> list[Any]:
        """Signing in asks for nothing that went before: an old token beside it is not looked at."""
        return [] if self.request and self.request.method == "POST" else super().get_authenticators()

    def get_permissions(self) -> list[Any]:
        """Anybody may try to sign in; only the holder gives a token back."""
        return [permissions.IsAuthenticated()] if self.request.method == "DELETE" else [permissions.AllowAny()]

    @extend_schema(request=Credentials, responses=TokenShape, auth=[])
    def post(self, request: Request) -> Response:
        """Sign in with e-mail and password: a token that stands for a session, for 30 days.

        403 `second_factor` for an account with a second step: make a token on the pages instead. At most 60 tries a minute
        from one address; then 429 with Retry-After.
        """
        sent = self.body(Credentials)
        count_try(request._request, sent["email"])
        person = authenticate(request._request, email=sent["email"], password=sent["password"])
        if person is None:
            raise Problem("not_signed_in", "That e-mail and password do not go together.", status=401)
        assert isinstance(person, Person)
        if factors.is_set_up(person):
            detail = (
                "This account asks for a second step, which a program cannot take. Sign in on Siteward's pages and make an "
                "access token under Your account."
            )
            raise Problem("second_factor", detail, status=403)
        factors.require(person)
        token, expires = issue(person, name="Signed in by a program")
        return Response({"token": token, "expires_at": expires})

    @extend_schema(request=None, responses={204: OpenApiResponse(description="The token no longer works.")})
    def delete(self, request: Request) -> Response:
        """Give the token back: it stops working at once."""
        if isinstance(request.auth, Token):
            revoke(request.auth, person=asker(request))
        return Response(status=204)
