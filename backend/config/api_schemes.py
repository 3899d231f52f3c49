"""How the OpenAPI document describes the ways of saying who asks. Imported where it is made, for its registrations."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A token."""

    target_class = "backend.trust.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """OpenAPI's security scheme."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The browser's session."""

    target_class = "backend.trust.tokens.SessionSignIn"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """OpenAPI's security scheme."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class SignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Token, session, or a phone's signature over the body."""

    target_class = "backend.sync.api.asking.SignatureExcuses"
    name = "signature"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """OpenAPI's security scheme."""
        return {"type": "apiKey", "in": "header", "name": "X-Device-Signature"}

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """Any one of the three."""
        return [{name: []} for name in ("token", "session", "signature")]
